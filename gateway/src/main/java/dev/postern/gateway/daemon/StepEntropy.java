package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;

import java.util.Arrays;

/// The random octets of one endpoint: what a step takes in several small draws is asked of the
/// source at once, and what is left of it serves no later step. A process that is restored twice
/// from one snapshot so does at most the step twice in which it was taken, and since a step depends
/// on nothing but its input, its instant and these octets, it says the same both times. On the
/// endpoint's thread.
final class StepEntropy implements Entropy {
    /// A resume takes 84.
    static final int STOCK = 96;

    private final Entropy source;
    private final byte[] stock = new byte[STOCK];
    private int used = STOCK;

    StepEntropy(Entropy source) {
        this.source = source;
    }

    /// A step begins: nothing that was drawn for an earlier one is used any more.
    void begin() {
        Arrays.fill(stock, used, STOCK, (byte) 0);
        used = STOCK;
    }

    @Override
    public void fill(byte[] octets) {
        if (octets.length > STOCK) {
            source.fill(octets);
            return;
        }
        if (octets.length > STOCK - used) {
            source.fill(stock);
            used = 0;
        }
        System.arraycopy(stock, used, octets, 0, octets.length);
        Arrays.fill(stock, used, used + octets.length, (byte) 0);
        used += octets.length;
    }
}
