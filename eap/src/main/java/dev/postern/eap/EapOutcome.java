package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// What one packet has led to.
public sealed interface EapOutcome {
    /// The conversation goes on.
    ///
    /// @param packet to be sent: a Request of the server, a Response of the peer
    record Continue(Octets packet) implements EapOutcome {}

    /// The method has succeeded, and Success was said. Whoever receives it owns the key.
    ///
    /// @param packet the Success
    /// @param msk 64 octets; null where the method makes no key
    /// @param identity whom the method has proven, at the server; our own name, at the peer
    /// @param mutual whether the method suits RFC 5998: it proves both ends and withstands guessing
    /// @param certificate that proved the peer, at the server; null where none did
    record Success(
            Octets packet,
            @Nullable SecretBytes msk,
            String identity,
            boolean mutual,
            @Nullable CertificateProof certificate)
            implements EapOutcome {}

    /// The conversation has ended.
    ///
    /// @param packet the Failure that the server sends; empty at the peer
    /// @param reason for people on this side; names in it are fit for a log
    record Failure(Octets packet, String reason) implements EapOutcome {}
}
