package io.nstack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nstack.testing.CallError;
import io.nstack.testing.TestService;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The table of values, docs/bridge-protocol.md. */
class ValuesTest {
    public record Leg(long miles, @Nullable Double delay, Optional<String> note) {}

    public sealed interface Event permits Amount, Quit {}

    public record Amount(long value) implements Event {}

    public record Quit() implements Event {}

    public static class Echo {
        public BigInteger integer(BigInteger value) {
            return value;
        }

        public long whole(long value) {
            return value;
        }

        public int small(int value) {
            return value;
        }

        public double decimal(double value) {
            return value;
        }

        public float single(float value) {
            return value;
        }

        public String text(String value) {
            return value;
        }

        public byte[] blob(byte[] value) {
            return value;
        }

        public Instant moment(Instant value) {
            return value;
        }

        public OffsetDateTime local(OffsetDateTime value) {
            return value;
        }

        public Object json(Object value) {
            return value;
        }

        public Leg leg(Leg value) {
            return value;
        }

        public Event event(Event value) {
            return value;
        }

        public OptionalInt maybe(OptionalInt value) {
            return value;
        }

        public double[] doubles(double[] values) {
            return values;
        }

        public Map<String, List<Integer>> table(Map<String, List<Integer>> values) {
            return values;
        }

        public Instant beforeAllYears() {
            return Instant.parse("0000-12-31T23:59:59Z");
        }

        public double notANumber() {
            return Double.NaN;
        }

        public String half() {
            return "\ud800";
        }

        public Object circle() {
            Object[] circle = new Object[1];
            circle[0] = circle;
            return circle;
        }
    }

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(Echo.class);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String echo(String function, String value) {
        return service.callJson(function, "[" + value + "]");
    }

