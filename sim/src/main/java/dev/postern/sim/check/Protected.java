package dev.postern.sim.check;

import dev.postern.sim.Datagram;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.PayloadType;

import org.jspecify.annotations.Nullable;

/// An IKE message with an SK payload, read by hand from the datagram.
///
/// @param iv the explicit IV of an AEAD
record Protected(long spiI, long spiR, int exchange, boolean initiator, boolean response, long iv) {
    private static final int HEADER = 28;
    private static final int START = 4;

    /// Null for a message in clear text.
    static @Nullable Protected read(Datagram datagram) {
        byte[] octets = datagram.octets();
        if (!datagram.isIke() || octets.length < START + HEADER) {
            return null;
        }
        int type = octets[START + 16] & 0xff;
        int at = START + HEADER;
        while (type != PayloadType.NONE && at + 4 <= octets.length) {
            if (type == PayloadType.SK.code()) {
                int flags = octets[START + 19];
                return at + 12 > octets.length
                        ? null
                        : new Protected(
                                datagram.doubleWord(START),
                                datagram.doubleWord(START + 8),
                                octets[START + 18] & 0xff,
                                (flags & 0x08) != 0,
                                (flags & 0x20) != 0,
                                datagram.doubleWord(at + 4));
            }
            type = octets[at] & 0xff;
            int length = datagram.word(at) & 0xffff;
            if (length < 4) {
                return null;
            }
            at += length;
        }
        return null;
    }

    boolean isOneRoundTripResume() {
        return exchange == ExchangeType.IKE_SESSION_RESUME_1RTT.code();
    }
}
