package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// The return path by somebody else, a routing daemon for example: a program is run as `HOOK add
/// ADDRESS` and `HOOK del ADDRESS`, one at a time and in order; a network is written as
/// `10.2.0.0/24`.
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
    public void advertise(Prefix inner) {
        if (kernel != null) {
            kernel.advertise(inner);
        }
        program.run(List.of("add", text(inner)));
    }

    @Override
    public void withdraw(Prefix inner) {
        program.run(List.of("del", text(inner)));
        if (kernel != null) {
            kernel.withdraw(inner);
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
