package dev.postern.eap;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// What a method makes of one packet.
public sealed interface MethodStep {
    /// Type-Data to send.
    record Send(Octets data) implements MethodStep {}

    /// The other end is proven.
    ///
    /// @param msk 64 octets, owned by whoever receives this
    /// @param identity whom the method has proven, at a server; our own name, at a peer
    /// @param certificate null where the proof was none
    record Proven(SecretBytes msk, String identity, @Nullable CertificateProof certificate)
            implements MethodStep {}

    /// The method has failed and has nothing more to say.
    ///
    /// @param reason for people on this side
    record Refused(String reason) implements MethodStep {}
}
