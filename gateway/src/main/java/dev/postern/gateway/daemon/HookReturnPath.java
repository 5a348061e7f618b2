package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The return path by somebody else, a routing daemon for example: a program is run as `HOOK add
/// ADDRESS` and `HOOK del ADDRESS`, one at a time and in order.
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
    public void advertise(InetAddress inner) {
        if (kernel != null) {
            kernel.advertise(inner);
        }
        run("add", inner);
    }

    @Override
    public void withdraw(InetAddress inner) {
        run("del", inner);
        if (kernel != null) {
            kernel.withdraw(inner);
        }
    }

    private void run(String verb, InetAddress inner) {
        try {
            Process process =
                    new ProcessBuilder(program.toString(), verb, inner.getHostAddress())
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
                        inner.getHostAddress(),
                        PATIENCE_SECONDS);
            } else if (process.exitValue() != 0) {
                LOG.error(
                        "{} {} {} ended with status {}",
                        program,
                        verb,
                        inner.getHostAddress(),
                        process.exitValue());
            }
        } catch (IOException e) {
            LOG.error("cannot run the return path hook {}: {}", program, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (kernel != null) {
            kernel.close();
        }
    }
}