    private static int refused(String function, String value) {
        return assertThrows(CallError.class, () -> echo(function, value)).code();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e2", "1.9", "\"12\"", "null", "true", "[]", "{}"})
    void nothingElseBecomesAnInteger(String value) {
        for (String function : List.of("integer", "whole", "small"))
            assertEquals(-32602, refused(function, value));
    }

    @Test
    void integersKeepUpToAThousandDigits() {
        String digits = "7".repeat(1000);
        assertEquals(digits, echo("integer", digits));
        assertEquals("-" + digits, echo("integer", "-" + digits));
        assertEquals(-32602, refused("integer", digits + "7"));
        assertEquals(-32602, refused("json", digits + "7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "-9223372036854775808",
                "0",
                "-1",
                "1000000000000000000"
            })
    void aLongKeepsItsBounds(String value) {
        assertEquals(value, echo("whole", value));
    }

    @Test
    void anIntegerThatDoesNotFitItsJavaTypeIsRefused() {
        assertEquals(-32602, refused("whole", "9223372036854775808"));
        assertEquals(-32602, refused("small", "2147483648"));
        assertEquals("2147483647", echo("small", "2147483647"));
    }

    @ParameterizedTest
    @CsvSource({
        "3,3.0",
        "0.1,0.1",
        "-0.0,-0.0",
        "1e22,1.0E22",
        "5e-324,4.9E-324",
        "1.7976931348623157e308,1.7976931348623157E308",
        "123456.789,123456.789",
        "0.3,0.3"
    })
    void doublesComeBackAsTheSameDouble(String value, String written) {
        assertEquals(written, echo("decimal", value));
        assertEquals(Double.parseDouble(value), Double.parseDouble(echo("decimal", value)));
    }

    @Test
    void infinitiesAndNaNAreRefused() {
        assertEquals(-32602, refused("decimal", "1e400"));
        assertEquals(-32602, refused("single", "1e39"));
        assertEquals(-32700, refused("decimal", "NaN"));
        assertEquals(
                -32001, assertThrows(CallError.class, () -> service.call("notANumber")).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800\\u0041\"",
                "\"\u0001\"",
                "'a'",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "[1,]",
                "{\"a\":1,}",
                "tru",
                "1 1"
            })
    void whatIsNoJsonIsRefusedWholly(String value) {
        for (String function : List.of("json", "text", "leg"))
            assertEquals(-32700, refused(function, value));
    }

    @Test
    void textsAreKeptAndHalfCharactersAreNot() {
        assertEquals(
                "\"\ud83d\ude00 \u00e9 \\u0000 \\\" \\n\"",
                echo("text", "\"\\ud83d\\ude00 \u00e9 \\u0000 \\u0022 \\n\""));
        assertEquals(-32001, assertThrows(CallError.class, () -> service.call("half")).code());
    }

    @Test
    void theLastOfTwoKeysCounts() {
        assertEquals(
                "{\"miles\":2,\"delay\":null,\"note\":null}",
                echo("leg", "{\"miles\":\"1\",\"miles\":2}"));
        assertEquals(-32602, refused("leg", "{\"miles\":2,\"miles\":\"1\"}"));
        assertEquals("{\"a\":[2]}", echo("table", "{\"a\":[\"1\"],\"a\":[2]}"));
        assertEquals("{\"a\":2}", echo("json", "{\"a\":1,\"a\":2}"));
        assertEquals(-32602, refused("json", "{\"a\":1e400,\"a\":2}"));
        assertEquals("{\"Quit\":null}", echo("event", "{\"Quit\":[[1]],\"Quit\":null}"));
        assertEquals("{\"Amount\":2}", echo("event", "{\"Amount\":1e400,\"Amount\":2}"));
        assertEquals(-32602, refused("event", "{\"Quit\":null,\"Quit\":true}"));
        assertEquals(-32602, refused("event", "{\"Quit\":true,\"Amount\":2}"));
    }

    @Test
    void unknownFieldsAreIgnoredAndMissingOnesAreNot() {
        assertEquals(
                "{\"miles\":1,\"delay\":1.5,\"note\":\"x\"}",
                echo("leg", "{\"more\":{\"a\":[1]},\"note\":\"x\",\"delay\":1.5,\"miles\":1}"));
        CallError error = assertThrows(CallError.class, () -> echo("leg", "{\"delay\":1.5}"));
        assertEquals("no field \"miles\" (-32602)", error.getMessage());
    }

    @Test
    void anErrorNamesItsPath() {
        CallError error = assertThrows(CallError.class, () -> echo("table", "{\"a\":[1,2,\"3\"]}"));
        assertEquals("$.a[2]", error.path());
        assertEquals("expected Integer, found Text (-32602)", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"aGk\"",
                "\"a-_=\"",
                "\" aGk=\"",
                "\"a===\"",
                "\"====\"",
                "\"==\"",
                "\"QUJ=\"",
                "\"QUJDQR==\"",
                "1"
            })
    void bytesAreBase64WithPadding(String value) {
        assertEquals(-32602, refused("blob", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aGk=", "QQ==", "/w==", "+A==", "//8=", "QUJD"})
    void bytesComeBackAsTheyWere(String value) {
        assertEquals("\"" + value + "\"", echo("blob", "\"" + value + "\""));
    }

    @ParameterizedTest
    @CsvSource({
        "2020-01-01T00:00:00Z,2020-01-01T00:00:00Z",
        "2020\\u002d01-01T00:00:00\\u005a,2020-01-01T00:00:00Z",
        "2020-02-29T12:30:00-05:30,2020-02-29T18:00:00Z",
        "2020-01-01T00:00:00.9999999Z,2020-01-01T00:00:00.999999Z",
        "0001-01-01T00:00:00.5+00:00,0001-01-01T00:00:00.500000Z"
    })
    void timestampsAreReadToTheMicrosecond(String value, String written) {
        assertEquals("\"" + written + "\"", echo("moment", "\"" + value + "\""));
    }

    @Test
    void anOffsetIsKeptWhereTheTypeHasOne() {
        assertEquals(
                "\"2020-02-29T12:30:00-05:30\"", echo("local", "\"2020-02-29T12:30:00-05:30\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2020-01-01T00:00:00",
                "2020-01-01 00:00:00Z",
                "2020-01-01T00:00:00z",
                "2020-01-01T00:00Z",
                "2020-01-01T00:00:00+0100",
                "2020-01-01T24:00:00Z",
                "2021-02-29T00:00:00Z",
                "2020-01-01T00:00:00.Z",
                "2020-01-01T00:00:00+24:00",
                "2020-01-01",
                "0000-01-01T00:00:00Z",
                "0000-12-31T23:59:59+00:00",
                ""
            })
    void otherTimesAreRefused(String value) {
        assertEquals(-32602, refused("moment", "\"" + value + "\""));
        assertEquals(-32602, refused("local", "\"" + value + "\""));
    }

    @Test
    void aResultHasAYearFromOneOn() {
        assertEquals(
                -32001, assertThrows(CallError.class, () -> service.call("beforeAllYears")).code());
        assertEquals("\"0001-01-01T00:00:00Z\"", echo("moment", "\"0001-01-01T00:00:00Z\""));
        assertEquals("\"9999-12-31T23:59:59Z\"", echo("moment", "\"9999-12-31T23:59:59Z\""));
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(256) + "]".repeat(256);
        assertEquals(deep, echo("json", deep));
        assertEquals(-32602, refused("json", "[" + deep + "]"));
        assertEquals(-32602, refused("leg", "{\"miles\":1,\"more\":" + deep + "}"));
        assertEquals(-32602, refused("leg", "{\"miles\":" + deep + ",\"miles\":1}"));
        assertEquals(-32602, refused("table", "{\"a\":" + deep + ",\"a\":[1]}"));
        assertEquals(-32602, refused("event", "{\"Quit\":" + deep + ",\"Quit\":null}"));
        assertEquals(-32001, assertThrows(CallError.class, () -> service.call("circle")).code());
    }

    @Test
    void arraysAndOptionalsOfPrimitivesHoldThem() {
        assertEquals("[1.0,2.5]", echo("doubles", "[1,2.5]"));
        assertEquals("[]", echo("doubles", "[ ]"));
        assertEquals("7", echo("maybe", "7"));
        assertEquals("null", echo("maybe", "null"));
    }
}
