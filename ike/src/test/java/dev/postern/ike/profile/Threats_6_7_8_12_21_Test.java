package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.World;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RotatingTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/// Of the list of threats to tickets: (6) clocks that differ; (7) replay of a ticket by value; (8)
/// a ticket from before a rekeying; (12) what somebody off the path injects; (21) old keys.
class Threats_6_7_8_12_21_Test {
    private final Resumption r = new Resumption(63);

    // ---- 6 ----

    @ParameterizedTest
    @ValueSource(longs = {-3_600, -1, 0, 1, 3_600})
    void threat06TheClockOfTheGatewayThatIsAskedDecidesToTheSecond(long ahead) {
        ResumableSession ticket = r.connect();
        long expiresAt = Sessions.opened(ticket).expiresAt();
        IkeEndpoint gateway = new IkeEndpoint(r.bSettings.configuration(), new SeededEntropy(6));
        ResumeByHand request = r.byHand(ticket, 1);

        gateway.handle(
                new Now(1, expiresAt + ahead),
                new Input.Datagram(
                        new Path(r.bSettings.address(), request.address(), true),
                        request.encode()));

        assertThat(gateway.counters().get(Counter.REFUSED_TICKET_EXPIRED))
                .isEqualTo(ahead < 0 ? 0 : 1);
        assertThat(gateway.size()).isEqualTo(ahead < 0 ? 1 : 0);
    }

    /// A chain of resumes over gateways whose clocks are behind is no way around the end of the
    /// authentication: it goes into the next ticket as it is, whatever the gateway's own clock
    /// says, and the next ticket's lifetime ends with it.
    @ParameterizedTest
    @ValueSource(longs = {0, 61, 86_400})
    void threat06AGatewayWhoseClockIsBehindHandsTheHardDeadlineOnAsItIs(long behind) {
        ResumableSession ticket = r.connect();
        long now = r.world.now().epochSeconds();
        long deadline = now + 600;
        ResumeByHand request = r.byHand(ticket, 1);
        request.ticket =
                Sessions.ticket(
                        World.sealer(1)
                                .seal(
                                        Sessions.withDeadline(Sessions.opened(ticket), deadline),
                                        new SeededEntropy(8)));
        Now there = new Now(1, now - behind);
        IkeEndpoint gateway = new IkeEndpoint(r.bSettings.configuration(), new SeededEntropy(9));
        Path path = new Path(r.bSettings.address(), request.address(), true);

        Session next =
                Sessions.opened(
                        nextTicket(
                                request.open(
                                        answer(
                                                gateway,
                                                there,
                                                new Input.Datagram(path, request.encode())))));

        assertThat(next.hardDeadline()).isEqualTo(deadline);
        assertThat(next.expiresAt()).isLessThanOrEqualTo(deadline);
        assertThat(next.isExpiredAt(deadline)).isTrue();
    }

    private static Datagram answer(IkeEndpoint gateway, Now now, Input input) {
        for (Effect effect : gateway.handle(now, input)) {
            switch (effect) {
                case Effect.Send sent -> {
                    return new Datagram(sent.path().local(), sent.path().remote(), sent.octets());
                }
                case Effect.Raise(long askId, Ask.LeaseAddresses _) -> {
                    return answer(
                            gateway,
                            now,
                            new Input.Answered(
                                    askId,
                                    new Answer.AddressesLeased(
                                            List.of(Net.ip(10, 77, 0, 2)), List.of())));
                }
                default -> {}
            }
        }
        throw new AssertionError("no answer");
    }

    /// Behind its lifetime of four octets.
    private static Octets nextTicket(List<Payload> answer) {
        Payload.Notify notify = Message.findNotify(answer, NotifyType.IKEV2_TICKET);
        if (notify == null) {
            throw new AssertionError("no ticket in " + answer);
        }
        return notify.data().slice(4, notify.data().length());
    }

    // ---- 7, by value; by reference it is Threats_7_14_15_ByReferenceTest's ----

    private Node third() {
        GatewaySettings settings = new GatewaySettings('c');
        r.settings.acceptedGateways = List.of(Resumption.A, Resumption.B, settings.identity());
        return r.world.add(settings);
    }

