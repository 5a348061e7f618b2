package dev.postern.ike.rfc5685;

import static dev.postern.ike.rfc5685.TwoGateways.B;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Redirection;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Redirect during IKE_AUTH: both peers are proven, and there is no Child SA.
class Section_6_IkeAuth {
    private static final Payload REDIRECT =
            Payload.Notify.of(NotifyType.REDIRECT, Redirect.to(B).encode());

    private final TwoGateways g = new TwoGateways(6);

    @Test
    void theClientIsSentAwayOnceBothAreProvenAndDeletesTheIkeSa() {
        g.full(RedirectStage.IKE_AUTH, B);
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected())
                .containsExactly(new Event.Redirected(1, RedirectStage.IKE_AUTH, B));
        assertThat(g.client().installed()).isEmpty();
        assertThat(g.a().installed()).isEmpty();
        assertThat(g.a().lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(g.a().endpoint().size()).isZero();
        assertThat(g.client().endpoint().size()).isZero();
    }

    @Test
    void anIkeSaThatTheClientDoesNotDeleteDoesNotStay() {
        g.full(RedirectStage.IKE_AUTH, B);
        g.world.setFate(datagram ->
                datagram.header().exchange() == ExchangeType.INFORMATIONAL
                        ? Fate.lost()
                        : Fate.delivered());
        g.connect(Redirection.ACCEPTED);
        assertThat(g.a().endpoint().size()).isEqualTo(1);
        g.world.advance(Duration.ofMinutes(1));
        assertThat(g.a().lastClosed().reason()).isEqualTo(CloseReason.REDIRECTED);
    }

    @Test
    void aClientThatIsNotProvenIsNotRedirected() {
        g.full(RedirectStage.IKE_AUTH, B);
        g.settings.preSharedKey = GatewaySettings.key("not the key");
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected()).isEmpty();
        assertThat(g.a().count(Counter.REDIRECTED_IN_IKE_AUTH)).isZero();
    }

    @Test
    void aGatewayThatIsNotProvenRedirectsNobody() {
        GatewayByHand gateway = new GatewayByHand(g.world, g.client(), g.a());
        g.connect(Redirection.ACCEPTED);
        gateway.begin();
        gateway.answerAuth(
                List.of(
                        new Payload.IdResponder(gateway.identity),
                        new Payload.Authentication(
                                Payload.Authentication.SHARED_KEY, Octets.of(new byte[32])),
                        REDIRECT));
        assertThat(g.redirected()).isEmpty();
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void nonceDataDoesNotBelongHere() {
        GatewayByHand gateway = new GatewayByHand(g.world, g.client(), g.a());
        g.connect(Redirection.ACCEPTED);
        gateway.begin();
        Octets withNonce = new Redirect(B, Octets.of(new byte[16])).encode();
        gateway.answerAuth(
                List.of(
                        new Payload.IdResponder(gateway.identity),
                        gateway.auth(),
                        Payload.Notify.of(NotifyType.REDIRECT, withNonce)));
        assertThat(g.redirected()).isEmpty();
        assertThat(g.client().count(Counter.DROPPED_REDIRECT)).isEqualTo(1);
        assertThat(g.client().endpoint().size()).isZero();
    }

    @Test
    void aClientThatDidNotSupportItInIkeSaInitIsServed() {
        g.full(RedirectStage.IKE_AUTH, B);
        g.connect(Redirection.REFUSED);
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
        assertThat(g.client().installed()).hasSize(1);
    }

    @Test
    void afterEapItComesInTheLastAnswer() {
        EapPolicy byKey =
                new EapPolicy(GatewaySettings.key("what proves the gateway"), false, true);
        g.aSettings.eap = byKey;
        g.settings.eap = byKey;
        EapByHand method = new EapByHand();
        method.seat(g.a(), g.client());
        g.full(RedirectStage.IKE_AUTH, B);
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected())
                .containsExactly(new Event.Redirected(1, RedirectStage.IKE_AUTH, B));
        assertThat(method.toServer).as("EAP has run to its end").hasSize(3);
        assertThat(g.a().endpoint().size()).isZero();
    }
}
