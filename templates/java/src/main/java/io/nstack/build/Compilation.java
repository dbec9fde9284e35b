package io.nstack.build;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * One run of javac in this process, and what it showed of the sources: the service's class, and
 * where each method stands.
 */
final class Compilation {
    private static final String WARNINGS =
            "-Xlint:removal,unchecked,divzero,static,finally,overrides";

    private final Path source;
    private final Path entry;
    private final Findings findings;
    private final StringBuilder places = new StringBuilder();
    private String service;

    Compilation(Path source, String entry, Findings findings) {
        this.source = source;
        this.entry = source.resolve(entry);
        this.findings = findings;
    }

    /** The class of the entry file that is named like the file, else its first one. */
    String service() {
        return service;
    }

    /** The lines of META-INF/nstack/places. */
    String places() {
        return places.toString();
    }

    /** Whether there were no errors. */
    boolean run(Path classes, List<Path> classPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(findings, Locale.ENGLISH, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            List<String> options =
                    List.of(
                            "-parameters",
                            "-g",
                            "-proc:full",
                            "-encoding",
                            "UTF-8",
                            "-Xmaxerrs",
                            "200",
                            "-Xdiags:compact",
                            WARNINGS);
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    findings,
                                    options,
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            task.addTaskListener(
                    new TaskListener() {
                        @Override
                        public void finished(TaskEvent event) {
                            if (event.getKind() == TaskEvent.Kind.PARSE)
                                read(event.getCompilationUnit(), positions);
                        }
                    });
            boolean compiled = task.call();
            if (compiled && service == null)
                findings.error(source.relativize(entry).toString(), "it holds no class");
            return compiled && service != null;
        }
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            return new ArrayList<>(
                    files.filter(file -> file.toString().endsWith(".java")).sorted().toList());
        }
    }

    private void read(CompilationUnitTree unit, SourcePositions positions) {
        String file = findings.authorsPath(unit.getSourceFile());
        if (file == null) return;
        Path path = Path.of(unit.getSourceFile().toUri());
        String packageName = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        CharSequence text;
        try {
            text = unit.getSourceFile().getCharContent(true);
        } catch (IOException unreadable) {
            return;
        }
        boolean first = true;
        for (Tree tree : unit.getTypeDecls()) {
            if (!(tree instanceof ClassTree type)) continue;
            String name = packageName + type.getSimpleName();
            boolean named = path.getFileName().toString().equals(type.getSimpleName() + ".java");
            if (path.equals(entry) && (first || named)) service = name;
            first = false;
            readClass(unit, positions, text, type, name, source.relativize(path).toString());
        }
    }

    private void readClass(
            CompilationUnitTree unit,
            SourcePositions positions,
            CharSequence text,
            ClassTree type,
            String name,
            String file) {
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree inner)
                readClass(unit, positions, text, inner, name + "$" + inner.getSimpleName(), file);
            if (!(member instanceof MethodTree method) || method.getReturnType() == null) continue;
            boolean isPublic =
                    method.getModifiers().getFlags().contains(Modifier.PUBLIC)
                            || type.getKind() == Tree.Kind.INTERFACE;
            if (!isPublic) continue;
            int after = (int) positions.getEndPosition(unit, method.getReturnType());
            int at = text.toString().indexOf(method.getName().toString(), Math.max(0, after));
            if (at < 0) continue;
            long column =
                    at
                            - Math.max(
                                    text.toString().lastIndexOf('\n', at),
                                    text.toString().lastIndexOf('\r', at));
            places.append(name)
                    .append('\t')
                    .append(method.getName())
                    .append('\t')
                    .append(method.getParameters().size());
            places.append('\t').append(file.replace(File.separatorChar, '/'));
            places.append('\t')
                    .append(Findings.lineNumber(text, at))
                    .append('\t')
                    .append(column)
                    .append('\n');
        }
    }
}
