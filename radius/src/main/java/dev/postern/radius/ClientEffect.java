package dev.postern.radius;

import dev.postern.wire.Octets;

/// What a [RadiusClient] wants done, in this order.
public sealed interface ClientEffect {
    /// Send a packet to a server from one of the sockets.
    record Transmit(int server, int channel, byte[] octets) implements ClientEffect {}

    /// A server answered; the answer is authentic.
    ///
    /// @param requestAuthenticator of the request that it answers: keys in it are sealed with that
    record Answered(long call, int server, Octets requestAuthenticator, Packet packet)
            implements ClientEffect {}

    /// No server that may be asked answered, or too many requests are waiting already.
    record Unanswered(long call) implements ClientEffect {}

    /// A server is passed over for a while.
    record ServerDied(int server, long forNanos) implements ClientEffect {}

    /// A server that was passed over has answered.
    record ServerRevived(int server) implements ClientEffect {}

    /// An accounting record has left the queue ([AccountingQueue]).
    record Settled(long record, Settlement how) implements ClientEffect {}

    /// Why a record left the queue.
    enum Settlement {
        /// A server has it.
        ACKNOWLEDGED,
        /// A newer record of the session says more.
        REPLACED,
        /// The queue is full: the record is lost.
        REFUSED
    }
}
