package dev.postern.ike.guard;

import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.NotifyType;
import dev.postern.wire.PayloadType;

import java.net.InetAddress;
import java.util.function.LongPredicate;

/// What can be seen of a datagram in some tens of nanoseconds, without believing anything: enough
/// to choose what to drop when there is too much of everything. Who is admitted is judged anew,
/// from the first octet, by the endpoint. For any thread.
///
/// @param mightOpen whether a key of this TGS-SPI is among ours
/// @param cookies those that the endpoint gives
/// @param spis ours that are in use
public record FirstLook(LongPredicate mightOpen, Cookies cookies, KnownSpis spis) {
    private static final int RESPONSE = 0x20;
    private static final int INITIATOR = 0x08;
    private static final int PAYLOAD_HEADER = 4;
    private static final int NOTIFY_HEADER = 8;
    private static final int LIFETIME = 4;
    private static final int TGS_SPI = 8;

    /// Payloads that are looked at; a first message has its ticket and cookie in front.
    private static final int PAYLOADS = 8;

    /// What a datagram claims to be.
    public enum Kind {
        /// A message of an IKE SA that stands here, by its SPI.
        OF_AN_IKE_SA,
        /// A message of an IKE SA that is not known here.
        OF_NO_IKE_SA,
        /// A request that begins an IKE SA.
        FIRST,
        /// The same with a cookie of ours, made for its address, SPI and ticket or nonce.
        FIRST_WITH_COOKIE,
        /// A request with a ticket that names none of our keys, or has no room for a key's name.
        FOREIGN_TICKET,
        /// Less than a header.
        SCRAP
    }

    /// @param octets a message without the non-ESP marker
    public Kind at(byte[] octets, InetAddress source) {
        if (octets.length < Header.LENGTH) {
            return Kind.SCRAP;
        }
        if (!beginsIkeSa(octets)) {
            return spis.mayContain(ownSpi(octets)) ? Kind.OF_AN_IKE_SA : Kind.OF_NO_IKE_SA;
        }
        return ofFirst(octets, source);
    }

    /// Ours of the SPIs of a message that is not the first one, or would be.
    ///
    /// @param octets a header at least
    public static long ownSpi(byte[] octets) {
        boolean fromInitiator = (octets[19] & INITIATOR) != 0;
        return u64(octets, fromInitiator ? Long.BYTES : 0);
    }

    private Kind ofFirst(byte[] octets, InetAddress source) {
        Part cookie = Part.NONE;
        Part subject = Part.NONE;
        int type = octets[16] & 0xff;
        int at = Header.LENGTH;
        for (int i = 0; i < PAYLOADS && at + PAYLOAD_HEADER <= octets.length; i++) {
            int length = u16(octets, at + 2);
            if (length < PAYLOAD_HEADER || at + length > octets.length) {
                break;
            }
            int end = at + length;
            if (type == PayloadType.NONCE.code() && isFullExchange(octets)) {
                subject = new Part(at + PAYLOAD_HEADER, end);
            } else if (type == PayloadType.NOTIFY.code() && length >= NOTIFY_HEADER) {
                int notify = u16(octets, at + 6);
                Part data = new Part(at + NOTIFY_HEADER + (octets[at + 5] & 0xff), end);
                if (notify == NotifyType.COOKIE.code()) {
                    cookie = data;
                } else if (notify == NotifyType.IKE_SPI_PAIR.code()) {
                    subject = data;
                } else if (bringsTicket(notify)) {
                    subject = data;
                    int ticket = notify == NotifyType.IKEV2_TICKET.code() ? LIFETIME : 0;
                    if (!opens(octets, data.from() + ticket, end)) {
                        return Kind.FOREIGN_TICKET;
                    }
                }
            }
            type = octets[at] & 0xff;
            at = end;
        }
        return isOurs(octets, cookie, subject, source) ? Kind.FIRST_WITH_COOKIE : Kind.FIRST;
    }

    /// Where something stands among the octets.
    private record Part(int from, int to) {
        static final Part NONE = new Part(0, 0);

        boolean isNothing() {
            return from >= to;
        }
    }

    private boolean isOurs(byte[] octets, Part cookie, Part subject, InetAddress source) {
        return !cookie.isNothing()
                && !subject.isNothing()
                && cookies.areOurs(
                        octets,
                        cookie.from(),
                        cookie.to(),
                        source,
                        u64(octets, 0),
                        octets,
                        subject.from(),
                        subject.to());
    }

    private static boolean isFullExchange(byte[] octets) {
        return (octets[18] & 0xff) == ExchangeType.IKE_SA_INIT.code();
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

    private boolean opens(byte[] octets, int from, int end) {
        return end - from > TGS_SPI && mightOpen.test(u64(octets, from));
    }

    private static long u64(byte[] octets, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | (octets[at + i] & 0xff);
        }
        return value;
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) << Byte.SIZE | (octets[at + 1] & 0xff);
    }
}
