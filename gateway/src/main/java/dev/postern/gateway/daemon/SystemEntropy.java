package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The kernel's random source, asked anew for every draw: octets kept in stock, as the platform's
/// `SecureRandom` does for a tenth of a second, would come twice from a virtual machine that is
/// restored twice from one snapshot, and with them the salt of a ticket. The kernel notices such a
/// restoration and begins anew.
final class SystemEntropy implements Entropy {
    private static final String SOURCE = "/dev/urandom";
    private static final InputStream SYSTEM = open();

    private final InputStream source;

    SystemEntropy() {
        this(SYSTEM);
    }

    /// @param source read to the octet, and not ahead
    SystemEntropy(InputStream source) {
        this.source = source;
    }

    private static InputStream open() {
        try {
            return new FileInputStream(SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "random numbers come from " + SOURCE + ", which cannot be opened", e);
        }
    }

    @Override
    public void fill(byte[] octets) {
        try {
            if (source.readNBytes(octets, 0, octets.length) < octets.length) {
                throw new EOFException(SOURCE + " has ended");
            }
        } catch (IOException e) {
            // Without it no key is safe: nothing goes on.
            throw new UncheckedIOException("no random numbers", e);
        }
    }
}
