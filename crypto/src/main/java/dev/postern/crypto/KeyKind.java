package dev.postern.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/// The kinds of keys for signatures, by the AlgorithmIdentifier of a SubjectPublicKeyInfo or a
/// PKCS#8 key (RFC 3279, RFC 5480, RFC 8410).
enum KeyKind {
    RSA("300d06092a864886f70d0101010500"),
    P_256("301306072a8648ce3d020106082a8648ce3d030107"),
    P_384("301006072a8648ce3d020106052b81040022"),
    P_521("301006072a8648ce3d020106052b81040023"),
    ED25519("300506032b6570"),
    ED448("300506032b6571");

    private static final int UNCOMPRESSED = 4;

    private final String identifier;

    KeyKind(String identifier) {
        this.identifier = identifier;
    }

    byte[] identifier() {
        return HexFormat.of().parseHex(identifier);
    }

    static KeyKind of(byte[] identifier) throws InvalidKeyException {
        for (KeyKind kind : values()) {
            if (Arrays.equals(kind.identifier(), identifier)) {
                return kind;
            }
        }
        throw new InvalidKeyException(
                "the key is of an unknown kind; known are RSA, EC over P-256, P-384 and P-521,"
                        + " Ed25519 and Ed448");
    }

    VerificationKey verificationKey(byte[] bits, Primitives primitives)
            throws InvalidKeyException, MalformedDerException {
        return switch (this) {
            case RSA -> {
                Der numbers = Der.only(bits, Der.SEQUENCE);
                VerificationKey.Rsa key =
                        VerificationKey.Rsa.checked(numbers.integer(), numbers.integer());
                numbers.finish();
                yield key;
            }
            case P_256 -> ecdsa(WeierstrassCurve.P_256, bits, primitives);
            case P_384 -> ecdsa(WeierstrassCurve.P_384, bits, primitives);
            case P_521 -> ecdsa(WeierstrassCurve.P_521, bits, primitives);
            case ED25519 -> eddsa(Edwards.Curve.ED25519, bits, primitives);
            case ED448 -> eddsa(Edwards.Curve.ED448, bits, primitives);
        };
    }

    private static VerificationKey ecdsa(WeierstrassCurve curve, byte[] bits, Primitives primitives)
            throws InvalidKeyException {
        if (bits.length != 1 + 2 * curve.length() || bits[0] != UNCOMPRESSED) {
            throw new InvalidKeyException("an EC point that is not x | y of its curve");
        }
        byte[] point = Arrays.copyOfRange(bits, 1, bits.length);
        if (!curve.contains(curve.x(point), curve.y(point))) {
            throw new InvalidKeyException("an EC point that is not on its curve");
        }
        return new VerificationKey.Ecdsa(
                new VerificationKey.Ecdsa.Curve(curve, primitives.curve(curve)), point);
    }

    private static VerificationKey eddsa(Edwards.Curve curve, byte[] bits, Primitives primitives)
            throws InvalidKeyException {
        if (bits.length != curve.keyLength()) {
            throw new InvalidKeyException(
                    "a key of " + bits.length + " octets where " + curve + " has others");
        }
        return new VerificationKey.Eddsa(curve, bits, primitives.edwards());
    }
}
