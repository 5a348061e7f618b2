package dev.postern.ike.world;

import dev.postern.crypto.Entropy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The same octets for the same seed, and a record of what was drawn.
public final class SeededEntropy implements Entropy {
    private final Random random;
    private final List<byte[]> drawn = new ArrayList<>();

    public SeededEntropy(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
        if (octets.length == 32) {
            drawn.add(octets.clone());
        }
    }

    /// Every draw of 32 octets, which nonces and private keys are, in order.
    public List<byte[]> drawn() {
        return drawn;
    }
}
