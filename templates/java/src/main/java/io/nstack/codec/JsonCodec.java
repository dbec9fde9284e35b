package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;
import io.nstack.json.Times;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Json: maps and lists that may be changed, String, Long or BigInteger, Double, Boolean, null. */
public final class JsonCodec extends Codec {
    private final Codecs codecs;

    JsonCodec(Codecs codecs) {
        this.codecs = codecs;
    }

    @Override
    public Object read(JsonReader in) {
        return readAny(in);
    }

    /** Any JSON value as Java's own types. */
    public static Object readAny(JsonReader in) {
        switch (in.peek()) {
            case '{':
                Map<String, Object> members = new LinkedHashMap<>();
                in.enter('{', "an object");
                if (in.ends('}')) return members;
                do readMember(in, members);
                while (in.more('}'));
                return members;
            case '[':
                List<Object> values = new ArrayList<>();
                in.enter('[', "a list");
                if (in.ends(']')) return values;
                do values.add(readAny(in));
                while (in.more(']'));
                return values;
            case '"':
                return in.text();
            case 't', 'f':
                return in.bool();
            case 'n':
                in.readNull();
                return null;
            default:
                if (!in.isInteger()) return in.number();
                BigInteger value = in.bigInteger();
                if (value.bitLength() > 63) return value;
                return value.longValue();
        }
    }

    private static void readMember(JsonReader in, Map<String, Object> members) {
        String key = in.key();
        try {
            members.put(key, readAny(in));
        } catch (Misfit misfit) {
            throw misfit.inside("." + key);
        }
    }

    @Override
    public void write(JsonWriter out, Object value) {
        if (value == null) out.nothing();
        else if (value instanceof String text) out.text(text);
        else if (value instanceof Number number) writeNumber(out, number);
        else if (value instanceof Boolean truth) out.bool(truth);
        else if (value instanceof Map<?, ?> map) writeMap(out, map);
        else if (value instanceof Iterable<?> values) writeAll(out, values);
        else writeOther(out, value);
    }

    private static void writeNumber(JsonWriter out, Number number) {
        if (number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte) out.integer(number.longValue());
        else if (number instanceof BigInteger big) out.integer(big);
        else if (number instanceof Double one) out.number((double) one);
        else if (number instanceof Float one) out.number((float) one);
        else throw unknown(number);
    }

    private void writeMap(JsonWriter out, Map<?, ?> map) {
        boolean first = true;
        out.enter('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) out.put(',');
            first = false;
            out.text(key(entry.getKey()));
            out.put(':');
            write(out, entry.getValue());
        }
        out.leave('}');
    }

    static String key(Object key) {
        if (key instanceof String text) return text;
        throw new Misfit(
                "the keys of an object are Text, not "
                        + (key == null ? "null" : key.getClass().getSimpleName()));
    }

    private void writeAll(JsonWriter out, Iterable<?> values) {
        boolean first = true;
        out.enter('[');
        for (Object value : values) {
            if (!first) out.put(',');
            first = false;
            write(out, value);
        }
        out.leave(']');
    }

    private void writeOther(JsonWriter out, Object value) {
        if (value instanceof Optional<?> optional) {
            write(out, optional.orElse(null));
        } else if (value instanceof byte[] bytes) {
            out.put('"');
            out.raw(Base64.getEncoder().encode(bytes));
            out.put('"');
        } else if (value instanceof Instant instant) {
            Times.write(out, instant);
        } else if (value instanceof OffsetDateTime time) {
            Times.write(out, time);
        } else if (value.getClass().isArray()) {
            int count = Array.getLength(value);
            out.enter('[');
            for (int index = 0; index < count; index++) {
                if (index > 0) out.put(',');
                write(out, Array.get(value, index));
            }
            out.leave(']');
        } else if (value instanceof Record && codecs != null) {
            codecs.of(value.getClass()).write(out, value);
        } else {
            throw unknown(value);
        }
    }

    private static Misfit unknown(Object value) {
        return new Misfit("a " + value.getClass().getName() + " has no JSON");
    }

    @Override
    public void describe(JsonWriter out) {
        out.raw("{}");
    }
}
