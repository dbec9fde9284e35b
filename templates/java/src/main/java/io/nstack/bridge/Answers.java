package io.nstack.bridge;

import io.nstack.json.JsonWriter;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How answers are written: JSON-RPC 2.0, as docs/bridge-protocol.md has it. */
final class Answers {
    /** What a request and an answer begin with, before their id. */
    static final byte[] HEAD =
            "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.ISO_8859_1);

    private Answers() {}

    static void begin(JsonWriter out, long id) {
        out.raw(HEAD);
        out.integer(id);
    }

    /**
     * Writes an answer in place of all that {@code out} holds; the id is {@link Envelope#NONE}
     * where that of the request cannot be read.
     */
    static JsonWriter error(JsonWriter out, long id, RpcError error) {
        out.length = 0;
        out.depth = 0;
        out.raw(HEAD);
        if (id == Envelope.NONE) out.nothing();
        else out.integer(id);
        out.raw(",\"error\":");
        error.write(out);
        out.put('}');
        return out;
    }

    /**
     * The member {@code failed} of a block's result: errors by the index of their message, briefly
     * where they would be more than an answer may hold.
     */
    static void failed(JsonWriter out, Map<Integer, RpcError> failed) {
        int start = out.length;
        failed(out, failed, false);
        if (out.length - start <= Limits.FAILED) return;
        out.length = start;
        failed(out, failed, true);
    }

    private static void failed(JsonWriter out, Map<Integer, RpcError> failed, boolean briefly) {
        out.depth = 0;
        String before = ",\"failed\":[{\"index\":";
        for (Map.Entry<Integer, RpcError> one : failed.entrySet()) {
            out.raw(before);
            out.integer(one.getKey());
            out.raw(",\"error\":");
            if (briefly) one.getValue().writeBriefly(out);
            else one.getValue().write(out);
            out.put('}');
            before = ",{\"index\":";
        }
        out.put(']');
    }
}
