package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;
import io.nstack.json.Times;

import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;

/** The codecs of types that are not made of others. */
final class Scalars {
    private Scalars() {}

    /** Refuses null, which no scalar but an optional one may be. */
    static <T> T present(T value, String wanted) {
        if (value == null) throw new Misfit("expected " + wanted + ", found null");
        return value;
    }

    abstract static class Scalar extends Codec {
        private final String schema;

        Scalar(String schema) {
            this.schema = schema;
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw(schema);
        }
    }

    /** A boxed type: an object in the slots. */
    static final class Boxed extends Codec {
        private final Codec primitive;

        Boxed(Codec primitive) {
            this.primitive = primitive;
        }

        @Override
        public Object read(JsonReader in) {
            return primitive.read(in);
        }

        @Override
        public void write(JsonWriter out, Object value) {
            primitive.write(out, value);
        }

        @Override
        public void describe(JsonWriter out) {
            primitive.describe(out);
        }
    }

    /** long, int, short and byte: whatever of them it is, it travels as a long. */
    static final class IntegerCodec extends Scalar {
        private final String name;
        private final long least;
        private final long most;

        IntegerCodec(String name, long least, long most) {
            super("{\"type\":\"integer\"}");
            this.name = name;
            this.least = least;
            this.most = most;
        }

        private long readLong(JsonReader in) {
            long value = in.integer();
            if (value < least || value > most)
                throw new Misfit("expected Integer, found one that does not fit " + name);
            return value;
        }

        @Override
        public void readInto(JsonReader in, long[] numbers, Object[] objects, int slot) {
            numbers[slot] = readLong(in);
        }

        @Override
        public void writeFrom(JsonWriter out, long[] numbers, Object[] objects, int slot) {
            out.integer(numbers[slot]);
        }

        @Override
        public Object read(JsonReader in) {
            long value = readLong(in);
            return switch (name) {
                case "int" -> (Object) (int) value;
                case "short" -> (Object) (short) value;
                case "byte" -> (Object) (byte) value;
                default -> (Object) value;
            };
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.integer(((Number) present(value, "Integer")).longValue());
        }
    }

    static final class BigIntegerCodec extends Scalar {
        BigIntegerCodec() {
            super("{\"type\":\"integer\"}");
        }

        @Override
        public Object read(JsonReader in) {
            return in.bigInteger();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.integer((BigInteger) present(value, "Integer"));
        }
    }

    static final class DoubleCodec extends Scalar {
        DoubleCodec() {
            super("{\"type\":\"number\"}");
        }

        @Override
        public void readInto(JsonReader in, long[] numbers, Object[] objects, int slot) {
            numbers[slot] = Double.doubleToRawLongBits(in.number());
        }

        @Override
        public void writeFrom(JsonWriter out, long[] numbers, Object[] objects, int slot) {
            out.number(Double.longBitsToDouble(numbers[slot]));
        }

        @Override
        public Object read(JsonReader in) {
            return in.number();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.number((double) (Double) present(value, "Double"));
        }
    }

    /**
     * A float travels as the double of the same value, and is written as the shortest text that
     * reads as the same float.
     */
    static final class FloatCodec extends Scalar {
        FloatCodec() {
            super("{\"type\":\"number\"}");
        }

        private float readFloat(JsonReader in) {
            float value = (float) in.number();
            if (Float.isInfinite(value))
                throw new Misfit("expected Double, found one that does not fit float");
            return value;
        }

        @Override
        public void readInto(JsonReader in, long[] numbers, Object[] objects, int slot) {
            numbers[slot] = Double.doubleToRawLongBits(readFloat(in));
        }

        @Override
        public void writeFrom(JsonWriter out, long[] numbers, Object[] objects, int slot) {
            out.number((float) Double.longBitsToDouble(numbers[slot]));
        }

        @Override
        public Object read(JsonReader in) {
            return readFloat(in);
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.number((float) (Float) present(value, "Double"));
        }
    }

    static final class BooleanCodec extends Scalar {
        BooleanCodec() {
            super("{\"type\":\"boolean\"}");
        }

        @Override
        public void readInto(JsonReader in, long[] numbers, Object[] objects, int slot) {
            numbers[slot] = in.bool() ? 1 : 0;
        }

        @Override
        public void writeFrom(JsonWriter out, long[] numbers, Object[] objects, int slot) {
            out.bool(numbers[slot] != 0);
        }

        @Override
        public Object read(JsonReader in) {
            return in.bool();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.bool((boolean) (Boolean) present(value, "Boolean"));
        }
    }

    static final class TextCodec extends Scalar {
        TextCodec() {
            super("{\"type\":\"string\"}");
        }

        @Override
        public Object read(JsonReader in) {
            return in.text();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.text((String) present(value, "Text"));
        }
    }

    /** byte[]: base64 with padding. */
    static final class BytesCodec extends Scalar {
        BytesCodec() {
            super("{\"type\":\"string\",\"contentEncoding\":\"base64\"}");
        }

        @Override
        public Object read(JsonReader in) {
            if (in.peek() != '"') throw in.expected("Bytes");
            String text = in.text();
            // Java's decoder takes text without its padding too, and bits that stand for nothing.
            if ((text.length() & 3) == 0 && hasNoStrayBits(text)) {
                try {
                    return Base64.getDecoder().decode(text);
                } catch (IllegalArgumentException error) {
                    // told below
                }
            }
            throw new Misfit("expected Bytes (base64 with padding), found Text");
        }

        /** Whether the last letter before the padding holds no bits that no byte has. */
        private static boolean hasNoStrayBits(String text) {
            if (!text.endsWith("=")) return true;
            boolean one = !text.endsWith("==");
            char last = text.charAt(text.length() - (one ? 2 : 3));
            return (one ? "AEIMQUYcgkosw048" : "AQgw").indexOf(last) >= 0;
        }

        @Override
        public void write(JsonWriter out, Object value) {
            out.put('"');
            out.raw(Base64.getEncoder().encode((byte[]) present(value, "Bytes")));
            out.put('"');
        }
    }

    static final class InstantCodec extends Scalar {
        InstantCodec() {
            super("{\"type\":\"string\",\"format\":\"date-time\"}");
        }

        @Override
        public Object read(JsonReader in) {
            return Times.readInstant(in);
        }

        @Override
        public void write(JsonWriter out, Object value) {
            Times.write(out, (Instant) present(value, "Timestamp"));
        }
    }

    /** Keeps the offset that an Instant loses. */
    static final class OffsetDateTimeCodec extends Scalar {
        OffsetDateTimeCodec() {
            super("{\"type\":\"string\",\"format\":\"date-time\"}");
        }

        @Override
        public Object read(JsonReader in) {
            return Times.readOffsetDateTime(in);
        }

        @Override
        public void write(JsonWriter out, Object value) {
            Times.write(out, (OffsetDateTime) present(value, "Timestamp"));
        }
    }

    /** void: null in JSON, nothing in the slots. */
    static final class UnitCodec extends Scalar {
        UnitCodec() {
            super("{\"type\":\"null\"}");
        }

        @Override
        public Object read(JsonReader in) {
            in.readNull();
            return null;
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value != null)
                throw new Misfit("expected (), found " + value.getClass().getSimpleName());
            out.nothing();
        }
    }
}
