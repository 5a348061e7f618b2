package dev.postern.gateway.daemon;

import dev.postern.wire.ExchangeType;

/// What a client's move costs on the wire: IKE messages and their octets (without UDP and IP
/// headers) from the first attempt to the answer that completed it. Exchanges within an IKE SA that
/// stands already, such as a question to the gateway that has fallen silent, are not the move's. On
/// the endpoint's thread.
final class IkeTraffic {
    private static final int EXCHANGE_TYPE = 18;

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

    void sent(byte[] message) {
        messagesInAll++;
        if (setsUp(message)) {
            messagesSent++;
            octetsSent += message.length;
        }
    }

    void received(byte[] message) {
        if (setsUp(message)) {
            messagesReceived++;
            octetsReceived += message.length;
        }
    }

    private static boolean setsUp(byte[] message) {
        int type = message.length > EXCHANGE_TYPE ? message[EXCHANGE_TYPE] & 0xff : 0;
        return type != ExchangeType.INFORMATIONAL.code()
                && type != ExchangeType.CREATE_CHILD_SA.code();
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
