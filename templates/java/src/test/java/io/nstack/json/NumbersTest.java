package io.nstack.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Numbers are read as Java reads them, and written so that they are read as the same. */
class NumbersTest {
    private static JsonReader reader(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return new JsonReader().at(Arrays.copyOf(bytes, bytes.length + JsonReader.PADDING), 0);
    }

    private static String written(double value) {
        JsonWriter out = new JsonWriter(1);
        out.number(value);
        return out.toString();
    }

    @Test
    void everyDoubleComesBack() {
        Random random = new Random(1);
        for (int round = 0; round < 300_000; round++) {
            double value =
                    switch (round % 4) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextInt() / 1000.0;
                        case 2 -> random.nextLong() / 100.0;
                        default -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
                    };
            if (!Double.isFinite(value)) continue;
            String text = written(value);
            assertEquals(value, Double.parseDouble(text), text);
            assertEquals(value, reader(text).number(), text);
            assertTrue(text.length() <= Double.toString(value).length() + 8, text);
        }
    }

    @Test
    void everyTextOfANumberIsReadAsJavaReadsIt() {
        Random random = new Random(2);
        for (int round = 0; round < 200_000; round++) {
            String text =
                    (random.nextBoolean() ? "-" : "")
                            + random.nextInt(1000)
                            + (random.nextBoolean() ? "." + Math.abs(random.nextLong()) : "")
                            + (random.nextInt(4) == 0 ? "e" + (random.nextInt(40) - 20) : "");
            assertEquals(Double.parseDouble(text), reader(text).number(), text);
        }
    }

    @Test
    void everyLongComesBack() {
        Random random = new Random(3);
        for (int round = 0; round < 200_000; round++) {
            long value = random.nextLong() >> random.nextInt(64);
            JsonWriter out = new JsonWriter(1);
            out.integer(value);
            assertEquals(Long.toString(value), out.toString());
            assertEquals(value, reader(out.toString()).integer());
        }
        for (long value :
                new long[] {
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    0,
                    9,
                    10,
                    99,
                    100,
                    999_999_999_999_999_999L,
                    1_000_000_000_000_000_000L
                }) {
            JsonWriter out = new JsonWriter(1);
            out.integer(value);
            assertEquals(Long.toString(value), out.toString());
        }
    }
}
