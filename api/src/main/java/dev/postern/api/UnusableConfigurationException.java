package dev.postern.api;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.Problem;

import java.util.List;

/// A configuration cannot be used: the message has every mistake with its file, line and what is
/// legal, a missing or unreadable file and key file among them.
public final class UnusableConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    UnusableConfigurationException(ConfigurationException cause) {
        super(cause.getMessage(), cause);
        this.problems = cause.problems().stream().map(Problem::toString).toList();
    }

    /// One sentence for each mistake.
    public List<String> problems() {
        return problems;
    }
}
