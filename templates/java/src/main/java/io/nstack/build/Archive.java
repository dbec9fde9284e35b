package io.nstack.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The archive that classes are taken from in place of reading, checking and laying them out at each start. The JVM writes it at the end of a run in which the shim serves
 * the service without calling the author's code. Whatever goes wrong, the service starts without it.
 */
final class Archive {
    private static final int SECONDS = 60;

    private Archive() {}

    /** @param stage a folder in which the jars lie as they will in the image: where the archive is made, their places are not the author's to write */
    static void make(Path stage, Options options, List<Path> own, Path archive) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path jar : options.classPath()) {
            Path staged = stage.resolve(jar.toString().substring(1));
            Files.createDirectories(staged.getParent());
            if (jar.equals(Options.SERVICE)) Compile.copy(own.get(0), staged);
            else if (jar.equals(Options.SHIM)) Compile.copy(own.get(1), staged);
            else Files.createSymbolicLink(staged, jar);
            jars.add(staged);
        }
        Files.createDirectories(archive.getParent());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(Options.flags());
        command.add("-XX:ArchiveClassesAtExit=" + archive);
        command.add("-Xlog:disable");
        command.add("-cp");
        command.add(Compile.classPath(jars));
        command.add("io.nstack.bridge.Training");
        command.add(options.service());
        if (!succeeds(command)) Files.deleteIfExists(archive);
    }

    private static boolean succeeds(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
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
