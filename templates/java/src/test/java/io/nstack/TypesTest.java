package io.nstack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nstack.testing.CallError;
import io.nstack.testing.TestService;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Java types are in the language of types, and what rpc.discover says of them. */
class TypesTest {
    public sealed interface Event permits Click, Amount, Quit {}

    public record Click(String user) implements Event {}

    public record Amount(long value) implements Event {}

    public record Quit() implements Event {}

    public record Pair<A, B>(A first, B second) {}

    public record Knot<A>(A value, Pair<A, Knot<A>> next) {}

    public record Wrapped<A>(Pair<A, List<A>> inner) {}

    public record Node(String name, List<Node> children) {}

    public static class Bean {
        public String name;
        private int age;

        public int getAge() {
            return age;
        }

        public void setAge(int age) {
            this.age = age;
        }
    }

    public static final class Positive {
        public Positive() {}
    }

    public record Checked(int count) {
        public Checked {
            if (count < 0) throw new IllegalArgumentException("count is below zero");
        }
    }

    public static class Base {
        public String inherited(String text) {
            return text;
        }
    }

    public static class Service extends Base {
        public Event event(Event event) {
            return event;
        }

        public Pair<Long, String> pair(Pair<Long, String> pair) {
            return pair;
        }

        public Pair<String, Pair<Long, String>> pairs(Pair<String, Pair<Long, String>> pairs) {
            return pairs;
        }

        public Knot<Long> knot(Knot<Long> knot) {
            return knot;
        }

        public Wrapped<Long> wrapped(Wrapped<Long> wrapped) {
            return wrapped;
        }

        public Optional<Pair<Long, String>> optionalPair(Optional<Pair<Long, String>> pair) {
            return pair;
        }

        public Iterable<Long> each(Iterable<Long> values) {
            return () -> values.iterator();
        }

        @Vectorised
        public Iterable<Long> eachOf(Iterable<Long> values) {
            return () -> values.iterator();
        }

        public List<Pair<Long, String>> optionalPairs(List<Pair<Long, String>> pairs) {
            return pairs;
        }

        public Bean bean(Bean bean) {
            return bean;
        }

        public Checked checked(Checked checked) {
            return checked;
        }

        public Set<Integer> set(Set<Integer> values) {
            return values;
        }

        public Node node(Node node) {
            return node;
        }

        @SuppressWarnings("rawtypes")
        public List raw(List<?> values) {
            return values;
        }

        public static long fixed(long value) {
            return value;
        }

        public String twice(String text) {
            return text;
        }

        public String twice(long value) {
            return "" + value;
        }

        String hidden(String text) {
            return text;
        }

        public void startup() {}
    }

    private static final String TUPLE =
            "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"string\"}],\"items\":false,\"minItems\":2}";

    private static Map<?, ?> method(TestService service, String name) {
        for (Object one : (List<?>) service.discover().get("methods")) {
            if (((Map<?, ?>) one).get("name").equals(name)) return (Map<?, ?>) one;
        }
        throw new AssertionError("there is no function " + name);
    }

    private static Map<?, ?> result(TestService service, String name) {
        return (Map<?, ?>) ((Map<?, ?>) method(service, name).get("result")).get("schema");
    }

