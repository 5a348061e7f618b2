package dev.postern.eap;

import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// EAP-TLS's own fragmentation, RFC 5216 sections 2.1.5 and 3.1: Flags | [TLS Message Length] |
/// data, where each fragment but the last is acknowledged by a packet without data. Bounded.
final class TlsFragments {
    /// A TLS message with a long certificate chain; what is longer is an attack.
    static final int LONGEST_MESSAGE = 65_536;

    static final int LENGTH_INCLUDED = 0x80;
    static final int MORE_FRAGMENTS = 0x40;
    static final int START = 0x20;

    private static final int FLAGS_LENGTH = 1;
    private static final int LENGTH_LENGTH = 4;

    static final Octets ACKNOWLEDGEMENT = Octets.of(new byte[1]);
    static final Octets START_REQUEST = Octets.of(new byte[] {START});

    private final int fragmentLength;
    private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
    private int announced = -1;
    private byte[] outgoing = new byte[0];
    private int sent;

    /// @param fragmentLength octets of TLS data in one packet at most
    TlsFragments(int fragmentLength) {
        this.fragmentLength = fragmentLength;
    }

    /// What Type-Data brought.
    sealed interface Arrival {
        record Start() implements Arrival {}

        /// More is to come: acknowledge.
        record Fragment() implements Arrival {}

        record Whole(byte[] message) implements Arrival {}

        /// No data: our fragment has arrived, or our last message has.
        record Acknowledgement() implements Arrival {}

        record Malformed(String reason) implements Arrival {}
    }

    Arrival arrive(Octets data) {
        if (data.isEmpty()) {
            return new Arrival.Malformed("EAP-TLS without flags");
        }
        int flags = data.at(0);
        boolean hasLength = (flags & LENGTH_INCLUDED) != 0;
        int from = FLAGS_LENGTH + (hasLength ? LENGTH_LENGTH : 0);
        if (data.length() < from) {
            return new Arrival.Malformed("EAP-TLS ends within its length field");
        }
        if ((flags & START) != 0) {
            return new Arrival.Start();
        }
        boolean more = (flags & MORE_FRAGMENTS) != 0;
        if (data.length() == from && !more && incoming.size() == 0) {
            return new Arrival.Acknowledgement();
        }
        return collect(data, from, hasLength ? data.slice(1, from).toInt() : -1, more);
    }

    private Arrival collect(Octets data, int from, int length, boolean more) {
        if (length != -1 && announced == -1 && incoming.size() == 0) {
            announced = length;
        } else if (length != -1 && length != announced) {
            return new Arrival.Malformed("the TLS message length changed between fragments");
        }
        if (announced < -1 || announced > LONGEST_MESSAGE) {
            return new Arrival.Malformed("the TLS message is longer than " + LONGEST_MESSAGE);
        }
        int limit = announced == -1 ? LONGEST_MESSAGE : announced;
        int arrived = data.length() - from;
        if (incoming.size() + arrived > limit || (more && arrived == 0)) {
            return new Arrival.Malformed("the fragments do not add up to the TLS message");
        }
        incoming.write(data.array(), from, arrived);
        if (more) {
            return new Arrival.Fragment();
        }
        if (announced != -1 && incoming.size() != announced) {
            return new Arrival.Malformed("the TLS message is shorter than announced");
        }
        byte[] message = incoming.toByteArray();
        incoming.reset();
        announced = -1;
        return new Arrival.Whole(message);
    }

    /// Begins to send a message; the first packet's Type-Data.
    Octets send(byte[] message) {
        outgoing = message;
        sent = 0;
        return next();
    }

    /// Whether fragments are left to send.
    boolean isSending() {
        return sent < outgoing.length;
    }

    /// The next fragment's Type-Data.
    Octets next() {
        boolean first = sent == 0;
        int end = Math.min(outgoing.length, sent + fragmentLength);
        boolean more = end < outgoing.length;
        boolean hasLength = first && more;
        WireWriter writer =
                new WireWriter(FLAGS_LENGTH + LENGTH_LENGTH + end - sent)
                        .u8((hasLength ? LENGTH_INCLUDED : 0) | (more ? MORE_FRAGMENTS : 0));
        if (hasLength) {
            writer.i32(outgoing.length);
        }
        writer.octets(Arrays.copyOfRange(outgoing, sent, end));
        sent = end;
        return Octets.of(writer.toArray());
    }
}
