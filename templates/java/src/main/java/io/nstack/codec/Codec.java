package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;

/**
 * Reads and writes the values of one type, and says what type it is.
 *
 * <p>Values travel in slots: {@code numbers} holds primitives (a double as its bits), {@code
 * objects} everything else, both at the same index, so that nothing is boxed on the way between
 * JSON and the author's code. Not for several threads at once.
 */
public abstract class Codec {
    /** Reads a value. Throws Misfit where another one stands there. */
    public abstract Object read(JsonReader in);

    /**
     * Writes a value, which came from user code and may be anything that Java's own types let
     * through. Throws Misfit.
     */
    public abstract void write(JsonWriter out, Object value);

    public void readInto(JsonReader in, long[] numbers, Object[] objects, int slot) {
        objects[slot] = read(in);
    }

    public void writeFrom(JsonWriter out, long[] numbers, Object[] objects, int slot) {
        write(out, objects[slot]);
    }

    /** Writes the type as a JSON Schema in the dialect of docs/bridge-protocol.md. */
    public abstract void describe(JsonWriter out);

    /** Whether a field of the type may be left out of an input. */
    public boolean isOptional() {
        return false;
    }

    /** The value of a field that was left out. */
    public Object absent() {
        return null;
    }
}
