package io.nstack.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The jar of the author's code and resources: the same bytes for the same code. */
final class ServiceJar {
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ServiceJar() {}

    static void write(Path jar, List<Path> folders, String places) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) continue;
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    entries.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        entries.put("META-INF/nstack/places", places.getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> one : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(one.getKey());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(one.getValue());
                out.closeEntry();
            }
        }
        Files.setLastModifiedTime(jar, Compile.TIME);
    }
}
