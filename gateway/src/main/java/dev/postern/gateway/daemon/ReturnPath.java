package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

/// How hosts behind the gateway find a client's inner address, or the network behind a peer that
/// brings its own: advertised once the client has proven that it is here, withdrawn when its last
/// Child SA has gone. Called on one thread; slow implementations must not block it.
interface ReturnPath extends AutoCloseable {
    void advertise(Prefix inner);

    void withdraw(Prefix inner);

    /// Withdraws everything.
    @Override
    void close();
}
