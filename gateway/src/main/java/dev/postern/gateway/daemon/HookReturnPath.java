package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// The return path by somebody else, a routing daemon for example: a program is run as `HOOK add
/// ADDRESS` and `HOOK del ADDRESS`, one at a time and in order.
final class HookReturnPath implements ReturnPath {
    private final HookProgram program;
    private final @Nullable ReturnPath kernel;

    /// @param kernel the host route that comes before the program is told; null where there is no
    ///   TUN device
    HookReturnPath(Path program, @Nullable ReturnPath kernel) {
        this.program = new HookProgram(program);
        this.kernel = kernel;
    }

    @Override
    public void advertise(InetAddress inner) {
        if (kernel != null) {
            kernel.advertise(inner);
        }
        program.run(List.of("add", inner.getHostAddress()));
    }

    @Override
    public void withdraw(InetAddress inner) {
        program.run(List.of("del", inner.getHostAddress()));
        if (kernel != null) {
            kernel.withdraw(inner);
        }
    }

    @Override
    public void close() {
        if (kernel != null) {
            kernel.close();
        }
    }
}
