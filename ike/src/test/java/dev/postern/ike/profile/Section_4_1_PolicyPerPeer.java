package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.ForPeers;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// "If it supports session resumption for the client in question" (draft section 4.1): what holds
/// for one peer of a profile need not hold for another.
class Section_4_1_PolicyPerPeer {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Resumption r = new Resumption(35);
    private final ClientSettings other = new ClientSettings("c08");

    Section_4_1_PolicyPerPeer() {
        other.host = 8;
        other.preSharedKey = GatewaySettings.key("another key of another client");
    }

    private static ResumptionPolicy forC08(ResumptionPolicy policy) {
        return Suites.BOTH_PROTOCOLS.except(
                List.of(new ForPeers(new IdentityPattern("c08.example"), policy)));
    }

    private Node connectOther() {
        Node node = r.world.add(other);
        node.initiate(1, other.profile(), r.a());
        r.world.settle();
        assertThat(node.events(Event.IkeSaEstablished.class)).hasSize(1);
        return node;
    }

    @Test
    void onePeerOfAProfileGetsATicketAndAnotherNone() {
        r.aSettings.resumption = forC08(ResumptionPolicy.DISABLED);
        r.connect();
        assertThat(connectOther().events(Event.TicketReceived.class)).isEmpty();
    }

    @Test
    void theFirstPatternThatMatchesDecides() {
        ResumptionPolicy policy =
                Suites.BOTH_PROTOCOLS.except(
                        List.of(
                                new ForPeers(
                                        new IdentityPattern("*.example"),
                                        ResumptionPolicy.DISABLED),
                                new ForPeers(
                                        new IdentityPattern("c08.example"),
                                        Suites.BOTH_PROTOCOLS)));
        assertThat(policy.of(Identity.fqdn("c08.example"))).isEqualTo(ResumptionPolicy.DISABLED);
        assertThat(policy.of(Identity.email("c08@example"))).isEqualTo(policy);
    }

    @Test
    void aTicketOfAPeerThatMayNotResumeAnyMoreIsRefused() {
        ResumableSession ticket = r.connect();
        r.bSettings.resumption =
                Suites.BOTH_PROTOCOLS.except(
                        List.of(
                                new ForPeers(
                                        new IdentityPattern("*7.example"),
                                        ResumptionPolicy.DISABLED)));
        assertThat(onlyNotify(r.byHand(ticket, 1).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().count(Counter.REFUSED_TICKET_POLICY)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void aKeyExchangeMayBeRequiredOfOnePeerAlone() {
        ResumableSession ticket = r.connect();
        r.bSettings.resumption =
                Suites.BOTH_PROTOCOLS.except(
                        List.of(
                                new ForPeers(
                                        new IdentityPattern("c07.example"),
                                        Suites.ONE_ROUND_TRIP_WITH_KE)));
        List<Payload> answer = r.byHand(ticket, 1).answer(r.world, r.b());
        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.INVALID_KE_PAYLOAD.code());
    }

    @Test
    void onePeersSessionIsKeptByTheGatewaysAndAnothersByItself() {
        r.aSettings.resumption = forC08(Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE));
        assertThat(r.connect().isReference()).isFalse();
        assertThat(connectOther().lastTicket().isReference()).isTrue();
    }

    @Test
    void aLifetimeMayBeAnotherForOnePeer() {
        r.aSettings.resumption =
                forC08(
                        new ResumptionPolicy(
                                true,
                                true,
                                60,
                                ResumptionPolicy.KeyExchangeInResume.NEVER,
                                ResumptionPolicy.Rfc5723Auth.BOTH));
        long now = r.world.now().epochSeconds();
        assertThat(r.connect().validUntil()).isEqualTo(now + 3600);
        assertThat(connectOther().lastTicket().validUntil()).isEqualTo(now + 60);
        assertThat(r.aSettings.configuration().longestTicketLifetimeSeconds()).isEqualTo(3600);
    }

    @Test
    void onePeerIsParkedAfterSilenceAndAnotherIsNot() {
        r.aSettings.resumption = forC08(Suites.BOTH_PROTOCOLS.parkingAfter(30 * NANOS_PER_SECOND));
        r.connect();
        connectOther();
        r.world.advance(Duration.ofSeconds(31));
        r.a().give(new Input.ParkIdle());
        r.world.settle();
        assertThat(r.a().events(Event.IkeSaClosed.class))
                .singleElement()
                .satisfies(
                        closed -> assertThat(closed.reason()).isEqualTo(Event.CloseReason.PARKED));
    }
}
