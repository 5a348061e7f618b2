package dev.postern.cli;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/// `postern` as it is typed, in this process, and what it says, on either stream.
final class Typed {
    private volatile StringWriter out = new StringWriter();

    /// Runs a command line to its end.
    ///
    /// @return its exit code
    int run(String... words) {
        StringWriter written = new StringWriter();
        out = written;
        return new CommandLine(new Postern())
                .setOut(new PrintWriter(written))
                .setErr(new PrintWriter(written))
                .execute(words);
    }

    /// What the last one says, or has said. From any thread.
    String said() {
        return out.toString();
    }
}
