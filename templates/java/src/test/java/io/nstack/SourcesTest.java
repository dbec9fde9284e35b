package io.nstack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nstack.testing.CallError;
import io.nstack.testing.TestService;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Methods that give items one by one: order, positions, going on, ends and failures. */
class SourcesTest {
    private static final List<Object> CONFIRMED = new ArrayList<>();
    private static final List<Long> MADE = Collections.synchronizedList(new ArrayList<>());
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    public record Offset(long segment, long at) {}

    public static class Service {
        public Iterator<Long> three() {
            return List.of(1L, 2L, 3L).iterator();
        }

        public Stream<Long> from(long position) {
            return LongStream.range(position, position + 3).boxed();
        }

        public Stream<Positioned<String>> letters(@Nullable Offset position) {
            long first = position == null ? 0 : position.at();
            return LongStream.range(first, 26)
                    .mapToObj(
                            at -> new Positioned<>("" + (char) ('a' + at), new Offset(7, at + 1)));
        }

        public void lettersAck(Offset position) {
            CONFIRMED.add(position);
        }

        public Iterator<Map<String, Object>> changing() {
            Map<String, Object> row = new java.util.HashMap<>();
            return LongStream.range(0, 100)
                    .mapToObj(
                            number -> {
                                row.put("n", number);
                                return row;
                            })
                    .iterator();
        }

        public Stream<Double> odd() {
            return Stream.of(1.5, Double.NaN, 2.5);
        }

        public Iterator<Long> stumble() {
            Iterator<Long> one = List.of(1L).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Long next() {
                    if (!one.hasNext()) throw new IllegalStateException("no more");
                    return one.next();
                }
            };
        }

        public Stream<Positioned<Long>> lost() {
            return Stream.of(new Positioned<>(1L, "x".repeat(20_000)));
        }

        public Stream<Long> many() {
            return LongStream.iterate(0, number -> number + 1)
                    .peek(MADE::add)
                    .boxed()
                    .onClose(CLOSED::countDown);
        }

        public Iterator<Long> nowhere() {
            return null;
        }

        public List<Long> listed() {
            return List.of(1L, 2L);
        }

        public Iterator<Long> several(long a, long b) {
            return null;
        }
    }

    private static TestService start() {
        return TestService.start(Service.class);
    }

    private static void assertTaken(String expected, List<Positioned<Object>> taken) {
        StringBuilder shown = new StringBuilder();
        for (Positioned<Object> one : taken)
            shown.append(one.item()).append('@').append(one.position()).append(' ');
        assertEquals(expected, shown.toString().trim());
    }

    @Test
    void itemsComeInOrderWithTheirNumberAsPositionAndEnd() {
        TestService service = start();
        assertTaken("1@1 2@2", service.take("three", 2));
        assertTaken("3@3", service.take("three", 9));
        assertTaken("", service.take("three", 9));
    }

    @Test
    void aMethodThatTakesAnArgumentIsToldWhereToGoOn() {
        assertTaken("0@1 1@2 2@3", start().take("from", 9));
        assertTaken("5@6", start().take("from", 1, 5));
        assertTaken("a@{segment=7, at=1}", start().take("letters", 1));
        assertTaken("z@{segment=7, at=26}", start().take("letters", 9, new Offset(7, 25)));
    }

    @Test
    void aPositionThatDoesNotFitIsRefused() {
        CallError error = assertThrows(CallError.class, () -> start().take("letters", 1, "x"));
        assertEquals(-32602, error.code());
        assertTrue(error.getMessage().contains("the position does not fit"), error.getMessage());
    }

    @Test
    void anItemIsWhatItWasWhenItWasGiven() {
        List<Positioned<Object>> taken = start().take("changing", 100);
        for (int index = 0; index < 100; index++)
            assertEquals(Map.of("n", (long) index), taken.get(index).item());
    }

    @Test
    void anItemThatDoesNotFitFailsAlone() {
        TestService service = start();
        assertTaken("1.5@1", service.take("odd", 1));
        assertEquals(-32001, assertThrows(CallError.class, () -> service.take("odd", 1)).code());
        assertTaken("2.5@3", service.take("odd", 1));
    }

    @Test
    void aSourceThatFailsGivesItsItemsFirstAndBeginsAnewThen() {
        TestService service = start();
        for (int time = 0; time < 2; time++) {
            assertTaken("1@1", service.take("stumble", 1));
            CallError error = assertThrows(CallError.class, () -> service.take("stumble", 1));
            assertTrue(error.getMessage().contains("no more"), error.getMessage());
        }
    }

    @Test
    void aPositionThatIsTooLongAndNothingToGoThroughAreErrors() {
        for (String name : List.of("lost", "nowhere"))
            assertThrows(CallError.class, () -> start().take(name, 1));
    }

    @Test
    void aMethodBesideTheSourceIsToldWhatIsConfirmed() {
        TestService service = start();
        service.ack("letters", new Offset(7, 3));
        service.ack("three", 1);
        assertEquals(List.of(new Offset(7, 3)), CONFIRMED);
    }

    @Test
    void aSourceSaysSoOfItselfAndIsNotCalled() {
        TestService service = start();
        String described = service.discover().toString();
        assertTrue(described.contains("name=three"), described);
        assertTrue(!described.contains("lettersAck"), described);
        assertTrue(described.contains("source=true"), described);
        assertTrue(described.contains("a source takes no argument"), described);
        assertEquals(-32601, assertThrows(CallError.class, () -> service.call("three")).code());
        assertEquals(
                -32601,
                assertThrows(
                                CallError.class,
                                () -> service.block("three", Collections.singletonList(null)))
                        .code());
        assertEquals(-32601, assertThrows(CallError.class, () -> service.take("listed", 1)).code());
    }

    @Test
    void aListIsASourceWhereItIsDeclaredAsOne() {
        String api =
                "{\"listed\":{\"input\":{\"not\":{}},\"output\":{\"type\":\"integer\"},"
                        + "\"arity\":0}}";
        TestService service = TestService.start(Service.class, Map.of(), api);
        assertTaken("1@1 2@2", service.take("listed", 9));
    }

    @Test
    void aSourceRunsAheadByTheCreditAloneAndIsClosedAtTheEnd() throws InterruptedException {
        TestService service = start();
        service.take("many", 10);
        service.take("many", 10);
        assertTrue(MADE.size() <= 40, () -> "" + MADE.size());
        service.close();
        assertTrue(CLOSED.await(5, TimeUnit.SECONDS));
    }
}
