package io.nstack.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON into a buffer that grows and is used again. Throws {@link Misfit} for what has no
 * JSON.
 */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] TENS = new byte[100];
    private static final byte[] UNITS = new byte[100];

    /** By character of ASCII: what follows the backslash, 0 for none, 1 for a \\u escape. */
    private static final byte[] ESCAPES = new byte[128];

    static {
        for (int index = 0; index < 100; index++) {
            TENS[index] = (byte) ('0' + index / 10);
            UNITS[index] = (byte) ('0' + index % 10);
        }
        Arrays.fill(ESCAPES, 0, 32, (byte) 1);
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES['\t'] = 't';
        ESCAPES['\b'] = 'b';
        ESCAPES['\f'] = 'f';
    }

    public byte[] bytes;

    /** How many bytes are written. */
    public int length;

    /** How many arrays and objects what is being written stands in, and how many are allowed. */
    public int depth;

    public int depthLimit = 256;

    public JsonWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** Makes room for so many bytes more. */
    private byte[] room(int count) {
        if (bytes.length - length < count) grow(count);
        return bytes;
    }

    private void grow(int count) {
        bytes =
                Arrays.copyOf(
                        bytes,
                        Math.max(
                                Math.addExact(length, count),
                                (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
    }

    /** Goes into an array or object. */
    public void enter(char bracket) {
        if (++depth > depthLimit)
            throw new Misfit("it is nested deeper than " + depthLimit + ", or holds itself");
        put(bracket);
    }

    public void leave(char bracket) {
        depth--;
        put(bracket);
    }

    public void put(char one) {
        room(1)[length++] = (byte) one;
    }

    public void raw(byte[] source) {
        raw(source, 0, source.length);
    }

    public void raw(byte[] source, int start, int count) {
        System.arraycopy(source, start, room(count), length, count);
        length += count;
    }

    /** Text of ASCII as it stands. */
    public void raw(String ascii) {
        int count = ascii.length();
        byte[] target = room(count);
        for (int index = 0; index < count; index++)
            target[length + index] = (byte) ascii.charAt(index);
        length += count;
    }

    public void nothing() {
        raw("null");
    }

    public void bool(boolean value) {
        raw(value ? "true" : "false");
    }

    public void integer(long value) {
        byte[] target = room(20);
        int at = length;
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                raw("-9223372036854775808");
                return;
            }
            target[at++] = '-';
            value = -value;
        }
        int end = at + digits(value);
        length = end;
        while (value >= 100) {
            int pair = (int) (value % 100);
            value /= 100;
            target[--end] = UNITS[pair];
            target[--end] = TENS[pair];
        }
        target[--end] = UNITS[(int) value];
        if (value >= 10) target[--end] = TENS[(int) value];
    }

    private static int digits(long value) {
        int count = 1;
        for (long limit = 10; count < 19 && value >= limit; limit *= 10) count++;
        return count;
    }

    public void integer(BigInteger value) {
        String text = value.bitLength() > 3400 ? null : value.toString();
        if (text == null
                || text.length() > JsonReader.INTEGER_DIGITS + (value.signum() < 0 ? 1 : 0))
            throw new Misfit("an Integer has up to 1,000 digits");
        raw(text);
    }

    /** The shortest text that reads as the same Double. */
    public void number(double value) {
        if (!Double.isFinite(value)) throw new Misfit(value + " has no JSON");
        double size = Math.abs(value);
        // A whole number of thousandths that gives the very same double back: the division rounds
        // rightly, since both sides are exact.
        double scaled = size * 1000;
        long thousandths = (long) scaled;
        if (thousandths < 1L << 52 && thousandths / 1000.0 != size)
            thousandths = (long) (scaled + 0.5);
        if (thousandths >= 1L << 52 || thousandths / 1000.0 != size) {
            raw(Double.toString(value));
            return;
        }
        if (Double.doubleToRawLongBits(value) < 0) put('-');
        integer(thousandths / 1000);
        int rest = (int) (thousandths % 1000);
        byte[] target = room(4);
        target[length++] = '.';
        target[length++] = (byte) ('0' + rest / 100);
        if (rest % 100 == 0) return;
        target[length++] = UNITS[rest / 10 % 10];
        if (rest % 10 != 0) target[length++] = UNITS[rest % 10];
    }

    public void number(float value) {
        if (!Float.isFinite(value)) throw new Misfit(value + " has no JSON");
        raw(Float.toString(value));
    }

    public void text(String text) {
        int count = text.length();
        byte[] target = room(count + 2);
        int at = length;
        target[at++] = '"';
        for (int index = 0; index < count; index++) {
            char unit = text.charAt(index);
            if (unit >= 128 || ESCAPES[unit] != 0) {
                length = at;
                restOfText(text, index);
                return;
            }
            target[at++] = (byte) unit;
        }
        target[at++] = '"';
        length = at;
    }

    private void restOfText(String text, int index) {
        int count = text.length();
        for (; index < count; index++) {
            char unit = text.charAt(index);
            byte[] target = room(6);
            if (unit < 128) {
                int escape = ESCAPES[unit];
                if (escape == 0) {
                    target[length++] = (byte) unit;
                    continue;
                }
                target[length++] = '\\';
                if (escape == 1) {
                    raw("u00");
                    hex(unit);
                } else {
                    target[length++] = (byte) escape;
                }
            } else if (unit < 0x800) {
                target[length++] = (byte) (0xc0 | unit >> 6);
                target[length++] = (byte) (0x80 | unit & 0x3f);
            } else if (!Character.isSurrogate(unit)) {
                target[length++] = (byte) (0xe0 | unit >> 12);
                target[length++] = (byte) (0x80 | unit >> 6 & 0x3f);
                target[length++] = (byte) (0x80 | unit & 0x3f);
            } else {
                int point = text.codePointAt(index++);
                if (point <= 0xffff) throw new Misfit("a lone surrogate has no JSON");
                target[length++] = (byte) (0xf0 | point >> 18);
                target[length++] = (byte) (0x80 | point >> 12 & 0x3f);
                target[length++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[length++] = (byte) (0x80 | point & 0x3f);
            }
        }
        put('"');
    }

    private void hex(int value) {
        byte[] target = room(2);
        target[length++] = HEX[value >> 4];
        target[length++] = HEX[value & 15];
    }

    /** What is written, as text. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
