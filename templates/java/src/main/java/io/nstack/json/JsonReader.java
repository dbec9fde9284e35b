package io.nstack.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON from bytes that are known to be UTF-8, strictly and without any conversion.
 *
 * <p>A line feed must stand behind the last byte, which ends whatever is cut, and {@link #PADDING}
 * bytes of anything behind that, so that eight bytes can be looked at everywhere. A line feed is no
 * white space here: no frame holds one.
 *
 * <p>Methods that read a value of a type throw {@link Misfit} where they find another one, perhaps
 * with the place lost and before they have seen that it is no JSON at all: the caller then goes
 * back to its beginning and calls {@link #skip}, which throws {@link Malformed} for whatever is
 * none.
 */
public final class JsonReader extends JsonSkipper {
    public static final int PADDING = 16;
    public static final int INTEGER_DIGITS = 1000;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    /** How many arrays and objects the value being read stands in, and how many are allowed. */
    public int depth;

    public int depthLimit = 256;

    /** Begins to read at a position. */
    public JsonReader at(byte[] source, int start) {
        bytes = source;
        position = start;
        depth = 0;
        return this;
    }

    /** Goes into an array or object. */
    public void enter(char bracket, String wanted) {
        if (peek() != bracket) throw expected(wanted);
        position++;
        if (++depth > depthLimit) throw new Misfit("it is nested deeper than " + depthLimit);
    }

    /** Whether the array or object ends before its first part. */
    public boolean ends(char bracket) {
        if (peek() != bracket) return false;
        position++;
        depth--;
        return true;
    }

    /** After a part: true where another one follows, false where the array or object has ended. */
    public boolean more(char bracket) {
        int next = peek();
        position++;
        if (next == ',') return true;
        if (next != bracket) throw new Misfit("no JSON");
        depth--;
        return false;
    }

    /** Skips one value that does not count, but for how deep it nests. */
    public void skipUncounted() {
        if (depth + skip() > depthLimit) throw new Misfit("it is nested deeper than " + depthLimit);
    }

    /**
     * Goes back to where a value begins that does not fit, and skips it: of a key that comes twice
     * the last one counts, also where the first does not fit.
     */
    public void skipMisfit(int start, int startDepth) {
        position = start;
        depth = startDepth;
        skipUncounted();
    }

    /**
     * Reads the name of a field and its colon. Its place among the names, looked for from {@code
     * guess} on; -1 for an unknown one.
     */
    public int field(FieldNames names, int guess) {
        if (peek() != '"') throw new Misfit("no JSON");
        byte[] source = bytes;
        int at = position + 1;
        int count = names.size();
        for (int tried = 0; tried < count; tried++, guess++) {
            if (guess >= count) guess = 0;
            int length = names.matches(guess, source, at);
            if (length > 0) {
                position = at + length;
                colon();
                return guess;
            }
        }
        return names.find(key());
    }

    /** Reads a key and its colon. */
    public String key() {
        String name = text();
        colon();
        return name;
    }

    private void colon() {
        if (bytes[position] == ':' || peek() == ':') position++;
        else throw new Misfit("no JSON");
    }

    public boolean isNull() {
        return peek() == 'n';
    }

    public void readNull() {
        if (peek() != 'n') throw expected("null");
        literal("null");
    }

    public boolean bool() {
        switch (peek()) {
            case 't':
                literal("true");
                return true;
            case 'f':
                literal("false");
                return false;
            default:
                throw expected("Boolean");
        }
    }

    /** An Integer that fits a long. */
    public long integer() {
        byte[] source = bytes;
        int first = peek();
        int at = position;
        boolean negative = first == '-';
        if (negative) at++;
        int start = at;
        long value = 0;
        int digit;
        while ((digit = source[at] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            at++;
        }
        int count = at - start;
        if (count == 0
                || count > 18
                || (source[start] == '0' && count > 1)
                || isFraction(source[at])) return longInteger();
        position = at;
        return negative ? -value : value;
    }

    private long longInteger() {
        BigInteger value = bigInteger();
        if (value.bitLength() > 63)
            throw new Misfit("expected Integer, found one that does not fit long");
        return value.longValue();
    }

    /** An Integer of up to 1,000 digits. */
    public BigInteger bigInteger() {
        int first = peek();
        if (first != '-' && (first < '0' || first > '9')) throw expected("Integer");
        int start = position;
        boolean whole = skipNumber();
        if (!whole) throw new Misfit("expected Integer, found Double");
        int count = position - start;
        if (count > INTEGER_DIGITS + (first == '-' ? 1 : 0))
            throw new Misfit("an Integer has up to 1,000 digits");
        return new BigInteger(latin(start, count));
    }

    /** A finite Double. */
    public double number() {
        byte[] source = bytes;
        int first = peek();
        if (first != '-' && (first < '0' || first > '9')) throw expected("Double");
        int start = position;
        int at = first == '-' ? start + 1 : start;
        int begin = at;
        long value = 0;
        int digit;
        while ((digit = source[at] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            at++;
        }
        int digits = at - begin;
        if (digits == 0 || (source[begin] == '0' && digits > 1)) throw new Misfit("no JSON");
        int scale = 0;
        if (source[at] == '.') {
            int point = ++at;
            while ((digit = source[at] - '0') >= 0 && digit <= 9) {
                value = value * 10 + digit;
                at++;
            }
            scale = at - point;
            if (scale == 0) throw new Misfit("no JSON");
            digits += scale;
        }
        // Both are exact as doubles, and so one division rounds rightly (W. D. Clinger, How to Read
        // Floating Point Numbers Accurately, 1990).
        if (digits <= 18 && value < 1L << 53 && scale <= 22 && (source[at] | 0x20) != 'e') {
            position = at;
            double result = value / POWERS[scale];
            return first == '-' ? -result : result;
        }
        skipNumber();
        double result = Double.parseDouble(latin(start, position - start));
        if (Double.isInfinite(result))
            throw new Misfit("expected Double, found one that does not fit 64 bits");
        return result;
    }

    private String latin(int start, int count) {
        return new String(bytes, start, count, StandardCharsets.ISO_8859_1);
    }

    /** A Text. */
    public String text() {
        if (peek() != '"') throw expected("Text");
        byte[] source = bytes;
        int start = position + 1;
        int at = start;
        long marks;
        while ((marks = Words.special(Words.at(source, at))) == 0) at += 8;
        at += Words.first(marks);
        if (source[at] == '"') {
            position = at + 1;
            return new String(source, start, at - start, StandardCharsets.ISO_8859_1);
        }
        return longText(start, at);
    }

    /** A text that is not plain ASCII up to its end. */
    private String longText(int start, int at) {
        byte[] source = bytes;
        while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\'))
            at++;
        if (source[at] == '"') {
            position = at + 1;
            return new String(source, start, at - start, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(at - start + 64);
        while (true) {
            text.append(new String(source, start, at - start, StandardCharsets.UTF_8));
            if (source[at] == '"') {
                position = at + 1;
                return text.toString();
            }
            position = at;
            text.appendCodePoint(escape());
            at = start = position;
            while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\'))
                at++;
        }
    }

    /** What is wrong with the value that comes next, where another one is wanted. */
    public Misfit expected(String wanted) {
        return new Misfit("expected " + wanted + ", found " + found());
    }

    private String found() {
        switch (peek()) {
            case '{':
                return "an object";
            case '[':
                return "a list";
            case '"':
                return "Text";
            case 't', 'f':
                return "Boolean";
            case 'n':
                return "null";
            default:
                return isInteger() ? "Integer" : "Double";
        }
    }
}
