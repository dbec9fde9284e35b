package io.nstack.testing;

/** A call that failed. */
public final class CallError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;
    private final String path;
    private final String stack;

    CallError(int code, String message, String path, String stack) {
        super(message + " (" + code + ")");
        this.code = code;
        this.path = path;
        this.stack = stack;
    }

    /**
     * The JSON-RPC code: -32602 the input does not fit, -32000 the function threw, -32001 its
     * result does not fit.
     */
    public int code() {
        return code;
    }

    /**
     * Where in the value it is, such as {@code $.legs[2].delay}; null where that has no meaning.
     */
    public String path() {
        return path;
    }

    /** The stack trace of user code; null where there is none. */
    public String stack() {
        return stack;
    }
}
