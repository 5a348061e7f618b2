package dev.postern.eap;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One end of one TLS connection, as EAP-TLS drives it: octets in, octets out. TLS brings its own
/// randomness, clock and trust, so this lives outside.
public interface TlsEngine extends AutoCloseable {
    /// What the engine makes of a message.
    ///
    /// @param output records to send; may hold an alert where there is a failure
    /// @param finished whether the handshake is over for this end
    /// @param application plaintext of application data
    /// @param failure why TLS has failed, for people; null where it has not
    record Progress(
            byte[] output, boolean finished, byte[] application, @Nullable String failure) {}

    /// Takes the peer's records; a client begins with none.
    Progress advance(byte[] records);

    /// Application data as records.
    byte[] protect(byte[] application);

    /// Whether TLS 1.3 was agreed on; after the handshake.
    boolean isTls13();

    /// Keying material of the connection, RFC 5705; after the handshake. Null where the connection
    /// has none to give: with TLS 1.2 it takes an extended master secret (RFC 7627).
    ///
    /// @param context null for none, which differs from an empty one
    @Nullable SecretBytes export(String label, byte @Nullable [] context, int length);

    /// The names in the certificate of the other end, the best first: e-mail addresses, DNS names,
    /// then the subject.
    List<String> peerNames();

    /// The certificate of the other end; null where it showed none.
    @Nullable CertificateProof peerCertificate();

    @Override
    void close();
}
