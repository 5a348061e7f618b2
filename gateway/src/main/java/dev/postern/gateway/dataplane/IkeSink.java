package dev.postern.gateway.dataplane;

import java.net.InetSocketAddress;

/// Takes the IKE messages that arrive. Called by a network thread for datagrams that anybody may
/// have sent: returns at once, and refuses when its queue is full.
@FunctionalInterface
public interface IkeSink {
    /// Takes one message.
    ///
    /// @param local the address of ours that it was sent to
    /// @param octets a copy, without the marker
    /// @param nonEspMarker whether it stood behind one, as on the port that ESP uses too
    /// @return false where there is no room for it: it is dropped and counted
    boolean offer(
            InetSocketAddress local, InetSocketAddress remote, byte[] octets, boolean nonEspMarker);

    /// How long the control plane will probably be busy with what it has taken: so long it misses
    /// nothing that stays in a socket. Nanoseconds; 0 where it waits for more.
    default long busyNanos() {
        return 0;
    }
}
