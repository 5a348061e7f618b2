package dev.postern.crypto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signatures of RFC 7427 and RFC 8420: a kind of key, a hash, and the AlgorithmIdentifier that
/// names both on the wire. `RSA_PKCS1_SHA1` is what AUTH method 1 of RFC 7296 means in the field.
public enum SignatureScheme {
    ECDSA_SHA256(Kind.ECDSA, Hash.SHA_256, "300a06082a8648ce3d040302"),
    ECDSA_SHA384(Kind.ECDSA, Hash.SHA_384, "300a06082a8648ce3d040303"),
    ECDSA_SHA512(Kind.ECDSA, Hash.SHA_512, "300a06082a8648ce3d040304"),
    ED25519(Kind.ED25519, Hash.SHA_512, "300506032b6570"),
    ED448(Kind.ED448, Hash.SHA_512, "300506032b6571"),
    RSA_PSS_SHA256(Kind.RSA, Hash.SHA_256, ""),
    RSA_PSS_SHA384(Kind.RSA, Hash.SHA_384, ""),
    RSA_PSS_SHA512(Kind.RSA, Hash.SHA_512, ""),
    RSA_PKCS1_SHA256(Kind.RSA, Hash.SHA_256, "300d06092a864886f70d01010b0500"),
    RSA_PKCS1_SHA384(Kind.RSA, Hash.SHA_384, "300d06092a864886f70d01010c0500"),
    RSA_PKCS1_SHA512(Kind.RSA, Hash.SHA_512, "300d06092a864886f70d01010d0500"),
    RSA_PKCS1_SHA1(Kind.RSA, Hash.SHA_1, "300d06092a864886f70d0101050500");

    /// What kind of key signs.
    enum Kind {
        RSA,
        ECDSA,
        ED25519,
        ED448
    }

    /// Hash algorithm numbers of RFC 7427 section 7 and RFC 8420.
    private static final int IDENTITY = 5;

    /// Every form that is accepted.
    private static final Map<String, SignatureScheme> BY_IDENTIFIER = byIdentifier();

    private final Kind kind;
    private final Hash hash;

    /// The AlgorithmIdentifier that is sent, in hexadecimal digits.
    private final String identifier;

    SignatureScheme(Kind kind, Hash hash, String identifier) {
        this.kind = kind;
        this.hash = hash;
        this.identifier = identifier.isEmpty() ? pssIdentifiers(hash).getFirst() : identifier;
    }

    Kind kind() {
        return kind;
    }

    Hash hash() {
        return hash;
    }

    boolean isPss() {
        return switch (this) {
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> true;
            case ECDSA_SHA256,
                    ECDSA_SHA384,
                    ECDSA_SHA512,
                    ED25519,
                    ED448,
                    RSA_PKCS1_SHA256,
                    RSA_PKCS1_SHA384,
                    RSA_PKCS1_SHA512,
                    RSA_PKCS1_SHA1 ->
                    false;
        };
    }

    /// The number that stands for the hash in N(SIGNATURE_HASH_ALGORITHMS).
    public int hashAlgorithm() {
        return switch (this) {
            case ED25519, ED448 -> IDENTITY;
            case ECDSA_SHA256, RSA_PSS_SHA256, RSA_PKCS1_SHA256 -> 2;
            case ECDSA_SHA384, RSA_PSS_SHA384, RSA_PKCS1_SHA384 -> 3;
            case ECDSA_SHA512, RSA_PSS_SHA512, RSA_PKCS1_SHA512 -> 4;
            case RSA_PKCS1_SHA1 -> 1;
        };
    }

    /// The AlgorithmIdentifier in DER, as RFC 7427 appendix A writes it.
    public byte[] identifier() {
        return HexFormat.of().parseHex(identifier);
    }

    /// The scheme with exactly this AlgorithmIdentifier. Of RSASSA-PSS, forms with and without the
    /// fields that have their default values are known, and no other parameters: mask and message
    /// are hashed alike, and the salt is as long as the hash. SHA-1 is none (RFC 8247 section 3.2).
    public static Optional<SignatureScheme> ofIdentifier(byte[] identifier) {
        return Optional.ofNullable(BY_IDENTIFIER.get(HexFormat.of().formatHex(identifier)));
    }

    private static Map<String, SignatureScheme> byIdentifier() {
        Map<String, SignatureScheme> schemes = new HashMap<>();
        for (SignatureScheme scheme : values()) {
            if (scheme.isPss()) {
                pssIdentifiers(scheme.hash).forEach(form -> schemes.put(form, scheme));
            } else if (scheme != RSA_PKCS1_SHA1) {
                schemes.put(scheme.identifier, scheme);
            }
        }
        return Map.copyOf(schemes);
    }

    private static List<String> pssIdentifiers(Hash hash) {
        int last =
                switch (hash) {
                    case SHA_256 -> 1;
                    case SHA_384 -> 2;
                    case SHA_512 -> 3;
                    case SHA_1, SHA_224 -> throw new IllegalStateException("no PSS with " + hash);
                };
        HexFormat hex = HexFormat.of();
        byte[] oid = hex.parseHex("06096086480165030402" + hex.toHexDigits((byte) last));
        byte[] pss = hex.parseHex("06092a864886f70d01010a");
        byte[] mgf1 = hex.parseHex("06092a864886f70d010108");
        byte[] salt = Der.write(0xa2, Der.write(Der.INTEGER, new byte[] {(byte) hash.length()}));
        byte[] trailer = Der.write(0xa3, Der.write(Der.INTEGER, new byte[] {1}));
        List<String> forms = new ArrayList<>();
        for (byte[] parameters : new byte[][] {Der.write(Der.NULL), new byte[0]}) {
            byte[] algorithm = Der.write(Der.SEQUENCE, oid, parameters);
            byte[] mask = Der.write(0xa1, Der.write(Der.SEQUENCE, mgf1, algorithm));
            byte[] hashed = Der.write(0xa0, algorithm);
            byte[] full = Der.write(Der.SEQUENCE, hashed, mask, salt, trailer);
            byte[] brief = Der.write(Der.SEQUENCE, hashed, mask, salt);
            forms.add(hex.formatHex(Der.write(Der.SEQUENCE, pss, full)));
            forms.add(hex.formatHex(Der.write(Der.SEQUENCE, pss, brief)));
        }
        return List.copyOf(forms);
    }
}
