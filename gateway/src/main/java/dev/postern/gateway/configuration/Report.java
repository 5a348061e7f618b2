package dev.postern.gateway.configuration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects what is wrong while a file is read to its end.
///
/// After a syntax error the rest of a file may stand under the wrong heading. So only what cannot
/// be its consequence is told beside it: values that are wrong by themselves, and unknown keys
/// above it.
final class Report {
    /// What a problem is about.
    enum Kind {
        SYNTAX,
        VALUE,
        UNKNOWN_KEY,
        MISSING_KEY,
        CONTRADICTION
    }

    private record Entry(Kind kind, Problem problem) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<Path, Integer> firstSyntaxErrors = new HashMap<>();
    private final List<Path> files = new ArrayList<>();
    private final Set<Path> withSecrets = new HashSet<>();

    void problem(Kind kind, Path file, int line, String message) {
        if (kind == Kind.SYNTAX) {
            firstSyntaxErrors.merge(file, line, Math::min);
        }
        entries.add(new Entry(kind, new Problem(file, line, message)));
    }

    void warning(Path file, int line, String message) {
        warnings.add(new Problem(file, line, message));
    }

    /// A file that is about to be read; problems are told in this order of files.
    void opened(Path file) {
        if (!files.contains(file)) {
            files.add(file);
        }
    }

    /// Notes that the text of `file` itself holds a secret; true the first time.
    boolean holdsSecret(Path file) {
        return withSecrets.add(file);
    }

    List<Problem> warnings() {
        return warnings.stream().sorted(order()).toList();
    }

    /// What is to be told, in the order of files and lines.
    List<Problem> problems() {
        return entries.stream()
                .filter(this::isReliable)
                .map(Entry::problem)
                .distinct()
                .sorted(order())
                .toList();
    }

    void throwIfAny() throws ConfigurationException {
        List<Problem> problems = problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private boolean isReliable(Entry entry) {
        return switch (entry.kind()) {
            case SYNTAX, VALUE -> true;
            case UNKNOWN_KEY -> {
                Integer error = firstSyntaxErrors.get(entry.problem().file());
                yield error == null || entry.problem().line() < error;
            }
            case MISSING_KEY, CONTRADICTION -> firstSyntaxErrors.isEmpty();
        };
    }

    private Comparator<Problem> order() {
        return Comparator.<Problem>comparingInt(p -> files.indexOf(p.file()))
                .thenComparing(Problem.BY_PLACE);
    }
}
