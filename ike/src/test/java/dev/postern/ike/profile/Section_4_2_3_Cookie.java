package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// The COOKIE case of the resume: a gateway under load keeps nothing until a cookie comes back.
class Section_4_2_3_Cookie {
    private final Resumption r = new Resumption(29);

    private void overload() {
        r.bSettings.limits =
                new Limits(0, 100, 30 * Now.NANOS_PER_SECOND, 100, 4, 30 * Now.NANOS_PER_SECOND);
    }

    @Test
    void aCookieCostsOneMoreRoundTripAndTheSessionResumes() {
        overload();
        ResumableSession ticket = r.connect();
        int first = r.world.carried().size();
        r.resume(r.b(), ticket);

        assertTunnel(r.client(), r.b());
        Message request = r.world.carried().get(first).message();
        Message cookie = r.world.carried().get(first + 1).message();
        Message again = r.world.carried().get(first + 2).message();
        assertThat(cookie.header().spiR()).isZero();
        assertThat(cookie.payloads()).hasSize(1);
        assertThat(again.header()).isEqualTo(request.header());
        Payload.Notify returned = Message.findNotify(again.payloads(), NotifyType.COOKIE);
        assertThat(again.payloads().getFirst()).isEqualTo(returned);
        assertThat(returned).isEqualTo(cookie.payloads().getFirst());
        assertThat(r.b().count(Counter.COOKIE_SENT)).isEqualTo(1);
    }

    @Test
    void theSamePlaintextIsSealedAgainUnderAnotherIv() {
        overload();
        ResumableSession ticket = r.connect();
        int first = r.world.carried().size();
        r.resume(r.b(), ticket);
        Datagram request = r.world.carried().get(first);
        Datagram again = r.world.carried().get(first + 2);

        assertThat(RequestReader.open(again, ticket))
                .isEqualTo(RequestReader.open(request, ticket));
        assertThat(iv(again)).isNotEqualTo(iv(request));
    }

    private static byte[] iv(Datagram datagram) {
        Payload.Encrypted sk = datagram.message().encrypted();
        int offset = sk == null ? 0 : sk.bodyOffset();
        return Arrays.copyOfRange(datagram.octets(), offset, offset + 8);
    }

    @Test
    void nothingIsKeptForARequestWithoutCookie() {
        overload();
        ResumableSession ticket = r.connect();
        assertThat(r.byHand(ticket, 1).send(r.world, r.b())).hasSize(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void aCookieIsGoodForItsTicketItsSpiAndItsAddressOnly() {
        overload();
        ResumableSession ticket = r.connect();
        ResumeByHand one = r.byHand(ticket, 1);
        Octets cookie = cookieFor(one);

        ResumeByHand otherSpi = r.byHand(ticket, 1);
        otherSpi.spiI ^= 1;
        otherSpi.cookie = cookie;
        ResumeByHand otherAddress = r.byHand(ticket, 2);
        otherAddress.spiI = one.spiI;
        otherAddress.cookie = cookie;
        ResumeByHand otherTicket = r.byHand(ticket, 1);
        byte[] changed = ticket.ticket().array().clone();
        changed[changed.length - 1] ^= 1;
        otherTicket.ticket = Octets.of(changed);
        otherTicket.cookie = cookie;
        ResumeByHand otherCookie = r.byHand(ticket, 1);
        byte[] flipped = cookie.array().clone();
        flipped[flipped.length - 1] ^= 1;
        otherCookie.cookie = Octets.of(flipped);
        for (ResumeByHand wrong : List.of(otherSpi, otherAddress, otherTicket, otherCookie)) {
            Message answer = wrong.send(r.world, r.b()).getFirst().message();
            assertThat(Message.findNotify(answer.payloads(), NotifyType.COOKIE)).isNotNull();
        }
        assertThat(r.b().count(Counter.COOKIE_WRONG)).isEqualTo(4);
        assertThat(r.b().endpoint().size()).isZero();

        one.cookie = cookie;
        assertThat(one.answer(r.world, r.b())).hasSizeGreaterThan(3);
    }

    private Octets cookieFor(ResumeByHand request) {
        Message answer = request.send(r.world, r.b()).getFirst().message();
        Payload.Notify cookie = Message.findNotify(answer.payloads(), NotifyType.COOKIE);
        if (cookie == null) {
            throw new AssertionError("no cookie was asked for");
        }
        return cookie.data();
    }

    @Test
    void aCookieExpiresWithItsSecrets() {
        overload();
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        request.cookie = cookieFor(request);
        r.world.advance(Duration.ofSeconds(500));
        // Two changes of the secret, each seen by a request.
        r.byHand(ticket, 5).send(r.world, r.b());
        r.world.advance(Duration.ofSeconds(130));
        r.byHand(ticket, 6).send(r.world, r.b());

        request.send(r.world, r.b());

        assertThat(r.b().count(Counter.COOKIE_WRONG)).isEqualTo(1);
    }

    /// A copy of the request without the cookie comes late, when nobody is asked for one any more.
    @Test
    void theSameAttemptWithAndWithoutItsCookieRevivesOneIkeSa() {
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        byte[] without = request.encode();
        byte[] answer = request.send(r.world, r.b(), without).getFirst().octets();
        request.cookie = Octets.ofHex("00".repeat(16));
        byte[] with = request.encode();

        assertThat(with).isNotEqualTo(without);
        assertThat(request.send(r.world, r.b(), with).getFirst().octets()).isEqualTo(answer);
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
    }

    @Test
    void anInjectedCookieCostsTheClientARoundTripAndNoMore() {
        ResumableSession ticket = r.connect();
        r.world.setFate(
                d -> d.from().equals(r.b().address()) ? List.of(50_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Header request = r.world.carried().getLast().header();
        byte[] injected =
                MessageCodec.encode(
                        request.toResponse(),
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.COOKIE, Octets.ofHex("00".repeat(16)))));
        int before = r.world.carried().size();
        for (int i = 0; i < 50; i++) {
            r.world.deliver(new Datagram(r.b().address(), r.client().address(), injected));
        }
        assertThat(r.world.carried().size() - before).isEqualTo(3);

        r.world.advance(Duration.ofSeconds(1));

        assertTunnel(r.client(), r.b());
    }
}
