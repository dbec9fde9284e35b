package io.nstack.build;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code java -cp nstack-build.jar io.nstack.build.Serve}: the same as {@link Compile} for each line
 * that it reads, answered by a line with the exit code on stdout. The second compilation takes a
 * fifth of the first one's time: javac's classes are loaded, and its code is compiled. Nothing of
 * one compilation is known to the next.
 */
public final class Serve {
    private Serve() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        // What annotation processors print is not for whoever reads the answers.
        System.setOut(System.err);
        BufferedReader requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (requests.readLine() != null) {
            int code = compile();
            System.err.flush();
            answers.println(code);
            // While nobody waits, what javac has left is thrown away.
            System.gc();
        }
    }

    private static int compile() {
        try {
            return Compile.compile() ? 0 : 1;
        } catch (IOException | RuntimeException | Error failure) {
            failure.printStackTrace();
            return 2;
        }
    }
}
