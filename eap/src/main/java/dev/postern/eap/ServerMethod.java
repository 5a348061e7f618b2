package dev.postern.eap;

import dev.postern.wire.Octets;

/// One run of an EAP method at the server. Single-threaded; closed when the conversation ends.
public interface ServerMethod extends AutoCloseable {
    /// The EAP type, one octet.
    int type();

    /// Whether the method proves both ends, makes a key and withstands guessing (RFC 5998 section
    /// 4).
    boolean isMutual();

    /// The first request.
    ///
    /// @param claimed what the peer answered to the Identity request, empty where it was not asked
    MethodStep begin(String claimed);

    /// The peer's answer to the last request.
    MethodStep onResponse(Octets data);

    /// Wipes what is secret. Idempotent.
    @Override
    void close();
}
