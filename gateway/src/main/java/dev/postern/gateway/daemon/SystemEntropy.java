package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;

import java.security.SecureRandom;

/// The platform's random source, asked anew for every draw: octets kept in stock would come twice
/// from a virtual machine that is restored from a snapshot, and with them the salt of a ticket.
final class SystemEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