    /// Somebody copies the client's request to another gateway, whose answer comes first.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threat07ByValueAtTwoGatewaysInParallelOneIsConfirmedAndTheOtherExpires(boolean named) {
        Node third = third();
        ResumableSession ticket = r.connect();
        r.settings.namedGateway = named ? Resumption.B : null;
        r.world.setFate(sent ->
                sent.from().equals(r.b().address()) ? List.of(100_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Datagram request = r.world.carried().getLast();

        r.world.deliver(new Datagram(request.from(), third.address(), request.octets()));
        r.world.advance(Duration.ofSeconds(1));

        assertThat(third.events(Event.IkeSaEstablished.class))
                .as("by value each that is meant may answer")
                .hasSize(named ? 0 : 1);
        assertThat(third.events(Event.SessionConfirmed.class)).isEmpty();
        assertThat(r.b().events(Event.SessionConfirmed.class)).hasSize(1);
        assertTunnel(r.client(), r.b());
        r.world.advance(Duration.ofSeconds(31));
        assertThat(third.endpoint().size()).isZero();
        assertThat(r.b().endpoint().size()).isEqualTo(1);
    }

    /// And sends what the other has answered as if it came from the one that was asked.
    @Test
    void threat07TheRefusalOfAGatewayThatWasNotMeantDoesNotEndTheAttempt() {
        Node third = third();
        ResumableSession ticket = r.connect();
        r.settings.namedGateway = Resumption.B;
        r.world.setFate(sent ->
                sent.from().equals(r.b().address()) ? List.of(100_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Datagram request = r.world.carried().getLast();
        r.world.deliver(new Datagram(request.from(), third.address(), request.octets()));
        Datagram refusal = r.world.carried().getLast();
        assertThat(refusal.from()).isEqualTo(third.address());
        r.world.deliver(new Datagram(r.b().address(), refusal.to(), refusal.octets()));
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();

        r.world.advance(Duration.ofSeconds(1));

        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertTunnel(r.client(), r.b());
    }

    /// It restores the session, and is none of those that this client accepts.
    @Test
    void threat07TheAnswerOfAGatewayThatIsNotAcceptedDoesNotEndTheAttempt() {
        Node third = third();
        r.settings.acceptedGateways = List.of(Resumption.A, Resumption.B);
        ResumableSession ticket = r.connect();
        r.settings.namedGateway = null;
        r.world.setFate(sent ->
                sent.from().equals(r.b().address()) ? List.of(100_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Datagram request = r.world.carried().getLast();
        r.world.deliver(new Datagram(request.from(), third.address(), request.octets()));
        r.world.advance(Duration.ofMillis(1));
        assertThat(third.endpoint().provisional()).isEqualTo(1);
        Datagram answer =
                r.world.carried().stream()
                        .filter(sent -> sent.from().equals(third.address()))
                        .findFirst()
                        .orElseThrow();

        r.world.deliver(new Datagram(r.b().address(), answer.to(), answer.octets()));

        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();
        r.world.advance(Duration.ofSeconds(1));
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void threat07ByValueAtTheSameGatewayAfterwardsIsStale() {
        ResumableSession ticket = r.connect();
        r.begin(r.b(), ticket);
        Datagram request = r.world.carried().getLast();
        r.world.settle();
        r.world.advance(Duration.ofMinutes(2));
        int established = r.b().events(Event.IkeSaEstablished.class).size();

        r.world.deliver(request);
        ResumeByHand another = r.byHand(ticket, 1);
        List<Payload> answer = another.answer(r.world, r.b());

        assertThat(answer).containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.REFUSED_TICKET_STALE_COUNT)).isPositive();
        assertThat(r.b().events(Event.IkeSaEstablished.class)).hasSize(established);
        assertThat(r.b().endpoint().provisional()).isZero();
        assertTunnel(r.client(), r.b());
    }

    // ---- 8 ----

    @Test
    void threat08ATicketFromBeforeARekeyingIsRefusedWhereTheRekeyedIkeSaIs() {
        ResumableSession old = r.connect();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofSeconds(1));
        assertThat(r.client().lastTicket().session().generation()).isEqualTo(1);

        List<Payload> answer = new ResumeByHand(old, Resumption.A, 1).answer(r.world, r.a());

        assertThat(answer).containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.a().endpoint().size()).as("the rekeyed one goes on").isEqualTo(1);
    }

    /// By value nobody keeps that the IKE SA was deleted, and whoever resumes has shown, as whoever
    /// deleted it had, that the session is his. What ends it for good is a revocation.
    @Test
    void threat08ATicketByValueThatComesAfterItsDeleteIsServedUntilItIsRevoked() {
        ResumableSession ticket = r.connect();
        r.client().give(new Input.Close(1, false));
        r.world.settle();
        assertThat(r.a().endpoint().size()).isZero();

        assertThat(new ResumeByHand(ticket, Resumption.A, 1).answer(r.world, r.a()).getFirst())
                .isInstanceOf(Payload.IdResponder.class);

        r.a().give(new Input.Revoke(new Revocation.OfEverything(r.world.now().epochSeconds())));
        assertThat(new ResumeByHand(ticket, Resumption.A, 2).answer(r.world, r.a()))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
    }

    // ---- 12 ----

    private void inject(Header request, Payload.Notify... notifications) {
        for (Payload.Notify one : notifications) {
            r.world.deliver(
                    new Datagram(
                            r.b().address(),
                            r.client().address(),
                            MessageCodec.encode(request.toResponse(), List.of(one))));
        }
    }

    private static Payload.Notify cookie(int number) {
        return Payload.Notify.of(
                NotifyType.COOKIE, Octets.of(new SeededEntropy(1_200 + number).octets(16)));
    }

    private static final Payload.Notify NACK = Payload.Notify.of(NotifyType.TICKET_NACK);
    private static final Payload.Notify REDIRECT =
            Payload.Notify.of(NotifyType.REDIRECT, Octets.ofHex("0104cb007142"));

    @Test
    void threat12NackCookieAndRedirectFromOffThePathDoNotKeepAClientFromResuming() {
        ResumableSession ticket = r.connect();
        r.world.setFate(sent ->
                sent.from().equals(r.b().address()) ? List.of(150_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Header request = r.world.carried().getLast().header();

        inject(request, NACK, cookie(1), REDIRECT, NACK, cookie(2));
        r.world.advance(Duration.ofSeconds(1));

        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertTunnel(r.client(), r.b());
        assertThat(r.client().events(Event.Redirected.class)).isEmpty();
    }

    @Test
    void threat12CookiesWithoutEndAreAnsweredAFewTimesAndTheTicketIsKept() {
        ResumableSession ticket = r.connect();
        r.b().die();
        r.begin(r.b(), ticket);
        int before = r.world.carried().size();
        Header request = r.world.carried().getLast().header();
        for (int i = 0; i < 50; i++) {
            inject(request, cookie(i));
        }
        assertThat(r.world.carried().size() - before)
                .as("injected datagrams are not carried, answers to them are")
                .isLessThanOrEqualTo(3);

        r.world.advance(Duration.ofSeconds(3));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        r.resume(r.a(), ticket);
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    // ---- 21 ----

    private static TgsKey key(int number) {
        return new TgsKey(
                number,
                SecretBytes.owning(new SeededEntropy(number).octets(TgsKey.SECRET_LENGTH)),
                0,
                TgsKey.UNLIMITED);
    }

    @Test
    void threat21RolledOverOnceATicketResumesAndTwiceItsClientFallsBack() {
        TgsKey second = key(2);
        r.aSettings.tickets = new RotatingTickets(TgsKeyRing.of(List.of(key(1))));
        RotatingTickets atB = new RotatingTickets(TgsKeyRing.of(List.of(second, key(1))));
        r.bSettings.tickets = atB;
        ResumableSession ticket = r.connect();
        assertThat(r.byHand(ticket, 1).answer(r.world, r.b()).size()).isGreaterThan(1);
        r.world.advance(Duration.ofSeconds(31));

        atB.replace(TgsKeyRing.of(List.of(key(3), second)));

        r.begin(r.b(), ticket);
        r.world.advance(Duration.ofSeconds(1));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isPositive();
        r.client().initiate(99, r.settings.profile(), r.b());
        r.world.settle();
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertTunnel(r.client(), r.b());
    }
}
