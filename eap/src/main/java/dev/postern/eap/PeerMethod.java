package dev.postern.eap;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// One run of an EAP method at the peer. Single-threaded; closed when the conversation ends.
public interface PeerMethod extends AutoCloseable {
    /// The EAP type, one octet.
    int type();

    /// As in [ServerMethod#isMutual].
    boolean isMutual();

    /// The server's request: [MethodStep.Send] with the response, or [MethodStep.Refused].
    MethodStep onRequest(Octets data);

    /// What the method has come to, once the server is proven to the method's satisfaction; null
    /// before. Success without it is refused.
    MethodStep.@Nullable Proven proven();

    /// Why the server will send Failure, where the method knows; for people.
    @Nullable String refusal();

    /// Wipes what is secret and was not taken. Idempotent.
    @Override
    void close();
}
