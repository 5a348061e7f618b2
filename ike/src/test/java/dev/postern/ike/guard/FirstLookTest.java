package dev.postern.ike.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Now;
import dev.postern.ike.guard.FirstLook.Kind;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class FirstLookTest {
    private static final long OURS = 0x0102_0304_0506_0708L;
    private static final Payload NONCE = new Payload.Nonce(Octets.of(new byte[32]));

    private static final InetAddress PEER = InetAddress.ofLiteral("198.51.100.7");
    private static final long SPI_I = 9;
    private static final long SPI_R = 8;

    private final Cookies cookies = new Cookies();
    private final Set<Long> used = new HashSet<>();
    private final KnownSpis spis =
            new KnownSpis() {
                @Override
                public void add(long spi) {
                    used.add(spi);
                }

                @Override
                public void remove(long spi) {
                    used.remove(spi);
                }

                @Override
                public boolean mayContain(long spi) {
                    return used.contains(spi);
                }
            };
    private final FirstLook look = new FirstLook(spi -> spi == OURS, cookies, spis);

    private Kind look(byte[] octets) {
        return look.at(octets, PEER);
    }

    private static byte[] first(ExchangeType exchange, Payload... payloads) {
        return MessageCodec.encode(
                new Header(SPI_I, 0, exchange, true, false, 0), List.of(payloads));
    }

    private static byte[] ticket(long spi, int length) {
        byte[] ticket = new byte[length];
        for (int i = 0; i < Math.min(8, length); i++) {
            ticket[i] = (byte) (spi >>> (56 - (8 * i)));
        }
        return ticket;
    }

    private static Payload.Notify oneRoundTrip(long spi, int length) {
        byte[] ticket = ticket(spi, length);
        byte[] data = new byte[4 + length];
        System.arraycopy(ticket, 0, data, 4, length);
        return Payload.Notify.of(NotifyType.IKEV2_TICKET, Octets.of(data));
    }

    private static Payload.Notify opaque(long spi, int length) {
        return Payload.Notify.of(NotifyType.TICKET_OPAQUE, Octets.of(ticket(spi, length)));
    }

    private static Payload madeUpCookie() {
        return Payload.Notify.of(NotifyType.COOKIE, Octets.of(new byte[10]));
    }

    private Payload cookie(Payload.Notify subject) {
        return cookie(subject.data(), PEER, SPI_I);
    }

    private Payload cookie(Octets subject, InetAddress address, long spiI) {
        return Payload.Notify.of(
                NotifyType.COOKIE,
                cookies.make(
                        subject.array(), address, spiI, 0, new Now(1, 1), new SeededEntropy(4)));
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
                                        madeUpCookie(),
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
    void aCookieOfOursIsKnownWhereverItStands() {
        Payload.Notify ticket = oneRoundTrip(OURS, 300);
        Payload.Notify opaque = opaque(OURS, 300);
        Payload.Notify pair = Payload.Notify.of(NotifyType.IKE_SPI_PAIR, Octets.of(new byte[16]));
        Payload nonceCookie = cookie(Octets.of(new byte[32]), PEER, SPI_I);

        for (byte[] message :
                List.of(
                        first(ExchangeType.IKE_SESSION_RESUME_1RTT, cookie(ticket), ticket),
                        first(ExchangeType.IKE_SESSION_RESUME_1RTT, cookie(pair), pair),
                        first(ExchangeType.IKE_SESSION_RESUME, cookie(opaque), NONCE, opaque),
                        first(ExchangeType.IKE_SA_INIT, nonceCookie, NONCE),
                        first(ExchangeType.IKE_SA_INIT, NONCE, nonceCookie))) {
            assertThat(look(message)).isEqualTo(Kind.FIRST_WITH_COOKIE);
        }
    }

    @Test
    void aCookieThatIsNotOursIsAsGoodAsNone() {
        Payload.Notify ticket = oneRoundTrip(OURS, 300);
        ExchangeType resume = ExchangeType.IKE_SESSION_RESUME_1RTT;
        assertThat(look(first(resume, madeUpCookie(), ticket)))
                .as("before there is a secret")
                .isEqualTo(Kind.FIRST);
        byte[] good = first(resume, cookie(ticket), ticket);
        assertThat(look(good)).isEqualTo(Kind.FIRST_WITH_COOKIE);
        int cookieAt = Header.LENGTH + 8;
        for (int bit = 0; bit < 80; bit++) {
            byte[] changed = good.clone();
            changed[cookieAt + bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(look(changed)).as("cookie with bit %d changed", bit).isEqualTo(Kind.FIRST);
        }

        InetAddress other = InetAddress.ofLiteral("198.51.100.8");
        for (Payload wrong :
                List.of(
                        madeUpCookie(),
                        cookie(ticket.data(), other, SPI_I),
                        cookie(ticket.data(), PEER, SPI_I + 1),
                        cookie(Octets.of(new byte[304]), PEER, SPI_I),
                        Payload.Notify.of(NotifyType.COOKIE, Octets.EMPTY))) {
            assertThat(look(first(resume, wrong, ticket))).isEqualTo(Kind.FIRST);
        }
        assertThat(look(first(resume, cookie(ticket)))).as("no ticket").isEqualTo(Kind.FIRST);
    }

    @Test
    void aMessageOfAnIkeSaIsKnownByOurSpiAsLongAsItStands() {
        byte[] request =
                MessageCodec.encode(
                        new Header(SPI_I, SPI_R, ExchangeType.INFORMATIONAL, true, false, 2),
                        List.of());
        byte[] response =
                MessageCodec.encode(
                        new Header(SPI_I, SPI_R, ExchangeType.INFORMATIONAL, true, true, 2),
                        List.of());
        byte[] firstResponse =
                MessageCodec.encode(
                        new Header(SPI_R, 0, ExchangeType.IKE_SA_INIT, false, true, 0),
                        List.of(oneRoundTrip(7, 300)));
        List<byte[]> messages = List.of(request, response, firstResponse);
        assertThat(messages).allMatch(message -> look(message) == Kind.OF_NO_IKE_SA);

        spis.add(SPI_R);
        assertThat(messages).allMatch(message -> look(message) == Kind.OF_AN_IKE_SA);

        spis.remove(SPI_R);
        assertThat(messages).allMatch(message -> look(message) == Kind.OF_NO_IKE_SA);
    }

    @Test
    void lessThanAHeaderIsScrap() {
        assertThat(look(new byte[Header.LENGTH - 1])).isEqualTo(Kind.SCRAP);
    }

    @Test
    void noOctetsMakeItStumble() {
        byte[] good =
                first(ExchangeType.IKE_SESSION_RESUME_1RTT, madeUpCookie(), oneRoundTrip(OURS, 90));
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
