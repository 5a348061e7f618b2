package dev.postern.rules;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The layout of every Java file in the tree: google-java-format, AOSP style.
///
/// The build only compares ([#unformatted]); `./postern format` runs [#main], which rewrites. That
/// command starts this file with the source launcher and not from a jar, so it also repairs a tree
/// that does not compile.
public final class SourceFormat {
    /// The command that repairs what [#unformatted] found.
    public static final String REPAIR = "./postern format";

    private static final int MOST_PASSES = 4;

    private SourceFormat() {}

    /// Every Java file under `root`, without build output and hidden directories, in a stable
    /// order.
    public static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> isSource(root.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    /// Those files under `root` that the formatter would change, relative to `root`.
    public static List<Path> unformatted(Path root) throws IOException {
        return javaFiles(root).parallelStream()
                .filter(file -> !formatted(file).equals(read(file)))
                .map(root::relativize)
                .toList();
    }

    /// What `source` looks like in the style of the tree. Where the formatter breaks a long string
    /// it wants a second look at its own result, so this goes on until nothing changes.
    public static String format(String source) throws FormatterException {
        JavaFormatterOptions aosp =
                JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build();
        String before = source;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String after = new Formatter(aosp).formatSourceAndFixImports(before);
            if (after.equals(before)) {
                break;
            }
            before = after;
        }
        return before;
    }

    /// `SourceFormat [--check]`: rewrites the files under the working directory, or only lists
    /// those that would change and ends with 1.
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        boolean check = List.of(arguments).contains("--check");
        List<Path> files = unformatted(root);
        for (Path file : files) {
            if (!check) {
                Files.writeString(root.resolve(file), formatted(root.resolve(file)));
            }
            System.out.println(check ? "would change: " + file : "formatted: " + file);
        }
        if (check && !files.isEmpty()) {
            System.out.println("Repair them with: " + REPAIR);
            System.exit(1);
        }
    }

    private static boolean isSource(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.equals("target") || name.startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    private static String formatted(Path file) {
        try {
            return format(read(file));
        } catch (FormatterException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
