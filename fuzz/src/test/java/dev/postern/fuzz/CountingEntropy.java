package dev.postern.fuzz;

import dev.postern.crypto.Entropy;

import java.util.Random;

/// The same octets for the same seed: a run of a target repeats.
final class CountingEntropy implements Entropy {
    private final Random random;

    CountingEntropy(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
