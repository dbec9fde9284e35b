package io.nstack;

/**
 * Thrown in place of leaving the process: in a built service, {@code System.exit} fails the message
 * that is being worked, and no more.
 */
public final class Exit extends Error {
    private static final long serialVersionUID = 1L;

    private Exit(int code) {
        super("the code left by System.exit(" + code + ")");
    }

    /** What calls of {@code System.exit} in a built service's code become. */
    public static void exit(int code) {
        throw new Exit(code);
    }
}
