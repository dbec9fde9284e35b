package io.nstack.bridge;

import sun.reflect.ReflectionFactory;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/**
 * The descriptors of the bridge. A container's entrypoint has moved them to 3 and 4, with /dev/null
 * as 0 and standard error as 1, so that nothing in the process can touch them: Java itself cannot
 * move a descriptor. Started in another way, as on a developer's machine, they are 0 and 1.
 */
final class Descriptors {
    private static final int NON_BLOCKING = 04000;

    final FileInputStream input;
    final FrameWriter output;

    private Descriptors(FileDescriptor in, FileDescriptor out, int outNumber) {
        input = new FileInputStream(in);
        output = new FrameWriter(new FileOutputStream(out), !isNonBlocking(outNumber));
    }

    /** Takes them; from then on System.in is empty, and System.out and System.err go to the log. */
    static Descriptors take() throws IOException {
        boolean moved =
                new File("/proc/self/fd/0").getCanonicalPath().equals("/dev/null")
                        && isStream(3)
                        && isStream(4);
        Descriptors taken =
                moved
                        ? new Descriptors(descriptor(3), descriptor(4), 4)
                        : new Descriptors(FileDescriptor.in, FileDescriptor.out, 1);
        System.setIn(InputStream.nullInputStream());
        redirectPrints();
        return taken;
    }

    static void redirectPrints() {
        PrintStream log =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), 8192),
                        true,
                        StandardCharsets.UTF_8);
        System.setOut(log);
        System.setErr(log);
    }

    /** Where nothing was moved, they are files that the JVM has opened. */
    private static boolean isStream(int number) {
        File descriptor = new File("/proc/self/fd/" + number);
        return descriptor.exists() && !descriptor.isFile();
    }

    /**
     * Java has no public way to speak of a descriptor by its number. This is the one that
     * serialization libraries use, of module jdk.unsupported.
     */
    static FileDescriptor descriptor(int number) throws IOException {
        try {
            Constructor<FileDescriptor> byNumber =
                    FileDescriptor.class.getDeclaredConstructor(int.class);
            return (FileDescriptor)
                    ReflectionFactory.getReflectionFactory()
                            .newConstructorForSerialization(FileDescriptor.class, byNumber)
                            .newInstance(number);
        } catch (ReflectiveOperationException error) {
            throw new IOException("descriptor " + number + " cannot be had", error);
        }
    }

    private static boolean isNonBlocking(int number) {
        try (FileInputStream info = new FileInputStream("/proc/self/fdinfo/" + number)) {
            String text = new String(info.readNBytes(4096), StandardCharsets.ISO_8859_1);
            int start = text.indexOf("flags:");
            int end = text.indexOf('\n', start);
            return start >= 0
                    && (Integer.parseInt(text.substring(start + 6, end).trim(), 8) & NON_BLOCKING)
                            != 0;
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    /** EAGAIN of a pipe that does not wait. */
    static boolean isTryAgain(IOException error) {
        return error.getMessage() != null && error.getMessage().contains("temporarily unavailable");
    }

    /** Waits a little, and longer each time, up to a millisecond. */
    static void pause(int tries) {
        boolean interrupted = Thread.interrupted();
        java.util.concurrent.locks.LockSupport.parkNanos(
                Math.min(1_000_000L, 20_000L << Math.min(tries, 6)));
        if (interrupted) Thread.currentThread().interrupt();
    }
}
