package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Of the list of threats to tickets: (7) replay, by reference; (14) hostile references; (15) a
/// store that is down, slow or lies.
class Threats_7_14_15_ByReferenceTest {
    private final Stateful s = new Stateful(43);
    private final Resumption r = s.r;

    /// One request, addressed to the domain, so that each gateway may take it.
    private ResumeByHand toTheDomain(ResumableSession session) {
        return r.byHand(session, 1)
                .replace(
                        Payload.IdResponder.class,
                        new Payload.IdResponder(Identity.fqdn("vpn.example")));
    }

    private Datagram datagram(ResumeByHand request, byte[] octets, boolean toB) {
        return new Datagram(request.address(), (toB ? r.b() : r.a()).address(), octets);
    }

    @Test
    void threat7ReplayAtAnotherGatewayLoses() {
        ResumeByHand request = toTheDomain(s.connect());
        byte[] octets = request.encode();
        request.send(r.world, r.b(), octets);

        List<Datagram> back = request.send(r.world, r.a(), octets);

        assertThat(onlyNotify(request.open(back.getFirst())))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
        assertThat(r.a().endpoint().provisional()).isZero();
    }

    @Test
    void threat7ReplayAtBothGatewaysInParallelHasOneWinner() {
        ResumeByHand request = toTheDomain(s.connect());
        byte[] octets = request.encode();
        s.store.slowDown(20_000_000);
        r.world.deliver(datagram(request, octets, true));
        r.world.deliver(datagram(request, octets, false));
        r.world.settle();

        assertThat(r.a().endpoint().provisional() + r.b().endpoint().provisional()).isEqualTo(1);
        assertThat(
                        r.a().count(Counter.REFUSED_SWITCH_COUNT_TAKEN)
                                + r.b().count(Counter.REFUSED_SWITCH_COUNT_TAKEN))
                .isEqualTo(1);
    }

    @Test
    void threat7ReplayAfterTheSessionMovedOnFindsNothing() {
        ResumableSession session = s.connect();
        r.resume(r.b(), session);
        List<Datagram> requests =
                r.world.carried().stream()
                        .filter(d -> d.to().equals(r.b().address()) && d.header().spiR() == 0)
                        .toList();
        int established = r.b().events(Event.IkeSaEstablished.class).size();

        requests.forEach(r.world::deliver);
        r.world.settle();

        assertThat(r.b().events(Event.IkeSaEstablished.class)).hasSize(established);
        assertThat(r.a().endpoint().provisional() + r.b().endpoint().provisional()).isZero();
    }

    @Test
    void threat7TheSameRequestAtTheSameGatewayIsARetransmissionEvenAfterItForgot() {
        ResumableSession session = s.connect();
        ResumeByHand request = r.byHand(session, 1);
        byte[] octets = request.encode();
        request.send(r.world, r.b(), octets);
        r.world.advance(Duration.ofSeconds(31));
        assertThat(r.b().endpoint().size()).isZero();

        List<Datagram> back = request.send(r.world, r.b(), octets);

        assertThat(request.open(back.getFirst()).getFirst())
                .isInstanceOf(Payload.IdResponder.class);
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
    }

    @Test
    void threat14AReferenceOfAnyOtherLengthIsDroppedBeforeTheStoreIsAsked() {
        ResumableSession session = s.connect();
        for (String text :
                List.of(
                        "",
                        "' OR 1=1 --",
                        "../../../etc/shadow",
                        "http://192.0.2.66/record?id=1",
                        "x".repeat(60_000))) {
            ResumeByHand request = r.byHand(session, 1);
            request.ticket = Octets.of(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(request.send(r.world, r.b())).as(text).isEmpty();
        }
        assertThat(s.store.asked(Ask.FetchSession.class)).isEmpty();
        assertThat(r.b().endpoint().size()).isZero();
    }

    /// Nothing that came in a datagram has so many octets; nothing else hands it over either.
    @Test
    void threat14AReferenceOfAMebibyteCostsNothing() {
        ResumableSession session = s.connect();
        byte[] good = r.byHand(session, 1).encode();
        byte[] huge = Arrays.copyOf(good, 1 << 20);
        for (int claimed : new int[] {huge.length, good.length, -1, Integer.MIN_VALUE}) {
            ByteBuffer.wrap(huge).putInt(24, claimed);
            byte[] chain = huge.clone();
            // N(IKE_SPI_PAIR) of 65,528 octets, sixteen times, one behind the other.
            for (int at = 28; at + 65_528 <= chain.length; at += 65_528) {
                ByteBuffer.wrap(chain).putInt(at, 41 << 24 | 65_528).putInt(at + 4, 61_444);
            }
            for (byte[] octets : List.of(huge, chain)) {
                r.b().give(
                                new Input.Datagram(
                                        new Path(r.b().address(), r.client().address(), true),
                                        octets));
            }
        }
        assertThat(s.store.asked(Ask.FetchSession.class)).isEmpty();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().count(Counter.INTERNAL_ERROR)).isZero();
        r.resume(r.b(), session);
        assertTunnel(r.client(), r.b());
    }

