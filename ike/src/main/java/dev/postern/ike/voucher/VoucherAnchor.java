package dev.postern.ike.voucher;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

/// What a client knows of the gateway of an IKE SA, for the case that somebody speaks in its name.
///
/// @param gateway the identity that it has shown
/// @param domain the secure domain of the session
/// @param key thumbprint of the key that it has sent in N(VOUCHER_KEY); empty for none
/// @param certificate SHA-256 of the certificate that the session was authenticated by; empty for
///   none
public record VoucherAnchor(Identity gateway, String domain, Octets key, Octets certificate) {
    /// Whether anything could be verified at all.
    public boolean isUsable() {
        return !key.isEmpty() || !certificate.isEmpty();
    }

    /// Whether a voucher was signed by this gateway.
    boolean hasSigned(SignedVoucher voucher) {
        return isSame(key, voucher.signerKey()) || isSame(certificate, voucher.signerCertificate());
    }

    static boolean isSame(Octets known, Octets shown) {
        return !known.isEmpty() && known.equals(shown);
    }
}
