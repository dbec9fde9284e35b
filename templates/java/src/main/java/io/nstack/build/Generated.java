package io.nstack.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Adds the classes that the shim would otherwise generate at each start
 * (io.nstack.codec.Accessors). It is the shim itself that makes them; none of the author's code is
 * run.
 */
final class Generated {
    private Generated() {}

    static void write(String service, Path classes, List<Path> classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(classes.toUri().toURL());
        for (Path jar : classPath) urls.add(jar.toUri().toURL());
        BiConsumer<String, byte[]> sink =
                (name, bytes) -> {
                    try {
                        Files.write(classes.resolve(name.replace('.', '/') + ".class"), bytes);
                    } catch (IOException error) {
                        throw new UncheckedIOException(error);
                    }
                };
        try (URLClassLoader loader =
                new URLClassLoader(
                        urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            loader.loadClass("io.nstack.bridge.Training")
                    .getMethod("generate", ClassLoader.class, String.class, BiConsumer.class)
                    .invoke(null, loader, service, sink);
        } catch (ReflectiveOperationException | LinkageError error) {
            // Then they are made at the start, where it is told what is wrong with the code.
        }
    }
}
