package io.nstack.bridge;

import io.nstack.codec.Codec;
import io.nstack.codec.Codecs;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

import java.util.Map;

/**
 * Logs and metrics of a service: notifications to the hub, and text on stderr where no hub listens,
 * as in a unit test. From any thread.
 */
public final class Notifications {
    private static final int MESSAGE_LIMIT = 8_000;
    private static final int FIELD_LIMIT = 32;
    private static final int FIELD_DEPTH = 16;
    private static final int NAME_LIMIT = 200;
    private static volatile FrameWriter writer;

    private Notifications() {}

    /** Null: to stderr. */
    static void sendTo(FrameWriter frames) {
        writer = frames;
    }

    public static void log(String level, String message, Map<String, ?> fields) {
        if (writer == null) {
            System.err.println(
                    "log " + level + " " + message + (fields.isEmpty() ? "" : " " + fields));
            return;
        }
        JsonWriter out = begin("$/log");
        out.raw("\"level\":");
        out.text(level);
        out.raw(",\"message\":");
        out.text(Stacks.cut(String.valueOf(message), MESSAGE_LIMIT));
        out.raw(",\"fields\":{");
        int room = MESSAGE_LIMIT;
        int count = 0;
        Codec any = Codecs.ofAny();
        for (Map.Entry<String, ?> field : fields.entrySet()) {
            if (count == FIELD_LIMIT) break;
            if (count++ > 0) out.put(',');
            out.text(Stacks.cut(field.getKey(), NAME_LIMIT));
            out.put(':');
            int start = out.length;
            if (!wrote(out, any, field.getValue(), room))
                out.text(Stacks.cut(textOf(field.getValue()), Math.max(room, 16)));
            room = Math.max(0, room - (out.length - start));
        }
        out.put('}');
        end(out);
    }

    /** The value as it is, where it has a JSON and is small. */
    private static boolean wrote(JsonWriter out, Codec any, Object value, int room) {
        int start = out.length;
        out.depth = 0;
        out.depthLimit = FIELD_DEPTH;
        try {
            any.write(out, value);
            if (out.length - start <= room) return true;
        } catch (Misfit misfit) {
            // told as text
        }
        out.length = start;
        return false;
    }

    private static String textOf(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException inItsText) {
            return value.getClass().getName();
        }
    }

    public static void metric(String name, double value, Map<String, String> labels) {
        if (writer == null) {
            System.err.println(
                    "metric " + name + " " + value + (labels.isEmpty() ? "" : " " + labels));
            return;
        }
        JsonWriter out = begin("$/metric");
        out.raw("\"name\":");
        out.text(name);
        out.raw(",\"value\":");
        out.number(value);
        out.raw(",\"labels\":{");
        int count = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (count == FIELD_LIMIT) break;
            if (count++ > 0) out.put(',');
            out.text(Stacks.cut(label.getKey(), NAME_LIMIT));
            out.put(':');
            out.text(Stacks.cut(String.valueOf(label.getValue()), NAME_LIMIT));
        }
        out.put('}');
        end(out);
    }

    private static JsonWriter begin(String method) {
        JsonWriter out = new JsonWriter(512);
        out.raw("{\"jsonrpc\":\"2.0\",\"method\":\"");
        out.raw(method);
        out.raw("\",\"params\":{");
        return out;
    }

    private static void end(JsonWriter out) {
        out.raw("}}");
        FrameWriter frames = writer;
        if (frames == null) return;
        try {
            frames.write(out);
        } catch (FrameWriter.Gone gone) {
            // The loop sees it too, and user code need not.
        }
    }
}
