package dev.postern.bench;

import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;

/// What a flood is made of: one message of a kind, in which each that is sent has random numbers of
/// its own.
enum Garbage {
    /// A 1-RTT resume whose ticket names a TGS key that is not the gateway's.
    UNKNOWN_TGS_SPI,
    /// One whose ticket names the gateway's key, and nobody sealed.
    KNOWN_TGS_SPI,
    /// The same with a COOKIE of the flooder's own making, in the form of the gateway's.
    MADE_UP_COOKIE,
    /// Exchange 38 of RFC 5723 with a ticket of the gateway's key that nobody sealed.
    RFC_5723,
    /// A 1-RTT resume by reference, under a random pair of SPIs.
    RANDOM_REFERENCE,
    /// Exchange 200, which nobody knows, under random SPIs.
    UNKNOWN_EXCHANGE,
    /// INFORMATIONAL under random SPIs, with octets in SK that nobody sealed.
    RANDOM_SPIS,
    /// A 1-RTT resume by reference, under a COOKIE that the gateway has made for its sender, again
    /// and again.
    GENUINE_COOKIE,
    /// INFORMATIONAL under the SPIs of an IKE SA that stands, with octets in SK that nobody sealed.
    STANDING_SPIS;

    private static final byte[] KEY_NAME = {1, 2, 3, 4, 5, 6, 7, 8, 1};
    private static final int TICKET = 250;
    private static final int SEALED = 200;
    private static final int NOTIFY_HEADER = 8;

    /// Version 1 of the secret, no puzzle, and the rest at random.
    private static final int COOKIE = 10;

    static Garbage named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What somebody who listens, or asks, has of the gateway.
    ///
    /// @param withCookie a first message under a COOKIE for it and its sender
    /// @param spiI of an IKE SA that stands, with spiR
    record Overheard(byte[] withCookie, long spiI, long spiR) {}

    /// All of this kind, one after the other.
    Source source(Overheard overheard) {
        return new Source(this, pattern(overheard));
    }

    /// A resume by this reference, with a COOKIE in front.
    static byte[] byReference(long spiI, Octets reference, Octets cookie) {
        byte[] message =
                resume(
                        new Random(16),
                        Payload.Notify.of(NotifyType.COOKIE, cookie),
                        Payload.Notify.of(NotifyType.IKE_SPI_PAIR, reference));
        ByteBuffer.wrap(message).putLong(0, spiI);
        return message;
    }

    private byte[] pattern(Overheard overheard) {
        Random random = new Random(16);
        byte[] opaque = new byte[TICKET];
        random.nextBytes(opaque);
        System.arraycopy(KEY_NAME, 0, opaque, 0, KEY_NAME.length);
        Payload nonce = new Payload.Nonce(Octets.of(new byte[32]));
        return switch (this) {
            case UNKNOWN_TGS_SPI -> GarbageTickets.request(random, TICKET, null);
            case KNOWN_TGS_SPI -> GarbageTickets.request(random, TICKET, KEY_NAME);
            case MADE_UP_COOKIE -> {
                byte[] data =
                        ByteBuffer.allocate(Integer.BYTES + TICKET).putInt(0).put(opaque).array();
                byte[] cookie = new byte[COOKIE];
                cookie[0] = 1;
                yield resume(
                        random,
                        Payload.Notify.of(NotifyType.COOKIE, Octets.of(cookie)),
                        Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(data)));
            }
            case RFC_5723 ->
                    MessageCodec.encode(
                            new Header(1, 0, ExchangeType.IKE_SESSION_RESUME, true, false, 0),
                            List.of(
                                    nonce,
                                    Payload.Notify.of(
                                            NotifyType.TICKET_OPAQUE, Octets.of(opaque))));
            case RANDOM_REFERENCE ->
                    resume(
                            random,
                            Payload.Notify.of(NotifyType.IKE_SPI_PAIR, Octets.of(new byte[16])));
            case UNKNOWN_EXCHANGE -> {
                byte[] message = inside(random);
                message[18] = (byte) 200;
                yield message;
            }
            case RANDOM_SPIS -> inside(random);
            case GENUINE_COOKIE -> overheard.withCookie();
            case STANDING_SPIS -> {
                byte[] message = inside(random);
                ByteBuffer.wrap(message)
                        .putLong(0, overheard.spiI())
                        .putLong(Long.BYTES, overheard.spiR());
                yield message;
            }
        };
    }

    private static byte[] resume(Random random, Payload... clear) {
        Header header =
                new Header(
                        1,
                        0,
                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                        true,
                        false,
                        MessageId.of(1, 0));
        return sealed(random, header, List.of(clear));
    }

    private static byte[] inside(Random random) {
        Header header = new Header(1, 1, ExchangeType.INFORMATIONAL, true, false, 2);
        return sealed(random, header, List.of(new Payload.VendorId(Octets.of(new byte[8]))));
    }

    private static byte[] sealed(Random random, Header header, List<Payload> clear) {
        byte[] sealed = new byte[SEALED];
        random.nextBytes(sealed);
        List<Payload> payloads = new ArrayList<>(clear);
        byte[] message = MessageCodec.encode(header, payloads);
        return GarbageTickets.withEncrypted(message, lastOf(header, clear), sealed);
    }

    /// Where the last clear payload begins.
    private static int lastOf(Header header, List<Payload> clear) {
        return MessageCodec.encode(header, clear.subList(0, clear.size() - 1)).length;
    }

    /// For one thread.
    static final class Source {
        private final Garbage kind;
        private final byte[] pattern;
        private final SplittableRandom random = new SplittableRandom(16);

        private Source(Garbage kind, byte[] pattern) {
            this.kind = kind;
            this.pattern = pattern;
        }

        /// A message like all others of its kind, under an SPI of its own where it is made up.
        byte[] next() {
            byte[] octets = pattern.clone();
            ByteBuffer message = ByteBuffer.wrap(octets);
            if (kind != GENUINE_COOKIE && kind != STANDING_SPIS) {
                message.putLong(0, random.nextLong() | 1);
            }
            switch (kind) {
                case UNKNOWN_TGS_SPI, KNOWN_TGS_SPI, RFC_5723, GENUINE_COOKIE -> {}
                // As if each were a message of its own.
                case STANDING_SPIS -> message.putLong(octets.length - SEALED, random.nextLong());
                case MADE_UP_COOKIE ->
                        message.putLong(Header.LENGTH + NOTIFY_HEADER + 2, random.nextLong());
                case RANDOM_REFERENCE -> {
                    message.putLong(Header.LENGTH + NOTIFY_HEADER, random.nextLong());
                    message.putLong(Header.LENGTH + NOTIFY_HEADER + Long.BYTES, random.nextLong());
                }
                case UNKNOWN_EXCHANGE, RANDOM_SPIS -> message.putLong(8, random.nextLong() | 1);
            }
            return octets;
        }

        int below(int bound) {
            return random.nextInt(bound);
        }
    }
}
