package io.nstack.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON from bytes that are known to be UTF-8, strictly and without any conversion.
 *
 * <p>A line feed must stand behind the last byte, which ends whatever is cut, and {@link #PADDING} bytes of anything behind that, so
 * that eight bytes can be looked at everywhere. A line feed is no white space here: no frame holds one.
 *
 * <p>Methods that read a value of a type throw {@link Misfit} where they find another one, perhaps with the place lost and before they have
 * seen that it is no JSON at all: the caller then goes back to its beginning and calls {@link #skip}, which throws {@link Malformed} for
 * whatever is none.
 */
public final class JsonReader {
    public static final int PADDING = 16;
    public static final int INTEGER_DIGITS = 1000;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    public byte[] bytes;
    /** The next byte to be read. */
    public int position;
    /** How many arrays and objects the value being read stands in, and how many are allowed. */
    public int depth;
    public int depthLimit = 256;
    private byte[] open = new byte[64];

    /** Begins to read at a position. */
    public JsonReader at(byte[] source, int start) {
        bytes = source;
        position = start;
        depth = 0;
        return this;
    }

    /** The first byte of what comes next, white space apart; it is not read. */
    public int peek() {
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

    /** Reads one byte, if it comes next. */
    public boolean take(char wanted) {
        if (peek() != wanted) return false;
        position++;
        return true;
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

    /** Reads the name of a field and its colon. Its place among the names, looked for from {@code guess} on; -1 for an unknown one. */
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

    private void literal(String word) {
        for (int index = 0; index < word.length(); index++) {
            if (bytes[position + index] != word.charAt(index)) throw new Malformed("no JSON: a word that is none");
        }
        position += word.length();
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
        if (count == 0 || count > 18 || (source[start] == '0' && count > 1) || isFraction(source[at])) return longInteger();
        position = at;
        return negative ? -value : value;
    }

    private long longInteger() {
        BigInteger value = bigInteger();
        if (value.bitLength() > 63) throw new Misfit("it does not fit long");
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
        if (count > INTEGER_DIGITS + (first == '-' ? 1 : 0)) throw new Misfit("an Integer has up to 1,000 digits");
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
        // Both are exact as doubles, and so one division rounds rightly (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990).
        if (digits <= 18 && value < 1L << 53 && scale <= 22 && (source[at] | 0x20) != 'e') {
            position = at;
            double result = value / POWERS[scale];
            return first == '-' ? -result : result;
        }
        skipNumber();
        double result = Double.parseDouble(latin(start, position - start));
        if (Double.isInfinite(result)) throw new Misfit("it does not fit Double");
        return result;
    }

    private static boolean isFraction(int next) {
        return next == '.' || next == 'e' || next == 'E';
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
        while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\')) at++;
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
            while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\')) at++;
        }
    }

    /** Reads an escape; one of a high surrogate with that of its low one. */
    private int escape() {
        if (bytes[position] != '\\') throw new Malformed("no JSON: a text with a raw control character, or without its end");
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
                if (Character.isHighSurrogate(unit) && bytes[position] == '\\' && bytes[position + 1] == 'u') {
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

    /** Skips one value, whatever it is. Answers how deep it nests. Throws {@link Malformed} where it is no JSON; any depth will do. */
    public int skip() {
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
                if (next != open[inside - 1] + 2) throw new Malformed("no JSON: an array or object without its end");
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
            while (source[at] < 0 || (source[at] >= ' ' && source[at] != '"' && source[at] != '\\')) at++;
            position = at;
            if (source[at] == '"') break;
            escape();
            at = position;
        }
        position++;
    }

    /** Skips a number; whether it has neither fraction nor exponent. */
    private boolean skipNumber() {
        byte[] source = bytes;
        int at = position;
        if (source[at] == '-') at++;
        int digits = skipDigits(at);
        if (digits == at || (source[at] == '0' && digits > at + 1)) throw new Malformed("no JSON: neither a value nor a number");
        at = digits;
        boolean whole = !isFraction(source[at]);
        if (source[at] == '.') {
            digits = skipDigits(++at);
            if (digits == at) throw new Malformed("no JSON: a number without digits after its point");
            at = digits;
        }
        if (source[at] == 'e' || source[at] == 'E') {
            at++;
            if (source[at] == '+' || source[at] == '-') at++;
            digits = skipDigits(at);
            if (digits == at) throw new Malformed("no JSON: a number without digits in its exponent");
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
    public boolean isInteger() {
        int start = position;
        boolean whole = skipNumber();
        position = start;
        return whole;
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
