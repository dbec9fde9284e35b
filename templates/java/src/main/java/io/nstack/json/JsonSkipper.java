package io.nstack.json;

import java.util.Arrays;

/**
 * A place in JSON, and the strict way past what stands there: throws {@link Malformed} for whatever
 * is no JSON, at any depth.
 */
abstract class JsonSkipper {
    public byte[] bytes;

    /** The next byte to be read. */
    public int position;

    private byte[] open = new byte[64];

    /** The first byte of what comes next, white space apart; it is not read. */
    public final int peek() {
        int next = bytes[position];
        return next > ' ' ? next : skipSpace();
    }

    private int skipSpace() {
        byte[] source = bytes;
        int at = position;
        while (source[at] == ' ' || source[at] == '\t' || source[at] == '\r') at++;
        position = at;
        return source[at];
    }

    /**
     * Skips one value, whatever it is. Answers how deep it nests. Throws {@link Malformed} where it
     * is no JSON; any depth will do.
     */
    public final int skip() {
        int inside = 0;
        int deepest = 0;
        while (true) {
            switch (peek()) {
                case '{', '[':
                    int bracket = bytes[position++];
                    deepest = Math.max(deepest, inside + 1);
                    if (peek() == bracket + 2) {
                        position++;
                        break;
                    }
                    if (inside == open.length) open = Arrays.copyOf(open, inside * 2);
                    open[inside++] = (byte) bracket;
                    if (bracket == '{') skipKey();
                    continue;
                case '"':
                    skipText();
                    break;
                case 't':
                    literal("true");
                    break;
                case 'f':
                    literal("false");
                    break;
                case 'n':
                    literal("null");
                    break;
                default:
                    skipNumber();
            }
            while (true) {
                if (inside == 0) return deepest;
                int next = peek();
                position++;
                if (next == ',') {
                    if (open[inside - 1] == '{') skipKey();
                    break;
                }
                if (next != open[inside - 1] + 2)
                    throw new Malformed("no JSON: an array or object without its end");
                inside--;
            }
        }
    }

    private void skipKey() {
        if (peek() != '"') throw new Malformed("no JSON: an object with a key that is no text");
        skipText();
        if (peek() != ':') throw new Malformed("no JSON: a key without its colon");
        position++;
    }

    private void skipText() {
        byte[] source = bytes;
        int at = position + 1;
        while (true) {
            while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\'))
                at++;
            position = at;
            if (source[at] == '"') break;
            escape();
            at = position;
        }
        position++;
    }

    /** Skips a number; whether it has neither fraction nor exponent. */
    final boolean skipNumber() {
        byte[] source = bytes;
        int at = position;
        if (source[at] == '-') at++;
        int digits = skipDigits(at);
        if (digits == at || (source[at] == '0' && digits > at + 1))
            throw new Malformed("no JSON: neither a value nor a number");
        at = digits;
        boolean whole = !isFraction(source[at]);
        if (source[at] == '.') {
            digits = skipDigits(++at);
            if (digits == at)
                throw new Malformed("no JSON: a number without digits after its point");
            at = digits;
        }
        if (source[at] == 'e' || source[at] == 'E') {
            at++;
            if (source[at] == '+' || source[at] == '-') at++;
            digits = skipDigits(at);
            if (digits == at)
                throw new Malformed("no JSON: a number without digits in its exponent");
            at = digits;
        }
        position = at;
        return whole;
    }

    private int skipDigits(int at) {
        while (bytes[at] >= '0' && bytes[at] <= '9') at++;
        return at;
    }

    /** Whether the number that comes next is an Integer. */
    public final boolean isInteger() {
        int start = position;
        boolean whole = skipNumber();
        position = start;
        return whole;
    }

    /** Reads an escape; one of a high surrogate with that of its low one. */
    final int escape() {
        if (bytes[position] != '\\')
            throw new Malformed("no JSON: a text with a raw control character, or without its end");
        int kind = bytes[position + 1];
        position += 2;
        switch (kind) {
            case '"', '\\', '/':
                return kind;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                char unit = hex();
                if (!Character.isSurrogate(unit)) return unit;
                if (Character.isHighSurrogate(unit)
                        && bytes[position] == '\\'
                        && bytes[position + 1] == 'u') {
                    position += 2;
                    char low = hex();
                    if (Character.isLowSurrogate(low)) return Character.toCodePoint(unit, low);
                }
                throw new Malformed("no JSON: a lone surrogate");
            default:
                throw new Malformed("no JSON: an unknown escape");
        }
    }

    private char hex() {
        int value = 0;
        for (int end = position + 4; position < end; position++) {
            int digit = bytes[position] < 0 ? -1 : Character.digit(bytes[position], 16);
            if (digit < 0) throw new Malformed("no JSON: an escape without four digits");
            value = value << 4 | digit;
        }
        return (char) value;
    }

    final void literal(String word) {
        for (int index = 0; index < word.length(); index++) {
            if (bytes[position + index] != word.charAt(index))
                throw new Malformed("no JSON: a word that is none");
        }
        position += word.length();
    }

    static boolean isFraction(int next) {
        return next == '.' || next == 'e' || next == 'E';
    }
}
