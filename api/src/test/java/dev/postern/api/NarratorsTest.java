package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Path;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// What an application is told of each thing that can happen to its session, at both ends.
class NarratorsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Octets SESSION = Octets.of(new byte[] {1, 2});
    private static final Octets ANOTHER = Octets.of(new byte[] {3, 4});
    private static final InetAddress FIRST = InetAddress.ofLiteral("10.9.0.1");
    private static final InetAddress SECOND = InetAddress.ofLiteral("10.9.1.7");

    private final List<ClientEvent> atClient = new ArrayList<>();
    private final List<GatewayEvent> atGateway = new ArrayList<>();
    private final ClientNarrator client = new ClientNarrator(CLOCK, atClient::add);
    private final GatewayNarrator gateway = new GatewayNarrator(CLOCK, atGateway::add);

    private static Event.IkeSaEstablished established(
            long handle, Origin origin, Octets session, int count, InetAddress inner) {
        InetSocketAddress own = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4500);
        InetSocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 4500);
        return new Event.IkeSaEstablished(
                handle,
                origin,
                false,
                Identity.fqdn("a.example"),
                Identity.fqdn("b.example"),
                new Path(own, peer, true),
                1,
                2,
                count,
                session,
                List.of(inner),
                "clients");
    }

    /// A gateway has let the client in, and serves it from now on.
    private void serves(
            long handle, Origin origin, Octets session, String from, String to, InetAddress inner) {
        client.on(established(handle, origin, session, (int) handle - 1, inner));
        client.on(new Event.SwitchCompleted(handle, from, to, origin, List.of(inner), false));
    }

    private void closed(long handle, CloseReason reason, String detail) {
        client.on(new Event.IkeSaClosed(handle, reason, detail, SESSION));
    }

    private ClientEvent last() {
        return atClient.getLast();
    }

    @Test
    void aResumeElsewhereSaysFromWhereAndWhetherTheAddressChanged() {
        serves(1, Origin.FULL_EXCHANGE, SESSION, "", "gw-a", FIRST);
        assertThat(last()).isInstanceOf(ClientEvent.Connected.class);
        serves(2, Origin.RESUMED_1RTT, SESSION, "gw-a", "gw-b", FIRST);
        assertThat(last())
                .isInstanceOfSatisfying(
                        ClientEvent.Resumed.class,
                        resumed -> {
                            assertThat(resumed.at()).isEqualTo(NOON);
                            assertThat(resumed.sessionId()).isEqualTo("0102");
                            assertThat(resumed.from()).isEqualTo("gw-a");
                            assertThat(resumed.service().gateway()).isEqualTo("gw-b");
                            assertThat(resumed.service().switchCount()).isEqualTo(1);
                            assertThat(resumed.addressChanged()).isFalse();
                        });
        serves(3, Origin.RESUMED_1RTT, SESSION, "gw-b", "gw-c", SECOND);
        assertThat(last())
                .isInstanceOfSatisfying(
                        ClientEvent.Resumed.class,
                        resumed -> {
                            assertThat(resumed.addressChanged()).isTrue();
                            assertThat(resumed.oldAddresses()).containsExactly(FIRST);
                            assertThat(resumed.service().innerAddresses()).containsExactly(SECOND);
                        });
    }

    @Test
    void aFullExchangeInItsPlaceIsAnotherSession() {
        serves(1, Origin.FULL_EXCHANGE, SESSION, "", "gw-a", FIRST);
        serves(2, Origin.FULL_EXCHANGE, ANOTHER, "gw-a", "gw-b", SECOND);
        assertThat(last())
                .isInstanceOfSatisfying(
                        ClientEvent.Replaced.class,
                        replaced -> {
                            assertThat(replaced.sessionId()).isEqualTo("0304");
                            assertThat(replaced.oldSessionId()).isEqualTo("0102");
                            assertThat(replaced.from()).isEqualTo("gw-a");
                            assertThat(replaced.addressChanged()).isTrue();
                            assertThat(replaced.oldAddresses()).containsExactly(FIRST);
                        });
    }

    @Test
    void aSessionThatEndsAgainstTheClientsWillIsLostAndComesBackAsAnother() {
        serves(1, Origin.FULL_EXCHANGE, SESSION, "", "gw-a", FIRST);
        closed(1, CloseReason.REVOKED, "by the operator");
        assertThat(last())
                .isEqualTo(new ClientEvent.Lost(NOON, "0102", "gw-a", "revoked: by the operator"));
        assertThat(client.serving()).isNull();
        client.on(new Event.RetryScheduled(0, Duration.ofMillis(700).toNanos()));
        assertThat(last()).isEqualTo(new ClientEvent.Waiting(NOON, "", Duration.ofMillis(700)));
        serves(2, Origin.FULL_EXCHANGE, ANOTHER, "", "gw-a", FIRST);
        assertThat(last()).isInstanceOf(ClientEvent.Replaced.class);
    }

    @Test
    void aSessionThatRestsIsParkedAndComesBackAsItself() {
        serves(1, Origin.FULL_EXCHANGE, SESSION, "", "gw-a", FIRST);
        closed(1, CloseReason.PARKED, "");
        assertThat(last()).isEqualTo(new ClientEvent.Parked(NOON, "0102", "gw-a"));
        serves(2, Origin.RESUMED_1RTT, SESSION, "", "gw-a", FIRST);
        assertThat(last())
                .isInstanceOfSatisfying(
                        ClientEvent.Resumed.class,
                        resumed -> {
                            assertThat(resumed.from()).isEqualTo("gw-a");
                            assertThat(resumed.addressChanged()).isFalse();
                        });
    }

    @Test
    void whatIsWrongWithTheGatewayIsToldOnceAndWhatIsRightOnlyAfterThat() {
        serves(1, Origin.FULL_EXCHANGE, SESSION, "", "gw-a", FIRST);
        client.on(new Event.PeerAlive(1));
        assertThat(last()).as("an idle client's check").isInstanceOf(ClientEvent.Connected.class);
        client.on(new Event.GatewaySuspected(1, "gw-a", Event.Suspicion.TRAFFIC_SILENCE));
        assertThat(last())
                .isEqualTo(
                        new ClientEvent.GatewaySuspected(NOON, "0102", "gw-a", "traffic-silence"));
        client.on(new Event.PeerUnresponsive(1));
        assertThat(last()).isEqualTo(new ClientEvent.GatewaySilent(NOON, "0102", "gw-a"));
        int told = atClient.size();
        client.on(new Event.PeerUnresponsive(1));
        assertThat(atClient).as("it is asked again, and silent still").hasSize(told);
        client.on(new Event.PeerAlive(1));
        assertThat(last()).isEqualTo(new ClientEvent.GatewayAlive(NOON, "0102", "gw-a"));
        client.on(new Event.PeerUnresponsive(7));
        assertThat(last()).as("another IKE SA").isInstanceOf(ClientEvent.GatewayAlive.class);
    }

    @Test
    void theGatewayIsToldOfATakeoverAndOfWhatAResumeHasChanged() {
        gateway.on(established(1, Origin.TAKEN_OVER, SESSION, 0, FIRST));
        assertThat(atGateway.getLast())
                .isInstanceOfSatisfying(
                        GatewayEvent.SessionTakenOver.class,
                        taken -> {
                            assertThat(taken.sessionId()).isEqualTo("0102");
                            assertThat(taken.client().identity()).isEqualTo("b.example");
                            assertThat(taken.client().innerAddresses()).containsExactly(FIRST);
                        });
        gateway.on(
                new Event.SessionContinued(
                        2, ANOTHER, Identity.fqdn("gw-a.example"), List.of(FIRST)));
        gateway.on(established(2, Origin.RESUMED_1RTT, ANOTHER, 4, SECOND));
        assertThat(atGateway.getLast())
                .isInstanceOfSatisfying(
                        GatewayEvent.SessionResumed.class,
                        resumed -> {
                            assertThat(resumed.from()).isEqualTo("gw-a.example");
                            assertThat(resumed.addressChanged()).isTrue();
                            assertThat(resumed.oldAddresses()).containsExactly(FIRST);
                        });
        gateway.on(new Event.SessionConfirmed(2, ANOTHER));
        assertThat(atGateway.getLast()).isEqualTo(new GatewayEvent.SessionConfirmed(NOON, "0304"));
    }
}
