package io.nstack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nstack.testing.BlockOutcome;
import io.nstack.testing.CallError;
import io.nstack.testing.TestService;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Blocks, calls, hooks and failures. */
class FunctionsTest {
    private static final List<String> EVENTS = new ArrayList<>();

    public static class Service extends BaseService {
        @Override
        public void startup() {
            EVENTS.add("startup " + args().get("limit"));
        }

        @Override
        public void shutdown() {
            EVENTS.add("shutdown");
        }

        public long add(long first, int second) {
            return first + second;
        }

        public long fail(long value) {
            if (value == 2) throw new IllegalStateException("it is two");
            if (value == 3) return fail(value);
            if (value == 4) Exit.exit(1);
            if (value == 5) throw new OutOfMemoryError("no room");
            return value;
        }

        public void nothing() {}

        @Vectorised
        public List<Long> doubled(List<Long> values) {
            return values.stream().map(value -> value * 2).toList();
        }

        @Vectorised
        public double[] halved(long[] values) {
            double[] results = new double[values.length];
            for (int index = 0; index < results.length; index++)
                results[index] = values[index] / 2.0;
            return results;
        }

        @Vectorised
        public List<Long> tooFew(List<Long> values) {
            return List.of();
        }
    }

    @Parallel
    public static class Waiting {
        private final CountDownLatch both = new CountDownLatch(2);

        public int meet(int value) throws InterruptedException {
            both.countDown();
            both.await();
            if (value < 0) throw new IllegalArgumentException("below zero");
            return value;
        }
    }

    @Test
    void aMessagesFailureIsItsOwn() {
        try (TestService service = TestService.start(Service.class)) {
            BlockOutcome outcome = service.block("fail", List.of(1, 2, "x", 3, 4, 5, 6));
            assertEquals(List.of(1L, 6L), outcome.items());
            assertEquals(List.of(1, 2, 3, 4, 5), List.copyOf(outcome.failed().keySet()));
            assertEquals(-32602, outcome.failed().get(2).code());
            for (int index : List.of(1, 3, 4, 5))
                assertEquals(-32000, outcome.failed().get(index).code());
        }
    }

    @Test
    void aStackEndsAtTheAuthorsOwnCode() {
        try (TestService service = TestService.start(Service.class)) {
            String stack = assertThrows(CallError.class, () -> service.call("fail", 2)).stack();
            assertTrue(
                    stack.startsWith("java.lang.IllegalStateException: it is two\n\tat "), stack);
            assertFalse(stack.contains("Runner"), stack);
        }
    }

    @Test
    void aTupleIsSpreadOverTheArguments() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(3L, service.call("add", 1, 2));
            assertEquals(
                    List.of(3L, 7L),
                    service.block("add", List.of(List.of(1, 2), List.of(3, 4))).items());
            assertThrows(CallError.class, () -> service.call("add", 1));
            assertEquals(1, service.block("add", List.of(List.of(1, 2, 3))).failed().size());
        }
    }

    @Test
    void nothingIsNullInABlock() {
        try (TestService service = TestService.start(Service.class)) {
            List<Object> nulls = new ArrayList<>();
            nulls.add(null);
            assertEquals(nulls, service.block("nothing", nulls).items());
            assertEquals("null", service.callJson("nothing", "[]"));
        }
    }

    @Test
    void aVectorisedFunctionGetsTheWholeBlock() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(List.of(2L, 4L), service.block("doubled", List.of(1, 2)).items());
            assertEquals(List.of(0.5, 1.0), service.block("halved", List.of(1, 2)).items());
            assertEquals(3.0, service.call("halved", 6));
            assertEquals(-32001, service.block("tooFew", List.of(1)).failed().get(0).code());
        }
    }

    @Test
    void messagesOfAParallelServiceAreWorkedAtOnceAndAnsweredInOrder() {
        try (TestService service = TestService.start(Waiting.class)) {
            BlockOutcome outcome = service.block("meet", List.of(7, -1, 8));
            assertEquals(List.of(7L, 8L), outcome.items());
            assertEquals(-32000, outcome.failed().get(1).code());
        }
    }

    @Test
    void hooksAreCalledOnceWithTheParametersSet() {
        EVENTS.clear();
        try (TestService service = TestService.start(Service.class, Map.of("limit", 3))) {
            service.call("nothing");
        }
        assertEquals(List.of("startup 3", "shutdown"), EVENTS);
    }
}
