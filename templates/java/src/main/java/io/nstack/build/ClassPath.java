package io.nstack.build;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The jars that a service can use, in an order that is always the same. */
final class ClassPath {
    static final Path SERVICE = Path.of("/service");
    private static final Path DEBIAN = Path.of("/usr/share/java");

    private ClassPath() {}

    /** Those that Maven brought, then Debian's. */
    static List<Path> libraries(Path folder) throws IOException {
        return join(jarsIn(folder), jarsIn(DEBIAN));
    }

    /**
     * In order of name; Debian's links with versions in their names lead to the same jars and are
     * left out.
     */
    static List<Path> jarsIn(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        if (!Files.isDirectory(folder)) return jars;
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) found.add(file);
        }
        Collections.sort(found);
        for (Path file : found) {
            if (!Files.isSymbolicLink(file) || !file.toRealPath().startsWith(folder.toRealPath()))
                jars.add(file);
        }
        return jars;
    }

    @SafeVarargs
    static List<Path> join(List<Path>... parts) {
        List<Path> all = new ArrayList<>();
        for (List<Path> part : parts) all.addAll(part);
        return all;
    }
}
