package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The codecs of optional types. A null stands for none in every one of them. */
final class Optionals {
    private Optionals() {}

    abstract static class Any extends Codec {
        final Codec item;

        Any(Codec item) {
            this.item = item;
        }

        @Override
        public final Object read(JsonReader in) {
            if (!in.isNull()) return some(in);
            in.readNull();
            return absent();
        }

        abstract Object some(JsonReader in);

        @Override
        public final boolean isOptional() {
            return true;
        }

        @Override
        public final void describe(JsonWriter out) {
            out.raw("{\"anyOf\":[");
            item.describe(out);
            out.raw(",{\"type\":\"null\"}]}");
        }
    }

    static final class OptionalCodec extends Any {
        OptionalCodec(Codec item) {
            super(item);
        }

        @Override
        Object some(JsonReader in) {
            return Optional.ofNullable(item.read(in));
        }

        @Override
        public Object absent() {
            return Optional.empty();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value == null || ((Optional<?>) value).isEmpty()) out.nothing();
            else item.write(out, ((Optional<?>) value).get());
        }
    }

    /** What is marked Nullable. */
    static final class NullableCodec extends Any {
        NullableCodec(Codec item) {
            super(item);
        }

        @Override
        Object some(JsonReader in) {
            return item.read(in);
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value == null) out.nothing();
            else item.write(out, value);
        }
    }

    static final class OptionalLongCodec extends Any {
        OptionalLongCodec(Codec item) {
            super(item);
        }

        @Override
        Object some(JsonReader in) {
            return OptionalLong.of((Long) item.read(in));
        }

        @Override
        public Object absent() {
            return OptionalLong.empty();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value == null || ((OptionalLong) value).isEmpty()) out.nothing();
            else out.integer(((OptionalLong) value).getAsLong());
        }
    }

    static final class OptionalIntCodec extends Any {
        OptionalIntCodec(Codec item) {
            super(item);
        }

        @Override
        Object some(JsonReader in) {
            return OptionalInt.of((Integer) item.read(in));
        }

        @Override
        public Object absent() {
            return OptionalInt.empty();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value == null || ((OptionalInt) value).isEmpty()) out.nothing();
            else out.integer(((OptionalInt) value).getAsInt());
        }
    }

    static final class OptionalDoubleCodec extends Any {
        OptionalDoubleCodec(Codec item) {
            super(item);
        }

        @Override
        Object some(JsonReader in) {
            return OptionalDouble.of((Double) item.read(in));
        }

        @Override
        public Object absent() {
            return OptionalDouble.empty();
        }

        @Override
        public void write(JsonWriter out, Object value) {
            if (value == null || ((OptionalDouble) value).isEmpty()) out.nothing();
            else out.number(((OptionalDouble) value).getAsDouble());
        }
    }
}
