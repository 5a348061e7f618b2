package dev.postern.cli;

/// Exit codes of every command.
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;

    /// Wrong arguments or a wrong configuration.
    static final int WRONG_USAGE = 2;

    private ExitCode() {}
}
