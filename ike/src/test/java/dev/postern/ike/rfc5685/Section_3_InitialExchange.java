package dev.postern.ike.rfc5685;

import static dev.postern.ike.rfc5685.TwoGateways.B;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Event.RedirectStage;
import dev.postern.ike.Input;
import dev.postern.ike.Redirection;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.wire.GatewayList;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Redirect;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Redirect during IKE_SA_INIT, and section 4 where it is the same.
class Section_3_InitialExchange {
    private final TwoGateways g = new TwoGateways(5685);

    @Test
    void aWillingClientSaysSoAndAnUnwillingOneDoesNot() {
        g.connect(1, g.b(), Redirection.ACCEPTED);
        g.connect(2, g.b(), Redirection.REFUSED);
        assertThat(g.notifyIn(0, NotifyType.REDIRECT_SUPPORTED)).isNotNull();
        assertThat(g.notifyIn(4, NotifyType.REDIRECT_SUPPORTED)).isNull();
    }

    @Test
    void theAnswerNamesTheGatewayAndCarriesTheNonceAndCreatesNoIkeSa() throws Exception {
        g.full(RedirectStage.IKE_SA_INIT, B);
        g.connect(Redirection.ACCEPTED);

        Payload.Notify notify = g.notifyIn(1, NotifyType.REDIRECT);
        Octets ni =
                InitiatorByHand.find(
                                g.world.carried().getFirst().message().payloads(),
                                Payload.Nonce.class)
                        .data();
        assertThat(notify).isNotNull();
        assertThat(Redirect.decode(notify.data())).isEqualTo(new Redirect(B, ni));
        assertThat(g.world.carried().get(1).header().spiR())
                .as("\"the responder Security Parameter Index (SPI) will be zero\"")
                .isZero();
        assertThat(g.a().endpoint().size()).isZero();
        assertThat(g.a().count(Counter.REDIRECTED_IN_IKE_SA_INIT)).isEqualTo(1);
    }

