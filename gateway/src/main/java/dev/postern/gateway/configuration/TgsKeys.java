package dev.postern.gateway.configuration;

import dev.postern.ticket.TgsKeyRing;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// The TGS keys that the gateways of a domain share.
///
/// @param file where they were read from; a running gateway reads it again when it changes
public record TgsKeys(Path file, TgsKeyRing ring) {
    /// Reads a file by itself, as a running gateway does when it has changed.
    ///
    /// @param now keys that have expired at this instant do not count
    /// @throws ConfigurationException with everything that is wrong with it
    public static TgsKeys read(Path file, Instant now) throws ConfigurationException {
        Report report = new Report();
        TgsKeys keys = TgsKeyReader.read(file, new Place(report, file, 1, "tgs-keys", "", ""), now);
        report.throwIfAny();
        if (keys == null) {
            throw new ConfigurationException(
                    List.of(new Problem(file, 1, "there is no key in it")));
        }
        return keys;
    }
}
