package dev.postern.ike;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

/// What EAP means in a profile, in both roles (RFC 7296 section 2.16, RFC 5998).
///
/// @param gatewayKey the pre-shared key by which the gateway proves itself before EAP; null where
///   it has none
/// @param eapOnly whether EAP alone may prove both sides: a client then offers it, and a gateway
///   takes the offer
/// @param requiresKey whether a method must make a key for AUTH; without one, whoever relays the
///   method's messages takes over the session
/// @param certificates what holds for those that peers show in EAP, where they do; null where none
///   are judged here
public record EapPolicy(
        @Nullable SecretBytes gatewayKey,
        boolean eapOnly,
        boolean requiresKey,
        @Nullable CertificatePolicy certificates) {
    /// One without certificates.
    public EapPolicy(@Nullable SecretBytes gatewayKey, boolean eapOnly, boolean requiresKey) {
        this(gatewayKey, eapOnly, requiresKey, null);
    }

    /// Never prints a key.
    @Override
    public String toString() {
        return "EapPolicy[" + (eapOnly ? "EAP only" : "gateway proves itself first") + "]";
    }
}
