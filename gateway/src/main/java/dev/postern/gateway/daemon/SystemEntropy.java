package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;

import java.security.SecureRandom;

/// The platform's random source. Draws a block at a time: one call costs as much as a kilobyte.
final class SystemEntropy implements Entropy {
    private static final int BLOCK = 4096;

    private final SecureRandom random = new SecureRandom();
    private final byte[] block = new byte[BLOCK];
    private int used = BLOCK;

    @Override
    public void fill(byte[] octets) {
        if (octets.length > BLOCK / 4) {
            random.nextBytes(octets);
            return;
        }
        if (used + octets.length > BLOCK) {
            random.nextBytes(block);
            used = 0;
        }
        System.arraycopy(block, used, octets, 0, octets.length);
        java.util.Arrays.fill(block, used, used + octets.length, (byte) 0);
        used += octets.length;
    }
}
