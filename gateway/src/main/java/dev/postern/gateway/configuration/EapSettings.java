package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.ike.EapPolicy;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;

/// How peers of a profile authenticate by EAP.
///
/// @param asksIdentity whether EAP begins with an Identity request
/// @param only whether EAP alone may prove both sides, where the peer offers that (RFC 5998)
/// @param gatewayKey by which the gateway proves itself before EAP; null where it has none
public record EapSettings(
        boolean asksIdentity, boolean only, @Nullable SecretBytes gatewayKey, Method method) {
    /// The EAP method, and what it needs.
    public sealed interface Method {
        /// @param file of the users, to be read again when it changes
        record MsChapV2(Path file, Map<String, SecretBytes> users) implements Method {
            public MsChapV2 {
                users = Map.copyOf(users);
            }

            /// Never prints a password.
            @Override
            public String toString() {
                return "MsChapV2[" + users.size() + " users of " + file + "]";
            }
        }

        /// @param peers what is done about revocation of their certificates
        record Tls(TlsIdentity identity, CertificateSettings peers) implements Method {}

        /// The servers of [GatewayConfiguration#radius] decide.
        record Radius() implements Method {}
    }

    /// What holds for certificates of peers; null where they show none here.
    public @Nullable CertificateSettings certificates() {
        return method instanceof Method.Tls tls ? tls.peers() : null;
    }

    /// What the control plane is told.
    public EapPolicy policy() {
        CertificateSettings shown = certificates();
        return new EapPolicy(gatewayKey, only, true, shown == null ? null : shown.policy());
    }
}
