package io.nstack;

import io.nstack.bridge.Notifications;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code Log.info("loaded", "rows", 120)}: a message with fields, names and values by turns, which
 * may be any JSON.
 */
public final class Log {
    private Log() {}

    public static void debug(String message, Object... fields) {
        log("debug", message, fields);
    }

    public static void info(String message, Object... fields) {
        log("info", message, fields);
    }

    public static void warn(String message, Object... fields) {
        log("warn", message, fields);
    }

    public static void error(String message, Object... fields) {
        log("error", message, fields);
    }

    public static void critical(String message, Object... fields) {
        log("critical", message, fields);
    }

    /**
     * @param level debug, info, warn, error or critical
     */
    public static void log(String level, String message, Map<String, ?> fields) {
        Notifications.log(level, message, fields);
    }

    private static void log(String level, String message, Object[] fields) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int index = 0; index < fields.length; index += 2)
            named.put(
                    String.valueOf(fields[index]),
                    index + 1 < fields.length ? fields[index + 1] : null);
        Notifications.log(level, message, named);
    }
}
