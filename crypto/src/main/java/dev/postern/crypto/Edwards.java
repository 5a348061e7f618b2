package dev.postern.crypto;

/// EdDSA (RFC 8032) in its pure form on both curves. Signatures are deterministic. Safe for use
/// from any thread.
sealed interface Edwards permits JdkEdwards, LibCryptoEdwards {
    /// Which curve.
    enum Curve {
        ED25519(1087, 32, 64, 112),
        ED448(1088, 57, 114, 113);

        private final int nid;
        private final int keyLength;
        private final int signatureLength;
        private final int lastArc;

        Curve(int nid, int keyLength, int signatureLength, int lastArc) {
            this.nid = nid;
            this.keyLength = keyLength;
            this.signatureLength = signatureLength;
            this.lastArc = lastArc;
        }

        /// The library's number.
        int nid() {
            return nid;
        }

        /// Octets of a public and of a private key.
        int keyLength() {
            return keyLength;
        }

        int signatureLength() {
            return signatureLength;
        }

        /// The object identifier 1.3.101.x as an AlgorithmIdentifier (RFC 8410).
        byte[] identifier() {
            byte[] oid = {43, 101, (byte) lastArc};
            return Der.write(Der.SEQUENCE, Der.write(Der.OBJECT_IDENTIFIER, oid));
        }
    }

    byte[] sign(Curve curve, byte[] privateKey, byte[] message);

    /// @param publicKey as long as the curve's keys are
    boolean verify(Curve curve, byte[] publicKey, byte[] signature, byte[] message);
}
