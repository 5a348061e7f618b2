package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The return path by somebody else, a routing daemon for example: a program is run as `HOOK add
/// ADDRESS` and `HOOK del ADDRESS`, one at a time and in order; a network is written as
/// `10.2.0.0/24`.
final class HookReturnPath implements ReturnPath {
    private static final Logger LOG = LoggerFactory.getLogger(HookReturnPath.class);
    private static final long PATIENCE_SECONDS = 10;

    private final Path program;
    private final @Nullable ReturnPath kernel;

    /// @param kernel the host route that comes before the program is told; null where there is no
    ///   TUN device
    HookReturnPath(Path program, @Nullable ReturnPath kernel) {
        this.program = program;
        this.kernel = kernel;
    }

    @Override
    public void advertise(Prefix inner) {
        if (kernel != null) {
            kernel.advertise(inner);
        }
        run("add", inner);
    }

    @Override
    public void withdraw(Prefix inner) {
        run("del", inner);
        if (kernel != null) {
            kernel.withdraw(inner);
        }
    }

    private void run(String verb, Prefix inner) {
        try {
            Process process =
                    new ProcessBuilder(program.toString(), verb, text(inner))
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.error(
                        "{} {} {} did not end within {} s and was killed",
                        program,
                        verb,
                        text(inner),
                        PATIENCE_SECONDS);
            } else if (process.exitValue() != 0) {
                LOG.error(
                        "{} {} {} ended with status {}",
                        program,
                        verb,
                        text(inner),
                        process.exitValue());
            }
        } catch (IOException e) {
            LOG.error("cannot run the return path hook {}: {}", program, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Prefix inner) {
        return inner.isHost() ? inner.address().getHostAddress() : inner.toString();
    }

    @Override
    public void close() {
        if (kernel != null) {
            kernel.close();
        }
    }
}
