package io.nstack.build;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How the JVM of a service is started: the argument file /nstack/java/options. */
final class Options {
    /**
     * Seen from /service, where the service is started: an archive of classes holds for the very
     * class path that it was made with, and where it is made these two cannot lie at their places
     * in the image.
     */
    private static final String SERVICE = "service%s.jar";

    static final String FILE = "options";
    static final Path SHIM = Path.of("../nstack/java/nstack.jar");
    static final String ARCHIVE = "/nstack/java/service.jsa";

    /** Those that an archive of classes depends on. */
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0");

    private static final String CLASS_PATH = "-cp ";

    private final Path jar;
    private final List<Path> classPath = new ArrayList<>();
    private final String service;

    /**
     * @param libraries as the image has them, the parent's among them
     * @param inherited the class path of the parent; empty where there is none. What is on it comes
     *     after what the service brings, so that the newer one of two versions is the one that is used.
     */
    Options(List<Path> libraries, List<Path> inherited, String service) {
        long generation = parents(inherited).count();
        jar = Path.of(SERVICE.formatted(generation == 0 ? "" : "-" + generation));
        classPath.add(jar);
        for (Path library : libraries) if (!inherited.contains(library)) classPath.add(library);
        for (Path path : inherited) if (!path.equals(SHIM)) classPath.add(path);
        classPath.add(SHIM);
        this.service = service;
    }

    /** The class path that a service of this folder is started with; empty where there is none. */
    static List<Path> classPathIn(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) return List.of();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith(CLASS_PATH)) continue;
            String text = line.substring(CLASS_PATH.length()).replace("\"", "");
            return Stream.of(text.split(File.pathSeparator)).map(Path::of).toList();
        }
        return List.of();
    }

    /** The jar of the service's own code, whose name no parent's has. */
    Path jar() {
        return jar;
    }

    /** The jars of a class path that lie in the service's folder: those of services. */
    static Stream<Path> parents(List<Path> classPath) {
        return classPath.stream().filter(path -> !path.isAbsolute() && !path.equals(SHIM));
    }

    List<Path> classPath() {
        return classPath;
    }

    String service() {
        return service;
    }

    static List<String> flags() {
        return FLAGS;
    }

    String text() {
        List<String> lines = new ArrayList<>(FLAGS);
        lines.add("-XX:SharedArchiveFile=" + ARCHIVE);
        // An archive that does not hold is not used, and no reason to write to the log of the
        // service.
        lines.add("-Xlog:disable");
        lines.add("-XX:-UsePerfData");
        // The rest is for the compiler, classes, threads, and libraries in C. Messages die young,
        // so that room for young objects saves work.
        lines.add("-XX:MaxRAMPercentage=60");
        lines.add("-XX:InitialRAMPercentage=25");
        lines.add(CLASS_PATH + "\"" + Compile.classPath(classPath) + "\"");
        lines.add("io.nstack.Main");
        lines.add(service);
        return String.join("\n", lines) + "\n";
    }
}
