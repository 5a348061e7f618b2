package dev.postern.ike.world;

import dev.postern.crypto.Entropy;

import java.util.Random;

/// The same octets for the same seed.
public final class SeededEntropy implements Entropy {
    private final Random random;

    public SeededEntropy(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
