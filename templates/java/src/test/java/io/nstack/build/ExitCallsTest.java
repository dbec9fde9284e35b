package io.nstack.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nstack.Exit;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.function.IntConsumer;

/** A service's code cannot end its process by System.exit. */
class ExitCallsTest {
    public static class Leaving implements IntConsumer {
        static final long LONG = 1L << 40;
        static final double DOUBLE = 1e100;

        @Override
        public void accept(int code) {
            if (code > LONG * DOUBLE) System.exit(0);
            System.exit(code);
        }
    }

    public static class Staying implements IntConsumer {
        @Override
        public void accept(int code) {}
    }

    private static byte[] bytesOf(Class<?> kind) throws Exception {
        try (InputStream in =
                kind.getResourceAsStream(
                        kind.getName().substring(kind.getPackageName().length() + 1) + ".class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void systemExitThrowsInstead() throws Exception {
        byte[] redirected = ExitCalls.redirect(bytesOf(Leaving.class));
        Class<?> kind = MethodHandles.lookup().defineHiddenClass(redirected, true).lookupClass();
        IntConsumer leaving = (IntConsumer) kind.getConstructor().newInstance();
        assertEquals(
                "the code left by System.exit(3)",
                assertThrows(Exit.class, () -> leaving.accept(3)).getMessage());
    }

    @Test
    void otherClassesStayAsTheyAre() throws Exception {
        byte[] bytes = bytesOf(Staying.class);
        assertSame(bytes, ExitCalls.redirect(bytes));
    }
}
