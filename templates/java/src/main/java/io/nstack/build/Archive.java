package io.nstack.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The archive that classes are taken from in place of reading, checking and laying them out at each
 * start. The JVM writes it at the end of a run in which the shim serves the service without calling
 * the author's code. Whatever goes wrong, the service starts without it.
 */
final class Archive {
    private static final int SECONDS = 60;

    private Archive() {}

    /**
     * @param stage stands for the root of the image
     */
    static void make(Path stage, Options options, Path serviceJar, Path shimJar, Path archive)
            throws IOException {
        Path workdir = Files.createDirectories(stage.resolve("service"));
        Compile.copy(serviceJar, workdir.resolve(options.jar()));
        for (Path parent : Options.parents(options.classPath()).skip(1).toList())
            Compile.copy(ClassPath.SERVICE.resolve(parent), workdir.resolve(parent));
        Compile.copy(shimJar, workdir.resolve(Options.SHIM).normalize());
        Files.createDirectories(archive.getParent());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(Options.flags());
        command.add("-XX:ArchiveClassesAtExit=" + archive);
        command.add("-Xlog:disable");
        command.add("-cp");
        command.add(Compile.classPath(options.classPath()));
        command.add("io.nstack.bridge.Training");
        command.add(options.service());
        if (!succeeds(command, workdir)) Files.deleteIfExists(archive);
    }

    private static boolean succeeds(List<String> command, Path workdir) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(workdir.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (process.waitFor(SECONDS, TimeUnit.SECONDS)) return process.exitValue() == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
