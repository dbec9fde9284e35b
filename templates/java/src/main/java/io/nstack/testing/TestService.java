package io.nstack.testing;

import io.nstack.Positioned;
import io.nstack.bridge.Server;
import io.nstack.codec.Codec;
import io.nstack.codec.Codecs;
import io.nstack.codec.JsonCodec;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Unit tests without a container: the same decoding, calling and encoding as in a running service,
 * in this process.
 *
 * <pre>{@code
 * try (TestService service = TestService.start(Score.class, Map.of("limit", 3))) {
 *     assertEquals(0.5, service.call("score", Map.of("user", "ann", "ms", 12)));
 * }
 * }</pre>
 *
 * Values are those of JSON: String, Long or BigInteger, Double, Boolean, List, Map, null; arguments
 * may be records too.
 */
public final class TestService implements AutoCloseable {
    private final Server server;
    private final Codec json = Codecs.ofAny();
    private long last;

    private final BlockingQueue<String> later = new LinkedBlockingQueue<>();

    private TestService(Class<?> service) {
        server = new Server(() -> service, frame -> later.add(frame.toString()));
    }

    /** Starts a service, its startup hook included. Throws CallError. */
    public static TestService start(Class<?> service) {
        return start(service, Map.of());
    }

    /**
     * @param parameters the values of the service's config
     */
    public static TestService start(Class<?> service, Map<String, ?> parameters) {
        return start(service, parameters, "{}");
    }

    /**
     * @param api what nstack.yaml declares, which only code needs whose records stand for tuples:
     *     {@code {"pair": {"input": {...}, "output": {...}, "arity": 2}}} with JSON Schemas of the
     *     type language
     */
    public static TestService start(Class<?> service, Map<String, ?> parameters, String api) {
        TestService started = new TestService(service);
        JsonWriter params = new JsonWriter(256);
        params.raw("{\"protocol\":1,\"parameters\":");
        started.json.write(params, parameters);
        started.request("initialize", params + ",\"api\":" + api + "}");
        return started;
    }

    /** Calls a function with its arguments. Throws CallError. */
    public Object call(String function, Object... arguments) {
        return request(function, text(Arrays.asList(arguments)));
    }

    /** The same in JSON: {@code callJson("score", "[{\"user\":\"ann\"}]")}. */
    public String callJson(String function, String arguments) {
        String answer = answer(function, arguments);
        String head = "{\"jsonrpc\":\"2.0\",\"id\":" + last + ",\"result\":";
        if (answer.startsWith(head)) return answer.substring(head.length(), answer.length() - 1);
        throw errorOf((Map<?, ?>) read(answer));
    }

    /** Runs a block of inputs, each the one argument or a list of several. */
    public BlockOutcome block(String function, List<?> items) {
        Map<?, ?> result =
                (Map<?, ?>)
                        request(
                                "$/block",
                                "{\"function\":"
                                        + text(function)
                                        + ",\"items\":"
                                        + text(items)
                                        + "}");
        Map<Integer, CallError> failed = new LinkedHashMap<>();
        if (result.get("failed") instanceof List<?> list) {
            for (Object one : list) {
                Map<?, ?> failure = (Map<?, ?>) one;
                failed.put(((Long) failure.get("index")).intValue(), errorOf(failure));
            }
        }
        return new BlockOutcome((List<?>) result.get("items"), failed);
    }

    /**
     * The next items of a source, {@code count} of them, or fewer where it ends before. Throws
     * CallError, also for an item that does not fit.
     */
    public List<Positioned<Object>> take(String source, int count) {
        return take(source, count, null);
    }

    /**
     * @param position in the first call, where it goes on; null where it begins
     */
    public List<Positioned<Object>> take(String source, int count, Object position) {
        List<Positioned<Object>> taken = new ArrayList<>();
        String from = position == null ? "" : ",\"position\":" + text(position);
        while (taken.size() < count) {
            String wanted =
                    "[{\"function\":"
                            + text(source)
                            + ",\"credit\":"
                            + (count - taken.size())
                            + from
                            + "}]";
            from = "";
            Map<?, ?> result = (Map<?, ?>) request("next", wanted);
            if (result.get("failed") instanceof List<?> failed)
                throw errorOf((Map<?, ?>) failed.get(0));
            if (result.get("end") == Boolean.TRUE) break;
            List<?> items = (List<?>) result.get("items");
            List<?> positions = (List<?>) result.get("positions");
            for (int index = 0; index < items.size(); index++)
                taken.add(new Positioned<>(items.get(index), positions.get(index)));
        }
        return taken;
    }

    /** Tells a source that everything up to a position is confirmed. */
    public void ack(String source, Object position) {
        request(
                "ack",
                "[{\"function\":" + text(source) + ",\"position\":" + text(position) + "}]");
    }

    /** What the code says of itself, as an OpenRPC document. */
    public Map<?, ?> discover() {
        return (Map<?, ?>) request("rpc.discover", "[]");
    }

    /** Calls the shutdown hook. */
    @Override
    public void close() {
        request("shutdown", "[]");
    }

    private Object request(String method, String params) {
        Map<?, ?> answer = (Map<?, ?>) read(answer(method, params));
        if (answer.containsKey("error")) throw errorOf(answer);
        return answer.get("result");
    }

    private String answer(String method, String params) {
        String frame =
                "{\"jsonrpc\":\"2.0\",\"id\":"
                        + ++last
                        + ",\"method\":"
                        + text(method)
                        + ",\"params\":"
                        + params
                        + "}";
        byte[] bytes = frame.replace('\n', ' ').getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 1 + JsonReader.PADDING);
        padded[bytes.length] = '\n';
        JsonWriter answer = server.handle(padded, 0, bytes.length, false);
        if (answer != null) return answer.toString();
        try {
            return later.take();
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a source was waited for", error);
        }
    }

    private String text(Object value) {
        JsonWriter out = new JsonWriter(256);
        json.write(out, value);
        return out.toString();
    }

    private static Object read(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        JsonReader in =
                new JsonReader().at(Arrays.copyOf(bytes, bytes.length + JsonReader.PADDING), 0);
        in.depthLimit = 2_000;
        return JsonCodec.readAny(in);
    }

    private static CallError errorOf(Map<?, ?> answer) {
        Map<?, ?> error = (Map<?, ?>) answer.get("error");
        Map<?, ?> data = error.get("data") instanceof Map<?, ?> map ? map : Map.of();
        int code = ((Long) error.get("code")).intValue();
        return new CallError(
                code,
                (String) error.get("message"),
                (String) data.get("path"),
                (String) data.get("stack"));
    }
}
