package io.nstack.bridge;

/**
 * How an exception of user code is told: as Java prints it, without the frames of the shim below
 * the author's first one.
 */
final class Stacks {
    private static final int MOST_CAUSES = 8;

    private Stacks() {}

    /** {@code java.lang.IllegalStateException: no such flight}. */
    static String headline(Throwable error) {
        String message;
        try {
            message = error.getLocalizedMessage();
        } catch (Throwable inItsText) {
            message = "its text cannot be told";
        }
        return message == null
                ? error.getClass().getName()
                : error.getClass().getName() + ": " + message;
    }

    /**
     * @param whole keeps the shim's own frames
     */
    static String of(Throwable error, boolean whole) {
        StringBuilder text = new StringBuilder();
        String before = "";
        for (int causes = 0;
                error != null && causes < MOST_CAUSES;
                causes++, before = "Caused by: ") {
            text.append(before).append(headline(error));
            StackTraceElement[] frames = error.getStackTrace();
            int count = whole ? frames.length : authorsFrames(frames);
            for (int index = 0; index < count; index++)
                text.append("\n\tat ").append(frames[index]);
            text.append('\n');
            Throwable cause = error.getCause();
            error = cause == error ? null : cause;
        }
        return text.toString();
    }

    /**
     * How many frames stand before the shim's call of the author's code; below that is the shim,
     * and in a unit test what has called it.
     */
    private static int authorsFrames(StackTraceElement[] frames) {
        int count = frames.length;
        while (count > 0 && !isOwn(frames[count - 1].getClassName())) count--;
        if (count == 0) return frames.length;
        while (count > 0
                && (isOwn(frames[count - 1].getClassName())
                        || isReflection(frames[count - 1].getClassName()))) count--;
        return count;
    }

    private static boolean isOwn(String name) {
        return name.startsWith("io.nstack.bridge.")
                || name.startsWith("io.nstack.codec.")
                || name.startsWith("io.nstack.testing.")
                || name.contains("$nstack");
    }

    private static boolean isReflection(String name) {
        return name.startsWith("java.lang.reflect.")
                || name.startsWith("jdk.internal.reflect.")
                || name.startsWith("java.lang.invoke.");
    }

    /**
     * The beginning and the end: of a stack, what was thrown and where it began. Lone surrogates
     * are told as escapes.
     */
    static String cut(String text, int limit) {
        if (text.length() > limit)
            text =
                    text.substring(0, limit / 2)
                            + "\n[...]\n"
                            + text.substring(text.length() - limit / 2);
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) return withoutLoneSurrogates(text);
        }
        return text;
    }

    static String withoutLoneSurrogates(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int index = 0; index < text.length(); ) {
            int point = text.codePointAt(index);
            if (point >= 0xd800 && point <= 0xdfff)
                safe.append("\\u").append(Integer.toHexString(point));
            else safe.appendCodePoint(point);
            index += Character.charCount(point);
        }
        return safe.toString();
    }
}
