package dev.postern.sim;

import dev.postern.crypto.Entropy;

import java.util.List;
import java.util.SplittableRandom;

/// One stream of chance. A run forks one per purpose from its seed, so that a fault that is added
/// or taken away does not reshuffle all the rest.
public final class Dice implements Entropy {
    private final SplittableRandom random;

    private Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// The stream for a purpose; the same seed and purpose give the same stream.
    public static Dice of(long seed, String purpose) {
        long mixed = seed * 0x9e37_79b9_7f4a_7c15L;
        for (int i = 0; i < purpose.length(); i++) {
            mixed = (mixed ^ purpose.charAt(i)) * 0x0100_0000_01b3L;
            mixed ^= mixed >>> 29;
        }
        return new Dice(mixed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }

    /// 0 to `bound` - 1.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// 0 to `bound` - 1.
    public long below(long bound) {
        return random.nextLong(bound);
    }

    public int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /// True that many times in a thousand.
    public boolean permille(int chance) {
        return chance > 0 && random.nextInt(1000) < chance;
    }

    public boolean flip() {
        return random.nextBoolean();
    }

    public long word() {
        return random.nextLong();
    }

    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /// A number in [0, 1).
    public double fraction() {
        return random.nextDouble();
    }
}
