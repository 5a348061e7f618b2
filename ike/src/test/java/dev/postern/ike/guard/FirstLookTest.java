package dev.postern.ike.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.guard.FirstLook.Kind;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class FirstLookTest {
    private static final long OURS = 0x0102_0304_0506_0708L;
    private static final Payload NONCE = new Payload.Nonce(Octets.of(new byte[32]));

    private static Kind look(byte[] octets) {
        return FirstLook.of(octets, spi -> spi == OURS);
    }

    private static byte[] first(ExchangeType exchange, Payload... payloads) {
        return MessageCodec.encode(new Header(9, 0, exchange, true, false, 0), List.of(payloads));
    }

    private static byte[] ticket(long spi, int length) {
        byte[] ticket = new byte[length];
        for (int i = 0; i < Math.min(8, length); i++) {
            ticket[i] = (byte) (spi >>> (56 - (8 * i)));
        }
        return ticket;
    }

    private static Payload oneRoundTrip(long spi, int length) {
        byte[] ticket = ticket(spi, length);
        byte[] data = new byte[4 + length];
        System.arraycopy(ticket, 0, data, 4, length);
        return Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(data));
    }

    private static Payload opaque(long spi, int length) {
        return Payload.Notify.of(NotifyType.TICKET_OPAQUE, Octets.of(ticket(spi, length)));
    }

    private static Payload cookie() {
        return Payload.Notify.of(NotifyType.COOKIE, Octets.of(new byte[24]));
    }

    @Test
    void aTicketOfOneOfOurKeysIsAFirstMessage() {
        assertThat(look(first(ExchangeType.IKE_SESSION_RESUME_1RTT, oneRoundTrip(OURS, 300))))
                .isEqualTo(Kind.FIRST);
        assertThat(look(first(ExchangeType.IKE_SESSION_RESUME, NONCE, opaque(OURS, 300))))
                .isEqualTo(Kind.FIRST);
    }

    @Test
    void aTicketOfAnotherKeyIsForeign() {
        assertThat(look(first(ExchangeType.IKE_SESSION_RESUME_1RTT, oneRoundTrip(7, 300))))
                .isEqualTo(Kind.FOREIGN_TICKET);
        assertThat(look(first(ExchangeType.IKE_SESSION_RESUME, NONCE, opaque(7, 300))))
                .isEqualTo(Kind.FOREIGN_TICKET);
        assertThat(
                        look(
                                first(
                                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                                        cookie(),
                                        oneRoundTrip(7, 300))))
                .isEqualTo(Kind.FOREIGN_TICKET);
    }

    @Test
    void aTicketWithoutRoomForAKeysNameIsForeign() {
        for (int length = 0; length <= 8; length++) {
            assertThat(
                            look(
                                    first(
                                            ExchangeType.IKE_SESSION_RESUME_1RTT,
                                            oneRoundTrip(OURS, length))))
                    .isEqualTo(Kind.FOREIGN_TICKET);
        }
    }

    @Test
    void aCookieIsSeenWhereverItStands() {
        assertThat(
                        look(
                                first(
                                        ExchangeType.IKE_SESSION_RESUME_1RTT,
                                        cookie(),
                                        oneRoundTrip(OURS, 300))))
                .isEqualTo(Kind.FIRST_WITH_COOKIE);
        assertThat(look(first(ExchangeType.IKE_SA_INIT, NONCE, cookie())))
                .isEqualTo(Kind.FIRST_WITH_COOKIE);
    }

    @Test
    void whatBelongsToAnIkeSaIsNobodysFirstMessage() {
        byte[] informational =
                MessageCodec.encode(
                        new Header(9, 8, ExchangeType.INFORMATIONAL, true, false, 2), List.of());
        byte[] response =
                MessageCodec.encode(
                        new Header(9, 8, ExchangeType.IKE_SA_INIT, false, true, 0),
                        List.of(oneRoundTrip(7, 300)));
        assertThat(look(informational)).isEqualTo(Kind.OTHER);
        assertThat(look(response)).isEqualTo(Kind.OTHER);
    }

    @Test
    void noOctetsMakeItStumble() {
        byte[] good = first(ExchangeType.IKE_SESSION_RESUME_1RTT, cookie(), oneRoundTrip(OURS, 90));
        for (int length = 0; length <= good.length; length++) {
            assertThat(look(Arrays.copyOf(good, length))).isNotNull();
        }
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bad = good.clone();
            for (int k = 0; k < 4; k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            assertThat(look(bad)).isNotNull();
        }
    }
}
