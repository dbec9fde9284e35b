package io.nstack;

import io.nstack.bridge.Notifications;

import java.util.LinkedHashMap;
import java.util.Map;

/** Metrics of the service's own: {@code Metrics.report("cache_hits", 3, "tier", "1")}. */
public final class Metrics {
    private Metrics() {}

    /**
     * Reports one value.
     *
     * @param name up to 200 letters, digits and {@code _.:}, a letter or {@code _} first
     * @param labels names and texts by turns
     * @throws IllegalArgumentException for another name, and for NaN and infinities
     */
    public static void report(String name, double value, String... labels) {
        if (!Double.isFinite(value))
            throw new IllegalArgumentException("metric " + name + ": " + value + " is no value");
        if (!isName(name))
            throw new IllegalArgumentException(
                    "metric "
                            + name
                            + ": a name has up to 200 letters, digits and _.: and begins with a"
                            + " letter");
        Map<String, String> named = new LinkedHashMap<>();
        for (int index = 0; index + 1 < labels.length; index += 2)
            named.put(labels[index], labels[index + 1]);
        Notifications.metric(name, value, named);
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > 200) return false;
        for (int index = 0; index < name.length(); index++) {
            char sign = name.charAt(index);
            boolean letter =
                    (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') || sign == '_';
            boolean other = (sign >= '0' && sign <= '9') || sign == '.' || sign == ':';
            if (!letter && (index == 0 || !other)) return false;
        }
        return true;
    }
}
