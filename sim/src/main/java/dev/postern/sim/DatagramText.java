package dev.postern.sim;

import dev.postern.wire.Header;
import dev.postern.wire.MessageId;

import java.net.InetSocketAddress;
import java.util.Locale;

/// What stories and traces say of a datagram in common: between whom, and which message it is.
final class DatagramText {
    private DatagramText() {}

    /// Whose address it is; `attacker` for everybody else.
    static String party(InetSocketAddress address) {
        byte[] octets = address.getAddress().getAddress();
        int last = octets[octets.length - 1] & 0xff;
        return switch (Addresses.kind(address.getAddress())) {
            case Addresses.GATEWAYS -> Domain.gatewayName(last - 1);
            case Addresses.NATS -> Domain.clientName(last - 1);
            default -> "attacker";
        };
    }

    /// Of an ESP SA, or the first half of one of an IKE SA.
    static String spi(int spi) {
        return String.format(Locale.ROOT, "%08x", spi);
    }

    /// `IKE_AUTH request 0|1`: exchange, switch count and sequence of the Message ID.
    static String message(Header header) {
        return header.exchange()
                + (header.response() ? " response " : " request ")
                + MessageId.gatewaySwitchCount(header.messageId())
                + "|"
                + MessageId.sequence(header.messageId());
    }
}
