package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From the text of a file to its outermost table.
final class TomlDocument {
    /// The parser repeats what it stumbled over, which may be a secret; what it expected is known.
    private static final Pattern UNEXPECTED =
            Pattern.compile("^Unexpected .*?(, expected .*)?$", Pattern.DOTALL);

    private TomlDocument() {}

    /// @throws ConfigurationException where there is no such text file
    static String textOf(Path file) throws ConfigurationException {
        Report report = new Report();
        String text = TextFile.read(file, reason -> fault(report, file, reason));
        report.throwIfAny();
        return text == null ? "" : text;
    }

    private static void fault(Report report, Path file, String reason) {
        report.problem(Report.Kind.SYNTAX, file, 1, reason);
    }

    static Section parse(Report report, Path file, String text, Shape shape) {
        report.opened(file);
        TomlParseResult result = parse(text);
        if (result == null) {
            fault(report, file, "not TOML: a header, a string or a bracket does not close");
            result = Toml.parse("");
        }
        for (TomlParseError error : result.errors()) {
            int line = Math.max(1, error.position().line());
            report.problem(Report.Kind.SYNTAX, file, line, "not TOML: " + wordsOf(error));
        }
        return Section.top(report, file, result, shape);
    }

    private static String wordsOf(TomlParseError error) {
        String message = String.valueOf(error.getMessage()).replaceAll("\\(line \\d+.*\\)$", "");
        Matcher unexpected = UNEXPECTED.matcher(message);
        if (!unexpected.matches()) {
            return Place.printable(message);
        }
        String expected = unexpected.group(1);
        int column = error.position().column();
        return "unexpected text at column "
                + column
                + (expected == null ? "" : expected.replaceAll("\\s+", " "));
    }

    /// Whether the text has that table or key at its top.
    static boolean defines(String text, String name) {
        TomlParseResult result = parse(text);
        return result != null && result.keySet().contains(name);
    }

    /// Whether the text has this list at its top, whatever else is wrong with it.
    static boolean definesList(String text, String name) {
        TomlParseResult result = parse(text);
        return result != null && result.isArray(name);
    }

    /// Null where the parser meets a bug of its own, as it does in some headers that do not close.
    private static @Nullable TomlParseResult parse(String text) {
        try {
            return Toml.parse(text);
        } catch (AssertionError | RuntimeException confused) {
            return null;
        }
    }
}