    /// A lifetime of 136 years, and the largest notification that there can be.
    @Test
    void threat14HugeValuesInAGrantAreOnlyNumbers() {
        GatewaySettings settings = new GatewaySettings('c');
        settings.resumption = Suites.RFC_5723;
        ClientSettings client = new ClientSettings();
        client.resumption = Suites.RFC_5723;
        World world = new World(1414);
        Node node = world.add(client);
        Node seat = world.add(settings);
        GatewayByHand gateway = new GatewayByHand(world, node, seat);
        node.initiate(1, client.profile(), seat);
        gateway.begin();
        byte[] data = new byte[4 + 40_000];
        Arrays.fill(data, (byte) 0xff);
        List<Payload> answer = new ArrayList<>(gateway.authPayloads());
        answer.add(Payload.Notify.of(NotifyType.TICKET_LT_OPAQUE, Octets.of(data)));
        gateway.answerAuth(answer);
        ResumableSession held = node.lastTicket();
        assertThat(held.validUntil()).isEqualTo(world.now().epochSeconds() + 0xffff_ffffL);
        node.resume(2, client.profile(), seat, held);
        world.settle();
        assertThat(node.count(Counter.INTERNAL_ERROR)).isZero();
    }

    @Test
    void threat14SixteenOctetsOfAnythingAreANameAndNothingElse() {
        ResumableSession session = s.connect();
        SeededEntropy entropy = new SeededEntropy(14);
        for (int i = 0; i < 20; i++) {
            ResumeByHand request = r.byHand(session, 1 + i);
            request.ticket =
                    i == 0 ? Octets.ofAscii("'; DROP TABLE --") : Octets.of(entropy.octets(16));
            List<Datagram> back = request.send(r.world, r.b());
            assertThat(onlyNotify(back.getFirst().message().payloads()))
                    .isEqualTo(NotifyType.TICKET_NACK.code());
        }
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(s.store.asked(Ask.RaiseSwitchCount.class)).isEmpty();
    }

