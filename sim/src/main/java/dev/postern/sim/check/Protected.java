package dev.postern.sim.check;

import dev.postern.sim.Datagram;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.PayloadType;

import org.jspecify.annotations.Nullable;

/// An IKE message with an SK payload, or a fragment of one, read by hand from the datagram.
///
/// @param iv the explicit IV of an AEAD, or the first half of that of AES-CBC
record Protected(Datagram datagram, long iv) {
    private static final int GENERIC_HEADER = 4;

    /// Fragment number and how many there are, RFC 7383 section 2.5.
    private static final int FRAGMENT_NUMBERS = 4;

    private static final int IV = 8;

    /// Null for a message in clear text.
    static @Nullable Protected read(Datagram datagram) {
        if (!datagram.hasHeader()) {
            return null;
        }
        byte[] octets = datagram.octets();
        int type = datagram.firstPayload();
        int at = Datagram.PAYLOADS;
        while (type != PayloadType.NONE && at + GENERIC_HEADER <= octets.length) {
            if (type == PayloadType.SK.code() || type == PayloadType.SKF.code()) {
                int iv =
                        at
                                + GENERIC_HEADER
                                + (type == PayloadType.SK.code() ? 0 : FRAGMENT_NUMBERS);
                return iv + IV > octets.length
                        ? null
                        : new Protected(datagram, datagram.doubleWord(iv));
            }
            type = octets[at] & 0xff;
            int length = datagram.word(at) & 0xffff;
            if (length < GENERIC_HEADER) {
                return null;
            }
            at += length;
        }
        return null;
    }

    long spiI() {
        return datagram.spiI();
    }

    boolean isResponse() {
        return datagram.isResponse();
    }

    boolean isOf(ExchangeType exchange) {
        return datagram.exchange() == exchange;
    }

    boolean isOneRoundTripResume() {
        return isOf(ExchangeType.IKE_SESSION_RESUME_1RTT);
    }
}
