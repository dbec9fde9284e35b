package io.nstack;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of the service's {@code config} parameters, set before its code is loaded: String,
 * Long or BigInteger, Double, Boolean, List, Map, null.
 */
public final class Parameters {
    private static volatile Map<String, Object> values = Map.of();

    private Parameters() {}

    public static Map<String, Object> all() {
        return values;
    }

    /** Null where there is none of that name. */
    public static Object get(String name) {
        return values.get(name);
    }

    /** Throws IllegalArgumentException where it is no Text. */
    public static String text(String name) {
        return of(name, String.class, "Text");
    }

    /** Throws IllegalArgumentException where it is no Integer that fits a long. */
    public static long integer(String name) {
        return of(name, Long.class, "Integer");
    }

    /** Throws IllegalArgumentException where it is no number. */
    public static double number(String name) {
        return of(name, Number.class, "Double").doubleValue();
    }

    /** Throws IllegalArgumentException where it is no Boolean. */
    public static boolean bool(String name) {
        return of(name, Boolean.class, "Boolean");
    }

    private static <T> T of(String name, Class<T> kind, String word) {
        Object value = values.get(name);
        if (kind.isInstance(value)) return kind.cast(value);
        throw new IllegalArgumentException("parameter " + name + " is no " + word + ": " + value);
    }

    /** For the shim and for unit tests. */
    public static void set(Map<String, ?> parameters) {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
