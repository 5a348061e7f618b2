package dev.postern.gateway.eap;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// What one end of EAP-TLS shows and whom it trusts.
///
/// @param chain our certificate and those between it and a trusted one
/// @param trusted certificates of authorities that the other end's must come from
/// @param serverNames at a client: names of which the server's certificate must hold one
public record TlsIdentity(
        List<X509Certificate> chain,
        PrivateKey key,
        List<X509Certificate> trusted,
        List<String> serverNames) {
    public TlsIdentity {
        chain = List.copyOf(chain);
        trusted = List.copyOf(trusted);
        serverNames = List.copyOf(serverNames);
    }

    /// Never prints a key.
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
