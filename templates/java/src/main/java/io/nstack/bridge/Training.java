package io.nstack.bridge;

import io.nstack.codec.Accessors;
import io.nstack.codec.Arguments;
import io.nstack.codec.Codecs;
import io.nstack.json.JsonWriter;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.function.BiConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What the build runs of the shim over an author's class, without running the author's code. */
public final class Training {
    private Training() {}

    /** Hands over the classes that stand between slots and the author's classes, by name. */
    public static void generate(ClassLoader loader, String service, BiConsumer<String, byte[]> sink)
            throws ClassNotFoundException {
        Accessors accessors = new Accessors(sink::accept);
        Code code = new Code(Class.forName(service, false, loader), new Codecs(accessors), null);
        for (String name : code.names()) {
            Function function = code.function(name, null);
            Arguments.access(accessors, function.method, Code.ordinal(function.method));
        }
    }

    /**
     * A short conversation with a service whose code is loaded and not run, so that the JVM sees
     * which classes a start needs.
     */
    public static void main(String[] arguments) throws Throwable {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        Class<?> service = Class.forName(arguments[0], false, loader);
        Class.forName("io.nstack.Main", true, loader);
        Class.forName("io.nstack.bridge.Process", true, loader);
        loadAll(loader);
        File frames = File.createTempFile("nstack", "frames");
        try (FileOutputStream out = new FileOutputStream(frames)) {
            out.write(conversation(service).getBytes(StandardCharsets.UTF_8));
        }
        try (RandomAccessFile file = new RandomAccessFile(frames, "r");
                FileOutputStream nowhere = new FileOutputStream("/dev/null")) {
            Descriptors.redirectPrints();
            System.setIn(InputStream.nullInputStream());
            FrameWriter writer = new FrameWriter(nowhere, true);
            Server server = new Server(() -> service, writer, true);
            Notifications.sendTo(writer);
            Notifications.log("info", "training", java.util.Map.of());
            Notifications.sendTo(null);
            FrameReader reader = new FrameReader(new java.io.FileInputStream(file.getFD()));
            new Loop(server, reader, writer).run(() -> {});
            server.stop();
        }
        Descriptors.descriptor(0);
        frames.delete();
    }

    private static void loadAll(ClassLoader loader) throws IOException {
        String first = System.getProperty("java.class.path").split(File.pathSeparator)[0];
        try (ZipFile jar = new ZipFile(first)) {
            for (Enumeration<? extends ZipEntry> entries = jar.entries();
                    entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (!name.endsWith(".class")) continue;
                try {
                    Class.forName(
                            name.substring(0, name.length() - 6).replace('/', '.'), false, loader);
                } catch (ClassNotFoundException | LinkageError missing) {
                    // It may need what only some uses of the code need.
                }
            }
        }
    }

    private static String conversation(Class<?> service) {
        StringBuilder api = new StringBuilder();
        StringBuilder blocks = new StringBuilder();
        Code code = new Code(service, new Codecs(new Accessors(null)), null);
        int id = 10;
        for (String name : code.names()) {
            JsonWriter quoted = new JsonWriter(64);
            quoted.text(name);
            int arity = code.function(name, null).arity;
            if (arity == 0) continue;
            api.append(api.isEmpty() ? "" : ",")
                    .append(quoted)
                    .append(":{\"input\":{},\"output\":{},\"arity\":")
                    .append(arity)
                    .append('}');
            blocks.append("{\"jsonrpc\":\"2.0\",\"id\":")
                    .append(id++)
                    .append(",\"method\":\"$/block\",\"params\":{\"function\":")
                    .append(quoted);
            blocks.append(",\"items\":[{\"a\":[1,1.5,\"\\u00e9\",true,null]}]}}\n");
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocol\":1,\"service\":{\"name\":\"T\",\"version\":\"1.0.0\"},\"parameters\":{\"a\":1.5},"
                   + "\"api\":{"
                + api
                + "},\"limits\":{\"message\":16777216,\"depth\":256}}}\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.discover\",\"params\":[]}\n"
                + blocks
                + "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancel\",\"params\":{\"id\":2}}\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"shutdown\",\"params\":[]}\n";
    }
}
