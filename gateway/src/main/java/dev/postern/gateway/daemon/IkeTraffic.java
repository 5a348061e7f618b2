package dev.postern.gateway.daemon;

/// What a client's move costs on the wire: IKE messages and their octets (without UDP and IP
/// headers) from the first attempt to the answer that completed it. On the endpoint's thread.
final class IkeTraffic {
    private boolean counting;
    private long messagesInAll;
    private long messagesSent;
    private long messagesReceived;
    private long octetsSent;
    private long octetsReceived;

    /// A move begins; further attempts of the same move count with it.
    void begin() {
        if (!counting) {
            counting = true;
            messagesSent = 0;
            messagesReceived = 0;
            octetsSent = 0;
            octetsReceived = 0;
        }
    }

    /// Messages sent since the daemon began.
    long messages() {
        return messagesInAll;
    }

    void sent(int octets) {
        messagesInAll++;
        messagesSent++;
        octetsSent += octets;
    }

    void received(int octets) {
        messagesReceived++;
        octetsReceived += octets;
    }

    /// The move is complete: tells what it took.
    void end(EventLog events) {
        counting = false;
        events.line(
                "ike-traffic",
                "messagesSent",
                messagesSent,
                "messagesReceived",
                messagesReceived,
                "octetsSent",
                octetsSent,
                "octetsReceived",
                octetsReceived);
    }
}
