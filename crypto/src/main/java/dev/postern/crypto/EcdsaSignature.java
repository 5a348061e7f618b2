package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/// The two numbers of an ECDSA signature, and their two forms on the wire: r | s of fixed length
/// (RFC 4754, AUTH methods 9 to 11), and a SEQUENCE (RFC 7427).
public record EcdsaSignature(BigInteger r, BigInteger s) {
    /// Empty where `octets` are not exactly one signature in DER.
    public static Optional<EcdsaSignature> ofDer(byte[] octets) {
        try {
            Der numbers = Der.only(octets, Der.SEQUENCE);
            EcdsaSignature signature = new EcdsaSignature(numbers.integer(), numbers.integer());
            numbers.finish();
            return Optional.of(signature);
        } catch (MalformedDerException e) {
            return Optional.empty();
        }
    }

    /// Empty where the length is odd or nothing.
    public static Optional<EcdsaSignature> ofRaw(byte[] octets) {
        if (octets.length == 0 || octets.length % 2 != 0) {
            return Optional.empty();
        }
        int half = octets.length / 2;
        return Optional.of(
                new EcdsaSignature(
                        new BigInteger(1, Arrays.copyOf(octets, half)),
                        new BigInteger(1, Arrays.copyOfRange(octets, half, octets.length))));
    }

    public byte[] toDer() {
        return Der.write(Der.SEQUENCE, Der.write(r), Der.write(s));
    }

    /// @param length octets of each number: the curve's
    public byte[] toRaw(int length) {
        byte[] octets = new byte[2 * length];
        Octets.put(r, octets, 0, length);
        Octets.put(s, octets, length, length);
        return octets;
    }
}
