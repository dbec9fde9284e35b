package io.nstack.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes at a time. A set bit 7 in a mask marks its byte; the lowest mark is always
 * right, those above it may not be.
 */
public final class Words {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    public static final long HIGH = 0x8080808080808080L;
    private static final long QUOTES = 0x22 * ONES;
    private static final long BACKSLASHES = 0x5c * ONES;
    private static final long SPACES = 0x20 * ONES;
    private static final long LINE_FEEDS = 0x0a * ONES;

    private Words() {}

    /** Eight bytes from {@code at}, the first one lowest. There must be so many. */
    public static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /**
     * Marks the bytes that end a run of plain ASCII in a JSON text: quotes, backslashes, control
     * characters and all beyond ASCII.
     */
    static long special(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        return (((quotes - ONES) & ~quotes)
                        | ((backslashes - ONES) & ~backslashes)
                        | (word - SPACES)
                        | word)
                & HIGH;
    }

    public static long lineFeeds(long word) {
        long found = word ^ LINE_FEEDS;
        return (found - ONES) & ~found & HIGH;
    }

    /** How many bytes stand before the first mark. */
    public static int first(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }
}
