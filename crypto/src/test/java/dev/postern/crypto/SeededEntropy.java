package dev.postern.crypto;

import java.util.Random;

/// A stream of octets that a seed determines.
final class SeededEntropy implements Entropy {
    private final Random random;

    SeededEntropy(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
