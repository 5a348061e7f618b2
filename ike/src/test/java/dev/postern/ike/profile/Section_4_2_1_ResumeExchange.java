package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The resume exchange as it should go: draft section 4.2.1, profile "The exchange".
class Section_4_2_1_ResumeExchange {
    private final Resumption r = new Resumption(1);

    @Test
    void oneRoundTripMovesTheSessionToAnotherGateway() {
        ResumableSession ticket = r.connect();
        r.a().die();
        int before = r.world.carried().size();

        r.resume(r.b(), ticket);

        assertTunnel(r.client(), r.b());
        Event.IkeSaEstablished ours = r.client().lastEstablished();
        assertThat(ours.origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(ours.peer()).isEqualTo(Resumption.B);
        assertThat(ours.gatewaySwitchCount()).isEqualTo(1);
        assertThat(r.world.carried().size() - before)
                .as("request, response, and the liveness check that confirms")
                .isEqualTo(4);
    }

    @Test
    void requestAndResponseHaveTheFormOfTheProfile() {
        ResumableSession ticket = r.connect();
        int before = r.world.carried().size();
        r.resume(r.b(), ticket);
        Message request = r.world.carried().get(before).message();
        Message response = r.world.carried().get(before + 1).message();

        assertThat(request.header().exchange()).isEqualTo(ExchangeType.IKE_SESSION_RESUME_1RTT);
        assertThat(request.header().spiR()).isZero();
        assertThat(request.header().messageId()).isEqualTo(0x1000_0000);
        assertThat(request.payloads()).hasSize(2);
        Payload.Notify presented = find(request.payloads(), Payload.Notify.class);
        assertThat(presented.type()).isEqualTo(61443);
        assertThat(presented.data().slice(4, presented.data().length())).isEqualTo(ticket.ticket());
        assertThat(request.encrypted()).isNotNull();
        assertThat(response.header().spiI()).isEqualTo(request.header().spiI());
        assertThat(response.header().spiR()).isNotZero();
        assertThat(response.header().messageId()).isEqualTo(0x1000_0000);
        assertThat(response.payloads()).hasSize(1);
        assertThat(response.encrypted()).isNotNull();
    }

    @Test
    void theResponseHoldsWhatTheProfileListsInThatOrder() {
        ResumableSession ticket = r.connect();

        List<Payload> answer = r.byHand(ticket, 1).answer(r.world, r.b());

        assertThat(answer.get(0)).isEqualTo(new Payload.IdResponder(Resumption.B));
        assertThat(answer.get(1)).isInstanceOf(Payload.SecurityAssociation.class);
        assertThat(answer.get(2)).isInstanceOf(Payload.Nonce.class);
        assertThat(find(answer, Payload.Nonce.class).data().length()).isEqualTo(32);
        assertThat(find(answer, Payload.TsInitiator.class).selectors())
                .containsExactly(TrafficSelector.host(Net.ip(10, 77, 0, 2)));
        assertThat(find(answer, Payload.Configuration.class).kind()).isEqualTo(2);
        assertThat(Message.findNotify(answer, NotifyType.IKEV2_TICKET)).isNotNull();
        assertThat(Message.findNotify(answer, NotifyType.NAT_DETECTION_SOURCE_IP)).isNotNull();
        assertThat(Message.find(answer, Payload.KeyExchange.class)).isNull();
    }

    @Test
    void theResumeRequestFitsOnePacketOf1280Octets() {
        ResumableSession ticket = r.connect();
        r.begin(r.b(), ticket);
        int udpAndMarker = 40 + 8 + 4;
        assertThat(r.world.carried().getLast().octets().length + udpAndMarker)
                .isLessThanOrEqualTo(1280);
        assertThat(ticket.ticket().length()).isLessThanOrEqualTo(400);
    }

    @Test
    void theSessionIdStaysTheSame() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.b().lastEstablished().sessionId())
                .isEqualTo(r.a().lastEstablished().sessionId());
        assertThat(r.b().events(Event.SessionConfirmed.class).getLast().sessionId())
                .isEqualTo(r.a().lastEstablished().sessionId());
    }

    @Test
    void theInnerAddressIsKeptWhereTheOtherGatewayCanGiveIt() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.client().lastEstablished().innerAddresses())
                .containsExactly(Net.ip(10, 77, 0, 2));
        assertThat(r.b().installed().getLast().assignedAddresses())
                .containsExactly(Net.ip(10, 77, 0, 2));
    }

    @Test
    void anotherInnerAddressComesInCfgReplyAndTsi() {
        r.bSettings.poolNetwork = 88;
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(r.client().lastEstablished().innerAddresses())
                .containsExactly(Net.ip(10, 88, 0, 2));
        assertThat(r.client().installed().getLast().local())
                .containsExactly(TrafficSelector.host(Net.ip(10, 88, 0, 2)));
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aSessionWithoutInnerAddressResumesWithItsSelectors() {
        TrafficSelector site = Net.subnet(10, 9, 0, 0, 16);
        r.aSettings.assignsAddresses = false;
        r.aSettings.remoteSelectors = List.of(site);
        r.bSettings.assignsAddresses = false;
        r.bSettings.remoteSelectors = List.of(site);
        r.settings.requestAddresses = false;
        r.settings.localSelectors = List.of(site);
        ResumableSession ticket = r.connect();

        r.resume(r.b(), ticket);

        assertTunnel(r.client(), r.b());
        assertThat(r.client().installed().getLast().local()).containsExactly(site);
        assertThat(r.b().effects()).noneMatch(effect -> effect instanceof Effect.Raise);
    }

    @Test
    void theClientMayReturnToTheGatewayThatIssuedTheTicket() {
        ResumableSession ticket = r.connect();

        r.resume(r.a(), ticket);

        assertThat(r.a().lastClosed().reason()).isEqualTo(CloseReason.SUPERSEDED);
        assertThat(r.a().installed()).hasSize(1);
        assertTunnel(r.client(), r.a());
        assertThat(r.a().endpoint().size()).isEqualTo(1);
    }

    @Test
    void eachResumeBringsANewTicketThatResumesAgain() {
        ResumableSession first = r.connect();
        r.resume(r.b(), first);
        ResumableSession second = r.client().lastTicket();
        assertThat(second.ticket()).isNotEqualTo(first.ticket());
        assertThat(second.session().gatewaySwitchCount()).isEqualTo(1);
        assertThat(second.session().responder()).isEqualTo(Resumption.B);

        r.resume(r.a(), second);

        assertTunnel(r.client(), r.a());
        assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(2);
    }

    @Test
    void aChainOfFifteenResumesUsesTheSwitchCountsUpAndTheSixteenthNeedsAFullExchange() {
        ResumableSession ticket = r.connect();
        for (int count = 1; count <= 15; count++) {
            r.resume(count % 2 == 1 ? r.b() : r.a(), ticket);
            assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(count);
            ticket = r.client().lastTicket();
        }
        assertTunnel(r.client(), r.b());

        int before = r.world.carried().size();
        r.resume(r.a(), ticket);

        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.EXHAUSTED);
        assertThat(r.client().lastClosed().detail()).contains("15");
        assertThat(r.world.carried()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes128gcm16-prfsha256-x25519",
                "chacha20poly1305-prfsha512-ecp256",
                "aes256-sha384-prfsha384-modp2048",
                "aes128-sha256-prfsha512-ecp384"
            })
    void everyKindOfSuiteResumesWithAndWithoutKeyExchange(String suite) {
        for (boolean keyExchange : new boolean[] {false, true}) {
            Resumption other = new Resumption(7);
            other.aSettings.ikeSuites = Suites.ike(suite);
            other.bSettings.ikeSuites = Suites.ike(suite);
            other.settings.ikeSuites = Suites.ike(suite);
            if (keyExchange) {
                other.bSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
                other.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
            }
            other.resume(other.b(), other.connect());
            assertTunnel(other.client(), other.b());
        }
    }

    @Test
    void withKeyExchangeRequiredKeiAndKerTravelUnderSk() {
        r.bSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertTunnel(r.client(), r.b());
        r.resume(r.a(), r.client().lastTicket());
        assertTunnel(r.client(), r.a());
    }

    @Test
    void aPeersKeyExchangeIsTakenUpWhereThePolicyAsksForNone() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        r.resume(r.b(), r.connect());
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aRetransmissionIsTheSameOctetsAndGetsTheSameOctets() {
        ResumableSession ticket = r.connect();
        AtomicInteger responses = new AtomicInteger();
        r.world.setFate(d ->
                d.from().equals(r.b().address()) && responses.getAndIncrement() == 0
                        ? Fate.lost()
                        : Fate.delivered());
        int before = r.world.carried().size();
        r.begin(r.b(), ticket);
        r.world.advance(Duration.ofSeconds(1));

        List<Datagram> carried = r.world.carried().subList(before, r.world.carried().size());
        assertThat(carried.get(2).octets()).isEqualTo(carried.get(0).octets());
        assertThat(carried.get(3).octets()).isEqualTo(carried.get(1).octets());
        assertThat(r.b().count(Counter.RETRANSMITTED_RESPONSE)).isEqualTo(1);
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(1);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aLostAnswerIsFollowedByAnotherAttemptWithTheSameCountUnderAnotherSpi() {
        ResumableSession ticket = r.connect();
        r.world.setFate(d -> d.from().equals(r.b().address()) ? Fate.lost() : Fate.delivered());
        r.begin(r.b(), ticket);
        r.world.advance(Duration.ofSeconds(2));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
        r.world.setFate(Fate.DELIVER);

        r.resume(r.b(), ticket);

        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isZero();
        assertThat(r.b().endpoint().size()).isEqualTo(1);
        assertThat(r.b().installed()).hasSize(1);
    }

    @Test
    void theDataPlaneIsReadyBeforeThePeerHears() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        assertThat(order(r.b().effects()))
                .containsSubsequence("InstallChildSa", "IkeSaEstablished", "Send");
        assertThat(order(r.a().effects()))
                .containsSubsequence(
                        "InstallChildSa", "ActivateChildSa", "IkeSaEstablished", "Send");
    }

    private static List<String> order(List<Effect> effects) {
        return effects.stream()
                .map(effect ->
                        effect instanceof Effect.Emit emit
                                ? emit.event().getClass().getSimpleName()
                                : effect.getClass().getSimpleName())
                .toList();
    }

    @Test
    void aStormOfClientsResumesAtOneGateway() {
        Resumption storm = new Resumption(3);
        dev.postern.ike.world.Node b = storm.b();
        java.util.List<dev.postern.ike.world.Node> clients = new java.util.ArrayList<>();
        java.util.List<dev.postern.ike.world.ClientSettings> all = new java.util.ArrayList<>();
        for (int i = 0; i < 40; i++) {
            dev.postern.ike.world.ClientSettings settings =
                    new dev.postern.ike.world.ClientSettings("s" + i);
            settings.host = 20 + i;
            storm.aSettings.keys.put(settings.identity, settings.preSharedKey);
            storm.bSettings.keys.put(settings.identity, settings.preSharedKey);
            all.add(settings);
            clients.add(storm.world.add(settings));
        }
        for (int i = 0; i < 40; i++) {
            clients.get(i).initiate(1, all.get(i).profile(), storm.a());
        }
        storm.world.settle();
        storm.a().die();

        for (int i = 0; i < 40; i++) {
            clients.get(i).resume(2, all.get(i).profile(), b, clients.get(i).lastTicket());
        }
        storm.world.settle();

        assertThat(b.events(Event.SessionConfirmed.class)).hasSize(40);
        assertThat(b.installed().stream().map(i -> i.assignedAddresses()).distinct()).hasSize(40);
        assertThat(b.endpoint().provisional()).isZero();
    }
}
