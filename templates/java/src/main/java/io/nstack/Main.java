package io.nstack;

/**
 * {@code java -cp ... io.nstack.Main com.acme.Service}: serves a class on stdin and stdout until
 * the input ends.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        io.nstack.bridge.Process.serve(arguments[0]);
    }
}
