package dev.postern.ike.world;

import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;

import java.net.InetSocketAddress;

/// One IKE message on the wire, without non-ESP marker.
public record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] octets) {
    /// The message, which must be well-formed.
    public Message message() {
        try {
            return MessageCodec.decode(octets.clone());
        } catch (MalformedException e) {
            throw new AssertionError("an endpoint sent octets that do not decode", e);
        }
    }

    public Header header() {
        return message().header();
    }

    public Datagram with(byte[] otherOctets) {
        return new Datagram(from, to, otherOctets);
    }
}
