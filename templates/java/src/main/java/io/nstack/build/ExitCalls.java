package io.nstack.build;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes {@code System.exit} of the author's code an {@code io.nstack.Exit}, which fails one message
 * and not the service: in the pool of constants of each class the method is named once, however
 * often it is called (The Java Virtual Machine Specification, 4.4).
 *
 * <p>{@code Runtime.exit} and {@code halt}, which take another instruction, end the process, as do
 * calls in libraries: what becomes of the messages then is the hub's to settle, as when a service
 * is killed.
 */
final class ExitCalls {
    private ExitCalls() {}

    static void redirect(Path classes) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] redirected = redirect(bytes);
            if (redirected != bytes) Files.write(file, redirected);
        }
    }

    /** The same array where the class does not call it. */
    static byte[] redirect(byte[] bytes) throws IOException {
        Pool pool = new Pool(bytes);
        int method =
                pool.find(
                        10,
                        pool.find(7, pool.text("java/lang/System"), 0),
                        pool.find(12, pool.text("exit"), pool.text("(I)V")));
        if (method == 0) return bytes;
        int text = pool.count;
        ByteArrayOutputStream result = new ByteArrayOutputStream(bytes.length + 32);
        DataOutputStream out = new DataOutputStream(result);
        out.write(bytes, 0, 8);
        out.writeShort(pool.count + 2);
        out.write(bytes, 10, pool.starts[method] + 1 - 10);
        out.writeShort(text + 1);
        out.write(bytes, pool.starts[method] + 3, pool.end - pool.starts[method] - 3);
        out.writeByte(1);
        out.writeUTF("io/nstack/Exit");
        out.writeByte(7);
        out.writeShort(text);
        out.write(bytes, pool.end, bytes.length - pool.end);
        return result.toByteArray();
    }

    /** The constants of a class. An index of 0 stands for one that is not there. */
    private static final class Pool {
        final int count;
        final int[] starts;
        final int end;
        private final int[] kinds;
        private final Object[] values;

        Pool(byte[] bytes) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            in.skipBytes(8);
            count = in.readUnsignedShort();
            starts = new int[count];
            kinds = new int[count];
            values = new Object[count];
            for (int index = 1; index < count; index++) {
                starts[index] = bytes.length - in.available();
                int kind = in.readUnsignedByte();
                kinds[index] = kind;
                switch (kind) {
                    case 1 -> values[index] = in.readUTF();
                    case 3, 4 -> in.skipBytes(4);
                    case 5, 6 -> {
                        in.skipBytes(8);
                        index++;
                    }
                    case 7, 8, 16, 19, 20 -> values[index] = in.readUnsignedShort() << 16;
                    case 15 -> in.skipBytes(3);
                    default -> values[index] = in.readInt();
                }
            }
            end = bytes.length - in.available();
        }

        int text(String wanted) {
            for (int index = 1; index < count; index++) {
                if (kinds[index] == 1 && wanted.equals(values[index])) return index;
            }
            return 0;
        }

        int find(int kind, int first, int second) {
            if (first == 0) return 0;
            for (int index = 1; index < count; index++) {
                if (kinds[index] == kind
                        && Integer.valueOf(first << 16 | second).equals(values[index]))
                    return index;
            }
            return 0;
        }
    }
}