    @Test
    void aSealedInterfaceIsASum() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(
                    "{\"Click\":{\"user\":\"ann\"}}",
                    service.callJson("event", "[{\"Click\":{\"user\":\"ann\"}}]"));
            assertEquals("{\"Amount\":7}", service.callJson("event", "[{\"Amount\":7}]"));
            assertEquals("{\"Quit\":null}", service.callJson("event", "[{\"Quit\":null}]"));
            for (String wrong :
                    List.of(
                            "{}",
                            "{\"Quit\":null,\"Amount\":1}",
                            "{\"Other\":1}",
                            "{\"Amount\":\"1\"}"))
                assertEquals(
                        -32602,
                        assertThrows(
                                        CallError.class,
                                        () -> service.callJson("event", "[" + wrong + "]"))
                                .code());
        }
    }

    @Test
    void aRecordIsATupleWhereTheApiDeclaresOne() {
        String api = "{\"pair\":{\"input\":" + TUPLE + ",\"output\":" + TUPLE + ",\"arity\":2}}";
        try (TestService service = TestService.start(Service.class, Map.of(), api)) {
            assertEquals("[1,\"a\"]", service.callJson("pair", "[1,\"a\"]"));
            assertEquals(
                    List.of(List.of(1L, "a")),
                    service.block("pair", List.of(List.of(1, "a"))).items());
            assertEquals(
                    Set.of("type", "prefixItems", "items", "minItems"),
                    result(service, "pair").keySet());
        }
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(
                    Map.of("first", 1L, "second", "a"),
                    service.call("pair", Map.of("first", 1, "second", "a")));
        }
    }

    @Test
    void whatCanBeIteratedOverIsAList() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals("[1,2]", service.callJson("each", "[[1,2]]"));
            assertEquals(List.of(1L, 2L), service.block("eachOf", List.of(1, 2)).items());
        }
    }

    @Test
    void aTypeArgumentMayBeOfTheSameRecord() {
        try (TestService service = TestService.start(Service.class)) {
            String pairs =
                    "{\"first\":\"a\",\"second\":{\"first\":1,\"second\":\"b\"}}";
            assertEquals(pairs, service.callJson("pairs", "[" + pairs + "]"));
            String wrapped = "{\"inner\":{\"first\":1,\"second\":[2,3]}}";
            assertEquals(wrapped, service.callJson("wrapped", "[" + wrapped + "]"));
            Map<?, ?> next =
                    (Map<?, ?>)
                            ((Map<?, ?>) result(service, "knot").get("properties")).get("next");
            assertEquals(
                    "it refers to itself, and types are finite",
                    ((Map<?, ?>) ((Map<?, ?>) next.get("properties")).get("second")).get("reason"));
        }
    }

    @Test
    void aRecordIsATupleWhereTheApiDeclaresAnOptionalOne() {
        for (String[] one :
                List.of(
                        new String[] {"pair", TUPLE, "[1,\"a\"]"},
                        new String[] {"optionalPair", TUPLE, "[1,\"a\"]"},
                        new String[] {
                            "optionalPairs",
                            "{\"type\":\"array\",\"items\":" + TUPLE + "}",
                            "[[1,\"a\"]]"
                        })) {
            String type = "{\"anyOf\":[" + one[1] + ",{\"type\":\"null\"}]}";
            String api =
                    "{\"%s\":{\"input\":%s,\"output\":%s,\"arity\":1}}"
                            .formatted(one[0], type, type);
            try (TestService service = TestService.start(Service.class, Map.of(), api)) {
                assertEquals(one[2], service.callJson(one[0], "[" + one[2] + "]"));
            }
        }
    }

    @Test
    void aClassWithFieldsOrSettersIsARecord() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(
                    "{\"name\":\"ann\",\"age\":7}",
                    service.callJson("bean", "[{\"age\":7,\"name\":\"ann\"}]"));
        }
    }

    @Test
    void whatAConstructorRefusesIsAnInputThatDoesNotFit() {
        try (TestService service = TestService.start(Service.class)) {
            CallError error =
                    assertThrows(
                            CallError.class, () -> service.callJson("checked", "[{\"count\":-1}]"));
            assertEquals(-32602, error.code());
            assertEquals(
                    "java.lang.IllegalArgumentException: count is below zero (-32602)",
                    error.getMessage());
        }
    }

    @Test
    void otherTypesAreToldWithAReason() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals(
                    Map.of(
                            "x-nstack",
                            "unsupported",
                            "text",
                            "Set<Integer>",
                            "reason",
                            "a set has no JSON; use List<...>"),
                    result(service, "set"));
            assertEquals("unsupported", result(service, "raw").get("x-nstack"));
            Map<?, ?> children =
                    (Map<?, ?>)
                            ((Map<?, ?>) result(service, "node").get("properties")).get("children");
            assertEquals(
                    "it refers to itself, and types are finite",
                    ((Map<?, ?>) children.get("items")).get("reason"));
        }
    }

    @Test
    void publicMethodsAreServedAndHooksAreNot() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals("a", service.call("inherited", "a"));
            assertEquals(7L, service.call("fixed", 7));
            for (String name : List.of("hidden", "startup", "toString", "wait"))
                assertEquals(
                        -32601, assertThrows(CallError.class, () -> service.call(name)).code());
        }
    }

    @Test
    void anOverloadedFunctionIsToldAsOneThatCannotBeServed() {
        try (TestService service = TestService.start(Service.class)) {
            assertEquals("twice", result(service, "twice").get("text"));
            assertEquals(
                    -32000, assertThrows(CallError.class, () -> service.call("twice", "a")).code());
        }
    }
}
