package io.nstack.build;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * {@code java -cp nstack-build.jar io.nstack.build.Compile}: compiles a service in the folder it is
 * started in.
 *
 * <p>Takes {@code src/**} and {@code resources/**}; {@code NSTACK_ENTRY}, the path of the service's
 * class below src, and {@code NSTACK_SOURCE_ROOT}, what stands before that in the author's folder.
 * Leaves {@code out/LAYER/PATH} for {@code /PATH} of the image. Says what the compiler found on
 * stderr, one JSON object a line, and ends with 1 where that is an error.
 */
public final class Compile {
    /**
     * The one time of everything in an image (src/builder/image/tar-entries.ts): an archive of classes
     * holds for jars of the same time alone.
     */
    static final FileTime TIME = FileTime.fromMillis(315_532_800_000L);

    private static final Path INSTALLED = Path.of("/nstack/java");

    private Compile() {}

    public static void main(String[] arguments) throws IOException {
        if (!compile()) System.exit(1);
    }

    /** Whether there were no errors. */
    static boolean compile() throws IOException {
        Path build = Path.of("").toAbsolutePath();
        Path source = build.resolve("src");
        Path classes = Files.createDirectories(build.resolve("classes"));
        Path out = build.resolve("out");
        Path shim = INSTALLED.resolve("nstack.jar");
        List<Path> libraries = ClassPath.libraries(INSTALLED.resolve("lib"));
        List<Path> provided = ClassPath.jarsIn(INSTALLED.resolve("provided"));
        List<Path> inherited = Options.classPathIn(INSTALLED);
        List<Path> parents = Options.parents(inherited).map(ClassPath.SERVICE::resolve).toList();

        Findings findings = new Findings(source, text("NSTACK_SOURCE_ROOT"));
        Compilation compilation = new Compilation(source, text("NSTACK_ENTRY"), findings);
        if (!compilation.run(classes, ClassPath.join(libraries, parents, provided, List.of(shim))))
            return false;
        ExitCalls.redirect(classes);
        Generated.write(
                compilation.service(),
                classes,
                ClassPath.join(libraries, parents, List.of(shim)));

        Options options = new Options(libraries, inherited, compilation.service());
        Path jar = out.resolve("code/service").resolve(options.jar());
        ServiceJar.write(jar, List.of(classes, build.resolve("resources")), compilation.places());
        Path shimCopy = out.resolve("shim/nstack/java/nstack.jar");
        copy(shim, shimCopy);
        write(out.resolve("code/nstack/java").resolve(Options.FILE), options.text());
        Path archive = out.resolve("archive/nstack/java/service.jsa");
        Archive.make(build.resolve("stage"), options, jar, shimCopy, archive);
        return true;
    }

    private static String text(String variable) {
        String value = System.getenv(variable);
        return value == null ? "" : value;
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(to, TIME);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static String classPath(List<Path> jars) {
        StringBuilder text = new StringBuilder();
        for (Path jar : jars) text.append(text.isEmpty() ? "" : File.pathSeparator).append(jar);
        return text.toString();
    }
}
