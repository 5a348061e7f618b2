package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A hard deadline (the end of a certificate, Session-Timeout, AUTH_LIFETIME) is inherited and
/// never extended, however many resumes there are, and at however many gateways (failover profile,
/// "The ticket"; RFC 5723 section 6.2). Each gateway after the first would by its own policy grant
/// a day.
class Section_4_2_1_HardDeadlines {
    private static final long DAY = 86_400;
    private static final long LIMIT = 3_000;
    private static final List<Character> GATEWAYS = List.of('a', 'b', 'c', 'd', 'e', 'f');

    private final World world = new World(4211);
    private final ClientSettings settings = new ClientSettings();
    private final List<GatewaySettings> gateways =
            GATEWAYS.stream().map(GatewaySettings::new).toList();

    Section_4_2_1_HardDeadlines() {
        gateways.forEach(each -> each.life = LifePolicy.UNLIMITED.withReauthentication(DAY));
        settings.acceptedGateways = gateways.stream().map(GatewaySettings::identity).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aChainOfResumesNeverOutlivesTheReauthentication(Session.Kind kind) {
        gateways.getFirst().life = LifePolicy.UNLIMITED.withReauthentication(LIMIT);
        assertTheChainEndsAtTheDeadline(kind, new EapByHand());
    }

    @ParameterizedTest
    @EnumSource
    void aChainOfResumesNeverOutlivesSessionTimeout(Session.Kind kind) {
        EapPolicy byKey = new EapPolicy(GatewaySettings.key("what proves us"), false, true);
        gateways.forEach(each -> each.eap = byKey);
        settings.eap = byKey;
        EapByHand method = new EapByHand();
        method.hardDeadline = World.EPOCH + LIMIT;
        method.aaaAttributes = List.of(Octets.ofHex("1b0600000bb8"));
        assertTheChainEndsAtTheDeadline(kind, method);
    }

    @ParameterizedTest
    @EnumSource
    void aChainOfResumesNeverOutlivesTheClientsCertificate(Session.Kind kind) {
        Authority authority = Authority.root("Lab CA");
        for (GatewaySettings each : gateways) {
            each.certificates =
                    new CertificatePolicy(
                            authority.issue(each.identity(), "P-256"),
                            authority.anchors(),
                            List.of(),
                            Revocation.RELAXED);
        }
        settings.certificates =
                new CertificatePolicy(
                        authority.issue(
                                settings.identity,
                                "P-256",
                                Instant.ofEpochSecond(World.EPOCH + LIMIT)),
                        authority.anchors(),
                        List.of(),
                        Revocation.RELAXED);
        assertTheChainEndsAtTheDeadline(kind, new EapByHand());
    }

    /// Six gateways, one after another, ten minutes each but for the last.
    private void assertTheChainEndsAtTheDeadline(Session.Kind kind, EapByHand method) {
        settings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;

        Node client = world.add(settings);
        Node first = world.add(gateways.getFirst());
        Node serving = first;
        method.seat(serving, client);
        client.initiate(1, settings.profile(), serving);
        world.settle();
        long deadline = Sessions.opened(client.lastTicket()).hardDeadline();
        assertThat(deadline).isEqualTo(World.EPOCH + LIMIT);
        for (int next = 1; next < gateways.size(); next++) {
            world.advance(Duration.ofSeconds(World.EPOCH + 550L * next - now()));
            serving = world.add(gateways.get(next));
            client.resume(1 + next, settings.profile(), serving, client.lastTicket());
            world.settle();
            assertTunnel(client, serving);
            assertTicketEndsAt(deadline, client.lastTicket(), next);
        }

        ResumableSession last = client.lastTicket();
        world.advance(Duration.ofSeconds(deadline - 1 - now()));
        assertThat(serving.installed()).hasSize(1);
        world.advance(Duration.ofSeconds(3));
        assertThat(serving.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
        assertThat(serving.installed()).isEmpty();
        assertThat(answer(first, last))
                .as("at no other gateway either")
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
    }

    private List<Payload> answer(Node gateway, ResumableSession ticket) {
        return ticket.session().kind() == Session.Kind.ONE_ROUND_TRIP
                ? new ResumeByHand(ticket, gateways.getFirst().identity(), 3).answer(world, gateway)
                : new OpaqueResumeByHand(world, gateway, ticket, 3)
                        .sendFirst()
                        .getFirst()
                        .message()
                        .payloads();
    }

    private long now() {
        return world.now().epochSeconds();
    }

    private static void assertTicketEndsAt(long deadline, ResumableSession ticket, int count) {
        Session session = Sessions.opened(ticket);
        assertThat(session.gatewaySwitchCount())
                .isEqualTo(session.kind() == Session.Kind.ONE_ROUND_TRIP ? count : 0);
        assertThat(session.hardDeadline()).isEqualTo(deadline);
        assertThat(session.expiresAt())
                .isEqualTo(Math.min(deadline, session.issuedAt() + Suites.LIFETIME_SECONDS));
        assertThat(ticket.validUntil()).isLessThanOrEqualTo(deadline);
    }
}
