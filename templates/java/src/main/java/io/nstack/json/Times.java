package io.nstack.json;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Timestamps as RFC 3339 has them, with their offset: read to the microsecond, what is finer is
 * cut.
 */
public final class Times {
    private static final long DAY = 86_400;

    private Times() {}

    public static Instant readInstant(JsonReader in) {
        Parts parts = new Parts(text(in));
        return Instant.ofEpochSecond(
                parts.epochDay() * DAY + parts.secondOfDay() - parts.offset, parts.nanos);
    }

    public static OffsetDateTime readOffsetDateTime(JsonReader in) {
        Parts parts = new Parts(text(in));
        LocalDateTime local =
                LocalDateTime.ofEpochSecond(
                        parts.epochDay() * DAY + parts.secondOfDay(), parts.nanos, ZoneOffset.UTC);
        if (Math.abs(parts.offset) <= ZoneOffset.MAX.getTotalSeconds())
            return OffsetDateTime.of(local, offset(parts.offset));
        // Java knows no offset beyond 18 hours: the same moment in UTC.
        return OffsetDateTime.of(local.minusSeconds(parts.offset), ZoneOffset.UTC);
    }

    private static ZoneOffset offset(int seconds) {
        return seconds == 0 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(seconds);
    }

    private static String text(JsonReader in) {
        if (in.peek() != '"') throw in.expected("Timestamp");
        return in.text();
    }

    public static void write(JsonWriter out, Instant value) {
        long seconds = value.getEpochSecond();
        write(
                out,
                Math.floorDiv(seconds, DAY),
                (int) Math.floorMod(seconds, DAY),
                value.getNano(),
                0);
    }

    public static void write(JsonWriter out, OffsetDateTime value) {
        int offset = value.getOffset().getTotalSeconds();
        if (offset % 60 != 0) {
            write(out, value.toInstant());
            return;
        }
        write(
                out,
                value.toLocalDate().toEpochDay(),
                value.toLocalTime().toSecondOfDay(),
                value.getNano(),
                offset / 60);
    }

    private static void write(
            JsonWriter out, long epochDay, int second, int nanos, int offsetMinutes) {
        LocalDate date = LocalDate.ofEpochDay(Math.max(-1_000_000, Math.min(epochDay, 10_000_000)));
        int year = date.getYear();
        if (year < 1 || year > 9999)
            throw new Misfit("a Timestamp is between the years 1 and 9999");
        out.put('"');
        digits(out, year / 100);
        digits(out, year % 100);
        out.put('-');
        digits(out, date.getMonthValue());
        out.put('-');
        digits(out, date.getDayOfMonth());
        out.put('T');
        digits(out, second / 3600);
        out.put(':');
        digits(out, second / 60 % 60);
        out.put(':');
        digits(out, second % 60);
        int micros = nanos / 1000;
        if (micros != 0) {
            out.put('.');
            digits(out, micros / 10_000);
            digits(out, micros / 100 % 100);
            digits(out, micros % 100);
        }
        if (offsetMinutes == 0) {
            out.put('Z');
        } else {
            out.put(offsetMinutes < 0 ? '-' : '+');
            digits(out, Math.abs(offsetMinutes) / 60);
            out.put(':');
            digits(out, Math.abs(offsetMinutes) % 60);
        }
        out.put('"');
    }

    private static void digits(JsonWriter out, int value) {
        out.put((char) ('0' + value / 10));
        out.put((char) ('0' + value % 10));
    }

    /** The parts of {@code 2001-01-10T18:20:00.25+01:00}. */
    private static final class Parts {
        private final String text;
        private final int year;
        private final int month;
        private final int day;
        private final int hour;
        private final int minute;
        private final int second;
        private int nanos;
        private int offset;

        Parts(String text) {
            this.text = text;
            if (text.length() < 20) throw wrong();
            year = two(0) * 100 + two(2);
            sign(4, '-');
            month = two(5);
            sign(7, '-');
            day = two(8);
            sign(10, 'T');
            hour = two(11);
            sign(13, ':');
            minute = two(14);
            sign(16, ':');
            second = two(17);
            if (year < 1
                    || month < 1
                    || month > 12
                    || day < 1
                    || day > days()
                    || hour > 23
                    || minute > 59
                    || second > 59) throw wrong();
            readOffset(readFraction(19));
        }

        private int readFraction(int at) {
            if (text.charAt(at) != '.') return at;
            int start = ++at;
            int scale = 100_000_000;
            while (at < text.length() && isDigit(at)) {
                if (at < start + 6) nanos += (text.charAt(at) - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == start || at == text.length()) throw wrong();
            return at;
        }

        private void readOffset(int at) {
            char sign = text.charAt(at);
            if (sign == 'Z') {
                if (text.length() != at + 1) throw wrong();
                return;
            }
            if ((sign != '+' && sign != '-') || text.length() != at + 6) throw wrong();
            sign(at + 3, ':');
            int hours = two(at + 1);
            int minutes = two(at + 4);
            if (hours > 23 || minutes > 59) throw wrong();
            offset = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
        }

        private int days() {
            return switch (month) {
                case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
                case 4, 6, 9, 11 -> 30;
                default -> 31;
            };
        }

        long epochDay() {
            return LocalDate.of(year, month, day).toEpochDay();
        }

        long secondOfDay() {
            return hour * 3600L + minute * 60 + second;
        }

        private int two(int at) {
            if (!isDigit(at) || !isDigit(at + 1)) throw wrong();
            return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
        }

        private boolean isDigit(int at) {
            char digit = text.charAt(at);
            return digit >= '0' && digit <= '9';
        }

        private void sign(int at, char wanted) {
            if (text.charAt(at) != wanted) throw wrong();
        }

        private static Misfit wrong() {
            return new Misfit("expected Timestamp (RFC 3339 with an offset), found Text");
        }
    }
}
