package dev.postern.ike.sa;

import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// AUTH by a shared secret: a pre-shared key (RFC 7296 section 2.15) or a resumed session (RFC 5723
/// section 4.3.3).
public final class SharedKeyAuthentication {
    private static final byte[] KEY_PAD = "Key Pad for IKEv2".getBytes(StandardCharsets.US_ASCII);

    private SharedKeyAuthentication() {}

    /// What one side signs: its first message, the other's nonce, and its own identity.
    ///
    /// @param firstMessage RealMessage1 or RealMessage2, with header
    /// @param peerNonce the other side's nonce data
    /// @param idBody body of the signer's ID payload
    /// @param intAuth of [IntAuth], empty without IKE_INTERMEDIATE
    public record SignedOctets(
            byte[] firstMessage, byte[] peerNonce, byte[] idBody, byte[] intAuth) {
        /// Without IKE_INTERMEDIATE.
        public SignedOctets(byte[] firstMessage, byte[] peerNonce, byte[] idBody) {
            this(firstMessage, peerNonce, idBody, new byte[0]);
        }
    }

    /// AUTH = prf(prf(PSK, "Key Pad for IKEv2"), message | nonce | prf(SK_p, ID')).
    public static byte[] preShared(
            Prf prf, SecretBytes preSharedKey, SecretBytes skP, SignedOctets signed) {
        byte[] macedId = prf.compute(skP.expose(), signed.idBody());
        byte[] key = prf.compute(preSharedKey.expose(), KEY_PAD);
        return prf.compute(
                key, signed.firstMessage(), signed.peerNonce(), macedId, signed.intAuth());
    }

    /// AUTH = prf(SK_p, message | nonce | prf(SK_p, ID')), the form of RFC 5723.
    public static byte[] resumed(Prf prf, SecretBytes skP, SignedOctets signed) {
        byte[] macedId = prf.compute(skP.expose(), signed.idBody());
        return prf.compute(skP.expose(), signed.firstMessage(), signed.peerNonce(), macedId);
    }

    /// AUTH = prf(SK_p, message), the short form that libreswan 5 sends after an RFC 5723 resume,
    /// and accepted only there.
    public static byte[] resumedShortForm(Prf prf, SecretBytes skP, SignedOctets signed) {
        return prf.compute(skP.expose(), signed.firstMessage());
    }

    /// Compares in constant time.
    public static boolean verify(byte[] expected, byte[] received) {
        return MessageDigest.isEqual(expected, received);
    }
}
