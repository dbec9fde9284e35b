package io.nstack.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the JVM of a service is started: the argument file /nstack/java/options. */
final class Options {
    /**
     * Seen from /service, where the service is started: an archive of classes holds for the very
     * class path that it was made with, and where it is made these two cannot lie at their places
     * in the image.
     */
    static final Path SERVICE = Path.of("service.jar");

    static final Path SHIM = Path.of("../nstack/java/nstack.jar");
    static final String ARCHIVE = "/nstack/java/service.jsa";

    /** Those that an archive of classes depends on. */
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0");

    private final List<Path> classPath = new ArrayList<>();
    private final String service;

    Options(List<Path> libraries, String service) {
        classPath.add(SERVICE);
        classPath.addAll(libraries);
        classPath.add(SHIM);
        this.service = service;
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
        lines.add("-cp \"" + Compile.classPath(classPath) + "\"");
        lines.add("io.nstack.Main");
        lines.add(service);
        return String.join("\n", lines) + "\n";
    }
}
