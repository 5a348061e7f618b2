package dev.postern.gateway.daemon;

import dev.postern.cluster.StandbyConduct;
import dev.postern.gateway.configuration.StandbySettings;

import java.io.IOException;
import java.time.Duration;

/// The addresses that the members of a cluster share, as this member can have them or not. Used by
/// one thread at a time.
interface SharedAddresses extends StandbyConduct.Addresses, AutoCloseable {
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
        SharedAddresses all = new HookedAddresses(kernel, settings.hook(), settings.addresses());
        try {
            all.lower();
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }
}
