package dev.postern.gateway.configuration;

import java.util.List;
import java.util.stream.Collectors;

/// Every problem of a configuration, in the order of its lines. A command that meets it prints the
/// problems and ends with exit code 2.
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// Never empty.
    public List<Problem> problems() {
        return problems;
    }
}
