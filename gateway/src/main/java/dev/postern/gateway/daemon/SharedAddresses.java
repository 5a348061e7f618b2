package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.StandbySettings;
import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The addresses that the members of a cluster share, as this member can have them or not. Used by
/// one thread at a time.
interface SharedAddresses extends AutoCloseable {
    /// They are ours from now on, and the network hears of it.
    ///
    /// @throws IOException in words, where that cannot be
    void raise(int epoch) throws IOException;

    /// They are still ours; they do not stay for long without this.
    void renew() throws IOException;

    /// Says again where they are; a switch or a host may have missed it.
    void announce() throws IOException;

    /// They are another member's from now on.
    void lower() throws IOException;

    @Override
    void close();

    /// Makes sure that this member has none of them: an earlier run may have left them behind.
    ///
    /// @param silence after which the others count a member as lost; by then it has lost them too
    /// @throws IOException where the interface is not there or privileges are missing
    static SharedAddresses open(StandbySettings settings, Duration silence) throws IOException {
        String device = settings.device();
        SharedAddresses kernel =
                device == null ? null : LentAddresses.open(device, settings.addresses(), silence);
        SharedAddresses all = new Hooked(kernel, settings.hook(), settings.addresses());
        try {
            all.lower();
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /// With a program that is told, which may be the one that moves them.
    record Hooked(@Nullable SharedAddresses kernel, @Nullable Path hook, List<Prefix> addresses)
            implements SharedAddresses {
        @Override
        public void raise(int epoch) throws IOException {
            if (kernel != null) {
                kernel.raise(epoch);
            }
            tell("take", String.valueOf(epoch));
        }

        @Override
        public void renew() throws IOException {
            if (kernel != null) {
                kernel.renew();
            }
        }

        @Override
        public void announce() throws IOException {
            if (kernel != null) {
                kernel.announce();
            }
        }

        @Override
        public void lower() throws IOException {
            try {
                if (kernel != null) {
                    kernel.lower();
                }
            } finally {
                tell("give");
            }
        }

        private void tell(String... words) {
            if (hook != null) {
                List<String> line = new ArrayList<>(List.of(words));
                addresses.forEach(address -> line.add(address.toString()));
                new HookProgram(hook).run(line);
            }
        }

        @Override
        public void close() {
            if (kernel != null) {
                kernel.close();
            }
        }
    }
}
