package io.nstack.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.JavaFileObject;

/** Tells what the compiler found, one JSON object a line on stderr. Notes are left out. */
final class Findings implements DiagnosticListener<JavaFileObject> {
    private final Path source;
    private final String root;

    /**
     * @param root what stands before the path below {@code source} in the author's folder; may be
     *     empty
     */
    Findings(Path source, String root) {
        this.source = source;
        this.root = root.isEmpty() ? "" : root + "/";
    }

    /** The author's path of a file; null where it is none of the author's. */
    String authorsPath(JavaFileObject file) {
        if (file == null || !"file".equals(file.toUri().getScheme())) return null;
        Path path = Path.of(file.toUri());
        return path.startsWith(source) ? root + source.relativize(path) : null;
    }

    /** Tells an error of no one place. */
    void error(String file, String message) {
        StringBuilder line = new StringBuilder("{\"nstack\":\"diagnostic\",\"severity\":\"error\"");
        append(line, "file", root + file);
        append(line, "message", message);
        System.err.println(line.append(",\"line\":1,\"column\":1,\"length\":1}"));
    }

    @Override
    public void report(Diagnostic<? extends JavaFileObject> finding) {
        String severity;
        switch (finding.getKind()) {
            case ERROR:
                severity = "error";
                break;
            case WARNING, MANDATORY_WARNING:
                severity = "warning";
                break;
            default:
                return;
        }
        String file = authorsPath(finding.getSource());
        // What is wrong with a library is nothing the author could mend.
        if (file == null && severity.equals("warning")) return;
        StringBuilder line =
                new StringBuilder("{\"nstack\":\"diagnostic\",\"severity\":\"")
                        .append(severity)
                        .append('"');
        if (file != null) {
            append(line, "file", file);
            place(line, finding);
        }
        append(line, "message", message(finding.getMessage(Locale.ENGLISH)));
        if (finding.getCode() != null) append(line, "code", finding.getCode());
        System.err.println(line.append('}'));
    }

    private static void place(StringBuilder line, Diagnostic<? extends JavaFileObject> finding) {
        if (finding.getPosition() == Diagnostic.NOPOS) return;
        CharSequence text;
        try {
            text = finding.getSource().getCharContent(true);
        } catch (IOException unreadable) {
            return;
        }
        int start = (int) finding.getStartPosition();
        int end = (int) finding.getEndPosition();
        int position = (int) finding.getPosition();
        if (start < 0 || start > position || hasLineFeed(text, start, position)) start = position;
        int lineStart = start;
        while (lineStart > 0
                && text.charAt(lineStart - 1) != '\n'
                && text.charAt(lineStart - 1) != '\r') lineStart--;
        int lineEnd = start;
        while (lineEnd < text.length()
                && text.charAt(lineEnd) != '\n'
                && text.charAt(lineEnd) != '\r') lineEnd++;
        int length = Math.max(1, Math.min(end, lineEnd) - start);
        line.append(",\"line\":").append(lineNumber(text, start));
        line.append(",\"column\":")
                .append(start - lineStart + 1)
                .append(",\"length\":")
                .append(length);
    }

    private static boolean hasLineFeed(CharSequence text, int start, int end) {
        for (int at = start; at < end && at < text.length(); at++) {
            if (text.charAt(at) == '\n') return true;
        }
        return false;
    }

    static int lineNumber(CharSequence text, int position) {
        int line = 1;
        for (int at = 0; at < position && at < text.length(); at++) {
            char sign = text.charAt(at);
            if (sign == '\n'
                    || (sign == '\r' && (at + 1 == text.length() || text.charAt(at + 1) != '\n')))
                line++;
        }
        return line;
    }

    /** javac's words in one line: the first, and the symbol that it is about. */
    private static String message(String text) {
        String[] lines = text.split("\\R");
        StringBuilder message = new StringBuilder(lines[0].strip());
        for (int index = 1; index < lines.length; index++) {
            String rest = lines[index].strip().replaceAll("\\s+", " ");
            if (rest.startsWith("symbol: ")) message.append(": ").append(rest.substring(8));
            else if (!rest.startsWith("location: ") && !rest.isEmpty())
                message.append("; ").append(rest);
        }
        return message.toString();
    }

    private static void append(StringBuilder line, String name, String text) {
        line.append(",\"").append(name).append("\":\"");
        for (int index = 0; index < text.length(); index++) {
            char sign = text.charAt(index);
            if (sign == '"' || sign == '\\') line.append('\\').append(sign);
            else if (sign < ' ' || Character.isSurrogate(sign))
                line.append(String.format("\\u%04x", (int) sign));
            else line.append(sign);
        }
        line.append('"');
    }
}
