package dev.postern.rules;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// One rule about the text of the tree's files.
///
/// @param name what is not wanted
/// @param offences the offences in a file, given its path in the tree and its text
record SourceRule(String name, BiFunction<Path, String, List<String>> offences) {
    private static final int LONGEST_FILE = 400;

    private static final Pattern CLASS_NAME =
            Pattern.compile("(?m)^\\s*(?:[a-z-]+ )*(?:class|record|interface|enum) (\\w+)");

    private static final Pattern VAGUE =
            Pattern.compile("\\w*(Manager|Helper|Utils?|Impl|Base|Info)");

    /// Spelled in halves where this file would otherwise break its own rules.
    static final List<SourceRule> ALL =
            List.of(
                    words("unfinished work", "\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"),
                    words(
                            "a test that may not run",
                            "@(Dis|En)"
                                    + "abled(If|On|For)?\\w*|\\bassume(True|False|That|No)\\w*\\("),
                    words(
                            "a path of one machine",
                            "(?<![\\w./-])(/wo"
                                    + "rk|/ro"
                                    + "ot|/ho"
                                    + "me/\\w+|/Use"
                                    + "rs)(?![\\w-])"),
                    words(
                            "the host of a registry",
                            "repo1?\\.maven\\.(apache\\.)?org|registry\\.npmjs|pypi\\.org|(docker|ghcr)\\.io"),
                    new SourceRule("a file of more than 400 lines", SourceRule::tooLong),
                    new SourceRule("a name that says nothing", SourceRule::vagueNames));

    private static SourceRule words(String name, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new SourceRule(
                name,
                (_, text) -> pattern.matcher(text).results().map(MatchResult::group).toList());
    }

    private static List<String> tooLong(Path file, String text) {
        long lines = text.lines().count();
        boolean shipped = file.toString().contains("src/main/java/");
        return shipped && lines > LONGEST_FILE ? List.of(lines + " lines") : List.of();
    }

    private static List<String> vagueNames(Path file, String text) {
        if (!file.toString().endsWith(".java")) {
            return List.of();
        }
        return CLASS_NAME
                .matcher(text)
                .results()
                .map(declaration -> declaration.group(1))
                .filter(type -> VAGUE.matcher(type).matches())
                .toList();
    }

    /// What is wrong with a package, given the text of its `package-info.java`, if it has one.
    static Optional<String> packageOffence(Optional<String> packageInfo) {
        if (packageInfo.isEmpty()) {
            return Optional.of("has no package-info.java");
        }
        return packageInfo.get().contains("@NullMarked\npackage ")
                ? Optional.empty()
                : Optional.of("is not @NullMarked");
    }
}