    @Test
    void theClientTellsWhereItIsSentAndEndsItsAttempt() {
        g.full(RedirectStage.IKE_SA_INIT, B);
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected())
                .containsExactly(new Event.Redirected(1, RedirectStage.IKE_SA_INIT, B));
        assertThat(g.client().lastClosed().reason()).isEqualTo(CloseReason.REDIRECTED);
        assertThat(g.client().endpoint().size()).isZero();
    }

    @Test
    void aClientThatDoesNotSupportItIsNotRedirected() {
        g.full(RedirectStage.IKE_SA_INIT, B);
        g.connect(Redirection.REFUSED);
        assertThat(g.notifyIn(1, NotifyType.REDIRECT)).isNull();
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
    }

    @Test
    void theNewGatewayLearnsWhoHasSentTheClient() throws Exception {
        g.connect(1, g.b(), new Redirection(true, Net.ip(192, 0, 2, 1)));
        Payload.Notify from = g.notifyIn(0, NotifyType.REDIRECTED_FROM);
        assertThat(from).isNotNull();
        assertThat(Redirect.decodeFrom(from.data()))
                .isEqualTo(Octets.of(Net.ip(192, 0, 2, 1).getAddress()));
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.bSettings.identity());
    }

    @Test
    void redirectedFromAloneSaysThatTheClientSupportsIt() {
        g.full(RedirectStage.IKE_SA_INIT, B);
        InitiatorByHand client = new InitiatorByHand(g.world, g.a(), 1);
        List<Payload> payloads = new java.util.ArrayList<>(client.initPayloads());
        payloads.add(
                Payload.Notify.of(
                        NotifyType.REDIRECTED_FROM,
                        Redirect.encodeFrom(Octets.of(new byte[] {9, 9, 9, 9}))));
        client.send(client.init(payloads));
        assertThat(g.a().count(Counter.REDIRECTED_IN_IKE_SA_INIT)).isEqualTo(1);
    }

    @Test
    void nobodyIsSentBackToWhereItComesFrom() {
        g.full(RedirectStage.IKE_SA_INIT, B);
        g.connect(1, g.a(), new Redirection(true, Net.ip(192, 0, 2, 2)));
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
    }

    @Test
    void aRedirectWithAnotherNonceIsSilentlyDiscarded() {
        GatewayByHand gateway = beforeAnswer();
        gateway.send(
                gateway.clear(
                        0,
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.REDIRECT,
                                        new Redirect(B, Octets.of(new byte[32])).encode()))));
        assertThat(g.redirected()).isEmpty();
        assertThat(g.client().count(Counter.DROPPED_REDIRECT)).isEqualTo(1);
        gateway.begin();
        gateway.answerAuth(gateway.authPayloads());
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
    }

    @Test
    void aRedirectThatNamesNobodyOrIsCutOffIsDiscarded() {
        GatewayByHand gateway = beforeAnswer();
        for (String data : new String[] {"", "01", "0104c00002", "f000", "03020a0a"}) {
            gateway.send(
                    gateway.clear(
                            0,
                            List.of(Payload.Notify.of(NotifyType.REDIRECT, Octets.ofHex(data)))));
        }
        assertThat(g.client().count(Counter.DROPPED_REDIRECT)).isEqualTo(5);
        assertThat(g.client().events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aClientThatWantsNoRedirectionIgnoresIt() {
        GatewayByHand gateway = new GatewayByHand(g.world, g.client(), g.a());
        g.connect(Redirection.REFUSED);
        gateway.send(
                gateway.clear(
                        0,
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.REDIRECT, new Redirect(B, ni()).encode()))));
        assertThat(g.redirected()).isEmpty();
        assertThat(g.client().events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aGatewayWithRoomServesItself() {
        g.connect(Redirection.ACCEPTED);
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
    }

    @Test
    void aPortOfItsOwnIsToldToPosternClientsAlone() {
        GatewayList.Entry odd =
                new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, 2).getAddress()), 4501);
        g.full(RedirectStage.IKE_SA_INIT, odd);
        InitiatorByHand stranger = new InitiatorByHand(g.world, g.a(), 1);
        List<Payload> payloads = new java.util.ArrayList<>(stranger.initPayloads());
        payloads.add(Payload.Notify.of(NotifyType.REDIRECT_SUPPORTED));
        stranger.send(stranger.init(payloads));
        assertThat(g.a().count(Counter.REDIRECTED_IN_IKE_SA_INIT)).isZero();
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected()).singleElement().returns(odd, Event.Redirected::gateway);
    }

    @Test
    void aLostAnswerIsGivenAgainToTheSameRequest() {
        g.full(RedirectStage.IKE_SA_INIT, B);
        g.world.setFate(datagram ->
                datagram.to().equals(g.client().address()) ? Fate.lost() : Fate.delivered());
        g.connect(Redirection.ACCEPTED);
        assertThat(g.redirected()).isEmpty();
        g.world.setFate(Fate.DELIVER);
        g.world.advance(Duration.ofSeconds(1));
        assertThat(g.redirected()).hasSize(1);
    }

    @Test
    void whileDrainingAClientThatCannotBeRedirectedIsRefused() {
        g.a().give(new Input.Drain(new DrainOrder(10, 0, TwoGateways.to(B))));
        g.connect(Redirection.REFUSED);
        g.world.advance(Duration.ofSeconds(2));
        assertThat(g.client().events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(g.a().count(Counter.REFUSED_DRAINING)).isPositive();
        g.a().give(new Input.Undrain());
        g.connect(2, g.a(), Redirection.REFUSED);
        assertThat(g.client().lastEstablished().peer()).isEqualTo(g.aSettings.identity());
    }

    private Octets ni() {
        return InitiatorByHand.find(
                        g.world.carried().getFirst().message().payloads(), Payload.Nonce.class)
                .data();
    }

    private GatewayByHand beforeAnswer() {
        GatewayByHand gateway = new GatewayByHand(g.world, g.client(), g.a());
        g.connect(Redirection.ACCEPTED);
        return gateway;
    }
}
