package io.nstack.bridge;

import io.nstack.bridge.Function.DeclaredFunction;
import io.nstack.codec.Declared;
import io.nstack.codec.JsonCodec;
import io.nstack.json.JsonReader;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The params of {@code initialize}. What is left out has a default; members that are not known are
 * ignored.
 */
record Initialize(
        String service,
        String version,
        Map<String, Object> parameters,
        Map<String, DeclaredFunction> api,
        Limits limits) {
    static final int PROTOCOL = 1;

    /** Schemas nest deeper than the values that they describe. */
    private static final int DEPTH = 2_000;

    /** Throws RpcError where another protocol is spoken. */
    static Initialize read(JsonReader in) {
        in.depthLimit = DEPTH;
        if (!(JsonCodec.readAny(in) instanceof Map<?, ?> wanted))
            throw new RpcError(RpcError.INVALID_PARAMS, "the params of initialize are an object");
        Object protocol = wanted.get("protocol");
        if (!Long.valueOf(PROTOCOL).equals(protocol))
            throw new RpcError(
                    RpcError.INVALID_PARAMS,
                    "this shim speaks protocol " + PROTOCOL + ", not " + protocol);
        Map<?, ?> about = object(wanted.get("service"));
        return new Initialize(
                text(about.get("name"), "service"),
                text(about.get("version"), "0.0.0"),
                parametersIn(object(wanted.get("parameters"))),
                apiIn(object(wanted.get("api"))),
                limitsIn(object(wanted.get("limits"))));
    }

    private static Map<String, Object> parametersIn(Map<?, ?> values) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map.Entry<?, ?> one : values.entrySet())
            parameters.put((String) one.getKey(), one.getValue());
        return parameters;
    }

    private static Map<String, DeclaredFunction> apiIn(Map<?, ?> functions) {
        Map<String, DeclaredFunction> api = new LinkedHashMap<>();
        for (Map.Entry<?, ?> one : functions.entrySet()) {
            Map<?, ?> function = object(one.getValue());
            Declared input = new Declared(function.get("input"));
            Declared output = new Declared(function.get("output"));
            api.put(
                    (String) one.getKey(),
                    new DeclaredFunction(input, output, count(function.get("arity"), 1)));
        }
        return api;
    }

    private static Limits limitsIn(Map<?, ?> limits) {
        int message = count(limits.get("message"), Limits.DEFAULT.message());
        return new Limits(message, count(limits.get("depth"), Limits.DEFAULT.depth()));
    }

    private static Map<?, ?> object(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Object value, String otherwise) {
        return value instanceof String text ? text : otherwise;
    }

    private static int count(Object value, int otherwise) {
        return value instanceof Long number
                ? (int) Math.min(number, Integer.MAX_VALUE / 2)
                : otherwise;
    }
}
