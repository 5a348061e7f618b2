package dev.postern.crypto;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/// [Entropy] in the form in which the JDK's key encapsulation asks for random octets; it draws
/// nothing from anywhere else.
final class EntropyRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    EntropyRandom(Entropy entropy) {
        super(new Spi(entropy), null);
    }

    private static final class Spi extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        private final transient Entropy entropy;

        private Spi(Entropy entropy) {
            this.entropy = entropy;
        }

        @Override
        protected void engineSetSeed(byte[] seed) {}

        @Override
        protected void engineNextBytes(byte[] octets) {
            System.arraycopy(entropy.octets(octets.length), 0, octets, 0, octets.length);
        }

        @Override
        protected byte[] engineGenerateSeed(int length) {
            return entropy.octets(length);
        }
    }
}
