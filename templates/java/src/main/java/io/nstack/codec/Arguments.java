package io.nstack.codec;

import io.nstack.json.JsonReader;

import java.lang.reflect.Method;

/** What the bridge needs of the arguments of a call. */
public final class Arguments {
    private Arguments() {}

    /** Reads an array of exactly these values into the slots from {@code from} on. */
    public static void read(
            JsonReader in, Codec[] codecs, long[] numbers, Object[] objects, int from) {
        Records.readTuple(in, codecs, numbers, objects, from);
    }

    /**
     * @param ordinal the method's place among those of its class
     */
    public static FunctionAccess access(Accessors accessors, Method method, int ordinal) {
        return accessors.ofFunction(method, ordinal);
    }
}
