package io.nstack.bridge;

import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

/** An error that is answered as it stands (docs/bridge-protocol.md, Errors). */
public final class RpcError extends RuntimeException {
    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;
    public static final int SERVICE_ERROR = -32000;
    public static final int INVALID_RESULT = -32001;
    public static final int CANCELLED = -32002;
    public static final int TOO_LARGE = -32005;
    public static final int NOT_INITIALIZED = -32006;
    public static final int NOT_BEGUN = -32007;

    private static final long serialVersionUID = 1L;
    private static final int MESSAGE_LIMIT = 2_000;
    private static final int STACK_LIMIT = 8_000;
    private static final int BRIEF_LIMIT = 200;

    private final int code;
    private final String path;
    private final String stack;

    public RpcError(int code, String message) {
        this(code, message, null, null);
    }

    private RpcError(int code, String message, String path, String stack) {
        super(message, null, false, false);
        this.code = code;
        this.path = path;
        this.stack = stack;
    }

    /** An input that does not fit. */
    static RpcError input(Misfit misfit) {
        if (misfit.getCause() != null)
            return new RpcError(
                    INVALID_PARAMS,
                    Stacks.headline(misfit.getCause()),
                    misfit.path(),
                    Stacks.of(misfit.getCause(), false));
        return new RpcError(INVALID_PARAMS, misfit.getMessage(), misfit.path(), null);
    }

    /** A result that does not fit. */
    static RpcError result(Misfit misfit) {
        return new RpcError(
                INVALID_RESULT,
                "the result does not fit: " + misfit.getMessage(),
                misfit.path(),
                null);
    }

    static RpcError tooLarge(String what, int size, int limit) {
        return new RpcError(TOO_LARGE, what + " has " + size + " bytes, and the limit is " + limit);
    }

    static RpcError notBegun() {
        return new RpcError(NOT_BEGUN, "not begun: a message before it in its block failed");
    }

    /** What user code threw, with its stack from the author's first frame on. */
    static RpcError raised(Throwable error) {
        return new RpcError(SERVICE_ERROR, Stacks.headline(error), null, Stacks.of(error, false));
    }

    /** How what the author's code has thrown is told. */
    static RpcError told(Throwable error) {
        if (error instanceof RpcError known) return known;
        boolean wraps = error instanceof ExceptionInInitializerError && error.getCause() != null;
        return raised(wraps ? error.getCause() : error);
    }

    /** A defect of the shim. */
    static RpcError internal(Throwable error) {
        return new RpcError(INTERNAL_ERROR, Stacks.headline(error), null, Stacks.of(error, true));
    }

    public int code() {
        return code;
    }

    /** Where in the value it is; null where that has no meaning. */
    public String path() {
        return path;
    }

    /** Null where there is none. */
    public String stack() {
        return stack;
    }

    void write(JsonWriter out) {
        begin(out, MESSAGE_LIMIT);
        if (path != null || stack != null) {
            out.raw(",\"data\":{");
            if (path != null) {
                out.raw("\"path\":");
                out.text(Stacks.cut(path, MESSAGE_LIMIT));
            }
            if (stack != null) {
                out.raw(path == null ? "\"stack\":" : ",\"stack\":");
                out.text(Stacks.cut(stack, STACK_LIMIT));
            }
            out.put('}');
        }
        out.put('}');
    }

    /** Without data and in few words, where many errors share one answer. */
    void writeBriefly(JsonWriter out) {
        begin(out, BRIEF_LIMIT);
        out.put('}');
    }

    private void begin(JsonWriter out, int limit) {
        out.raw("{\"code\":");
        out.integer(code);
        out.raw(",\"message\":");
        out.text(Stacks.cut(getMessage(), limit));
    }
}
