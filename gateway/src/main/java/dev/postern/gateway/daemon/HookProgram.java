package dev.postern.gateway.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the operator's that is told what happens, one run at a time.
record HookProgram(Path program) {
    private static final Logger LOG = LoggerFactory.getLogger(HookProgram.class);
    private static final long PATIENCE_SECONDS = 10;

    /// Runs it with these words and waits for its end, ten seconds at most. What goes wrong is
    /// logged.
    void run(List<String> words) {
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(words);
        String shown = String.join(" ", line);
        try {
            Process process =
                    new ProcessBuilder(line)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.error("{} did not end within {} s and was killed", shown, PATIENCE_SECONDS);
            } else if (process.exitValue() != 0) {
                LOG.error("{} ended with status {}", shown, process.exitValue());
            }
        } catch (IOException e) {
            LOG.error("cannot run the hook {}: {}", program, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