    @Test
    void threat15AStoreThatIsDownLeadsToAnUnprotectedNackAndTheClientKeepsItsReference() {
        ResumableSession session = s.connect();
        s.store.lie(_ -> new Answer.StoreUnavailable());
        List<Datagram> back = r.byHand(session, 1).send(r.world, r.b());
        assertThat(onlyNotify(back.getFirst().message().payloads()))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        s.store.lie(answer -> answer);
        r.resume(r.b(), session);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void threat15AStoreThatNeverAnswersLeadsToANackWithinASecond() {
        ResumableSession session = s.connect();
        s.store.fallSilent();
        ResumeByHand request = r.byHand(session, 1);
        assertThat(request.send(r.world, r.b())).isEmpty();
        r.world.advance(Duration.ofMillis(1_100));
        assertThat(r.world.carried().getLast().to()).isEqualTo(request.address());
        assertThat(onlyNotify(r.world.carried().getLast().message().payloads()))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat15AnAnswerThatComesTooLateIsPassedOver() {
        ResumableSession session = s.connect();
        s.store.slowDown(1_500_000_000L);
        r.byHand(session, 1).send(r.world, r.b());
        r.world.advance(Duration.ofSeconds(5));
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isZero();
        assertThat(r.b().count(Counter.INTERNAL_ERROR)).isZero();
    }

    @Test
    void threat15AStoreThatFailsAtTheClaimRefusesInsideSk() {
        ResumableSession session = s.connect();
        s.store.lie(answer ->
                answer instanceof Answer.SwitchCountRaised
                        ? new Answer.StoreUnavailable()
                        : answer);
        assertThat(onlyNotify(r.byHand(session, 1).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat15AStoreThatDoesNotDecideAClaimWithinASecondLeadsToTemporaryFailureInsideSk() {
        ResumableSession session = s.connect();
        s.store.lie(answer -> {
            if (answer instanceof Answer.SessionFetched) {
                s.store.fallSilent();
            }
            return answer;
        });
        ResumeByHand request = r.byHand(session, 1);
        assertThat(request.send(r.world, r.b())).isEmpty();
        r.world.advance(Duration.ofMillis(1_100));
        Datagram refusal = r.world.carried().getLast();
        assertThat(refusal.to()).isEqualTo(request.address());
        assertThat(onlyNotify(request.open(refusal)))
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat15ARecordOfAnotherClientRevivesNobody() {
        ResumableSession own = s.connect();
        Stateful other = new Stateful(44);
        ResumableSession foreign = other.connect();
        StoredSession wrong =
                other.store.records().fetch(new SessionReference(foreign.ticket()), 0);
        s.store.lie(answer ->
                answer instanceof Answer.SessionFetched && wrong != null
                        ? new Answer.SessionFetched(wrong)
                        : answer);

        assertThat(r.byHand(own, 1).send(r.world, r.b())).isEmpty();

        assertThat(r.b().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(s.store.asked(Ask.RaiseSwitchCount.class)).isEmpty();
    }

    @Test
    void threat15ADamagedRecordRevivesNobodyWhicheverBitIsWrong() {
        ResumableSession session = s.connect();
        SeededEntropy entropy = new SeededEntropy(15);
        s.store.lie(answer -> {
            if (!(answer instanceof Answer.SessionFetched fetched)) {
                return answer;
            }
            byte[] sealed = fetched.session().sealed().array().clone();
            int at = Octets.of(entropy.octets(4)).toInt() & 0x7fff_ffff;
            sealed[at % sealed.length] ^= (byte) (1 << (at & 7));
            return new Answer.SessionFetched(
                    new StoredSession(
                            Octets.of(sealed),
                            fetched.session().gatewaySwitchCount(),
                            fetched.session().claim(),
                            fetched.session().expiresAt()));
        });
        for (int i = 0; i < 50; i++) {
            List<Datagram> back = r.byHand(session, 1 + i).send(r.world, r.b());
            assertThat(onlyNotify(back.getFirst().message().payloads()))
                    .isEqualTo(NotifyType.TICKET_NACK.code());
        }
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat15AStaleCountFromTheStoreLetsNobodyConfirmTwice() {
        ResumableSession session = s.connect();
        ResumeByHand first = r.byHand(session, 1);
        byte[] octets = first.encode();
        first.send(r.world, r.b(), octets);
        r.b().give(new Input.PacketVerified(r.b().installed().getFirst().inboundSpi()));
        s.store.lie(answer ->
                answer instanceof Answer.SwitchCountTaken
                        ? new Answer.SwitchCountRaised()
                        : answer);

        assertThat(onlyNotify(r.byHand(session, 2).answer(r.world, r.b())))
                .as("a confirmed IKE SA of the session knows the count itself")
                .isEqualTo(NotifyType.TICKET_NACK.code());
    }

    @Test
    void threat15AnAnswerToSomeOtherQuestionIsNoAnswer() {
        ResumableSession session = s.connect();
        s.store.lie(_ -> new Answer.SwitchCountRaised());
        List<Datagram> back = r.byHand(session, 1).send(r.world, r.b());
        assertThat(onlyNotify(back.getFirst().message().payloads()))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat15WithoutAStoreTheConnectionStandsAndTheClientIsPromisedNothing() {
        s.store.fallSilent();
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();
        r.world.advance(Duration.ofSeconds(2));
        assertTunnel(r.client(), r.a());
        assertThat(r.client().events(Event.TicketReceived.class)).isEmpty();
        assertThat(r.a().count(Counter.SESSIONS_NOT_STORED)).isEqualTo(1);
    }

    @Test
    void threat15AfterAResumeTheWriteIsTriedAgainUntilTheStoreIsBack() {
        ResumableSession session = s.connect();
        s.store.lie(answer ->
                answer instanceof Answer.SessionStored ? new Answer.StoreUnavailable() : answer);
        r.resume(r.b(), session);
        assertTunnel(r.client(), r.b());
        int known = r.client().events(Event.TicketReceived.class).size();
        s.store.lie(answer -> answer);
        r.world.advance(Duration.ofSeconds(40));
        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(known + 1);
    }
}
