package dev.postern.gateway.daemon;

import java.net.InetAddress;

/// How hosts behind the gateway find a client's inner address: advertised once the client has
/// proven that it is here, withdrawn when its last Child SA has gone. Called on one thread; slow
/// implementations must not block it.
interface ReturnPath extends AutoCloseable {
    void advertise(InetAddress inner);

    void withdraw(InetAddress inner);

    /// Withdraws everything.
    @Override
    void close();
}
