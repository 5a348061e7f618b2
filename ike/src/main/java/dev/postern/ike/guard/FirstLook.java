package dev.postern.ike.guard;

import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.NotifyType;
import dev.postern.wire.PayloadType;

import java.util.function.LongPredicate;

/// What can be seen of a datagram in some tens of nanoseconds, without a key and without believing
/// anything: enough to choose what to drop when there is too much of everything. Who is admitted is
/// judged anew, from the first octet, by the endpoint.
public final class FirstLook {
    private static final int RESPONSE = 0x20;
    private static final int INITIATOR = 0x08;
    private static final int PAYLOAD_HEADER = 4;
    private static final int NOTIFY_HEADER = 8;
    private static final int LIFETIME = 4;
    private static final int TGS_SPI = 8;

    /// Payloads that are looked at; a first message has its ticket and cookie in front.
    private static final int PAYLOADS = 8;

    private FirstLook() {}

    /// What a datagram claims to be.
    public enum Kind {
        /// A message of an IKE SA that there may be, or nothing that is known here.
        OTHER,
        /// A request that begins an IKE SA.
        FIRST,
        /// The same with a cookie, which may be ours.
        FIRST_WITH_COOKIE,
        /// A request with a ticket that names none of our keys, or has no room for a key's name.
        FOREIGN_TICKET
    }

    /// @param octets a message without the non-ESP marker
    /// @param mightOpen whether a key of this TGS-SPI is among ours
    public static Kind of(byte[] octets, LongPredicate mightOpen) {
        if (octets.length < Header.LENGTH || !beginsIkeSa(octets)) {
            return Kind.OTHER;
        }
        boolean cookie = false;
        int type = octets[16] & 0xff;
        int at = Header.LENGTH;
        for (int i = 0; i < PAYLOADS && at + PAYLOAD_HEADER <= octets.length; i++) {
            int length = u16(octets, at + 2);
            if (length < PAYLOAD_HEADER || at + length > octets.length) {
                break;
            }
            if (type == PayloadType.NOTIFY.code() && length >= NOTIFY_HEADER) {
                int notify = u16(octets, at + 6);
                int data = at + NOTIFY_HEADER + (octets[at + 5] & 0xff);
                cookie |= notify == NotifyType.COOKIE.code();
                if (notify == NotifyType.IKEV2_TICKET.code()) {
                    data += LIFETIME;
                }
                if (bringsTicket(notify) && !opens(octets, data, at + length, mightOpen)) {
                    return Kind.FOREIGN_TICKET;
                }
            }
            type = octets[at] & 0xff;
            at += length;
        }
        return cookie ? Kind.FIRST_WITH_COOKIE : Kind.FIRST;
    }

    private static boolean beginsIkeSa(byte[] octets) {
        int exchange = octets[18] & 0xff;
        int flags = octets[19] & 0xff;
        return (flags & (RESPONSE | INITIATOR)) == INITIATOR
                && (exchange == ExchangeType.IKE_SA_INIT.code()
                        || exchange == ExchangeType.IKE_SESSION_RESUME.code()
                        || exchange == ExchangeType.IKE_SESSION_RESUME_1RTT.code());
    }

    private static boolean bringsTicket(int notify) {
        return notify == NotifyType.IKEV2_TICKET.code()
                || notify == NotifyType.TICKET_OPAQUE.code();
    }

    private static boolean opens(byte[] octets, int from, int end, LongPredicate mightOpen) {
        if (end - from <= TGS_SPI) {
            return false;
        }
        long spi = 0;
        for (int i = 0; i < TGS_SPI; i++) {
            spi = spi << Byte.SIZE | (octets[from + i] & 0xff);
        }
        return mightOpen.test(spi);
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) << Byte.SIZE | (octets[at + 1] & 0xff);
    }
}
