package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.ike.EapPolicy;

import org.jspecify.annotations.Nullable;

/// How a client authenticates by EAP.
///
/// @param identity what it answers to an Identity request, and its user name
/// @param only whether EAP alone may prove the gateway (RFC 5998)
/// @param gatewayKey by which the gateway has to prove itself before EAP; null where it need not
public record ClientEap(
        String identity, boolean only, @Nullable SecretBytes gatewayKey, Method method) {
    /// The EAP method, and what it needs.
    public sealed interface Method {
        record MsChapV2(SecretBytes password) implements Method {}

        /// @param servers what is done about revocation of their certificates
        record Tls(TlsIdentity identity, CertificateSettings servers) implements Method {}
    }

    /// What holds for certificates of servers; null where they show none.
    public @Nullable CertificateSettings certificates() {
        return method instanceof Method.Tls tls ? tls.servers() : null;
    }

    /// What the control plane is told.
    public EapPolicy policy() {
        return new EapPolicy(gatewayKey, only, true);
    }
}
