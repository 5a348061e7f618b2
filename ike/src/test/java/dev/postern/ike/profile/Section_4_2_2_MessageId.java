package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Gateway switch count (4 bits) | S-Message-ID (28 bits), and what it guards against.
class Section_4_2_2_MessageId {
    private final Resumption r = new Resumption(11);

    @Test
    void theFirstResumeCarriesOne() {
        r.begin(r.b(), r.connect());
        assertThat(r.world.carried().getLast().header().messageId()).isEqualTo(0x1000_0000);
    }

    @Test
    void aRequestWithTheTicketsOwnSwitchCountIsRefused() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        ResumableSession second = r.client().lastTicket();

        List<Payload> answer = r.byHand(second, 1).count(1).answer(r.world, r.b());

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().count(Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
    }

    @Test
    void aRequestWithCountZeroIsNoRequest() {
        assertThat(r.byHand(r.connect(), 1).count(0).send(r.world, r.b())).isEmpty();
        assertThat(r.b().count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(1);
    }

    @Test
    void aCountThatSkipsAheadIsStillGreater() {
        List<Payload> answer = r.byHand(r.connect(), 1).count(9).answer(r.world, r.b());
        assertThat(answer.getFirst()).isEqualTo(new Payload.IdResponder(Resumption.B));
    }

    @Test
    void fifteenIsTheLastCountAndIsGood() {
        List<Payload> answer = r.byHand(r.connect(), 1).count(15).answer(r.world, r.b());
        assertThat(answer.getFirst()).isEqualTo(new Payload.IdResponder(Resumption.B));
    }

    @Test
    void aSequenceThatIsNotZeroIsNoRequest() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        for (int sequence : new int[] {1, 2, MessageId.MAXIMUM_SEQUENCE}) {
            request.messageId = MessageId.of(1, sequence);
            assertThat(request.send(r.world, r.b())).isEmpty();
        }
        assertThat(r.b().count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(3);
    }

    @Test
    void aCountThatTheKeysDoNotKnowIsAForgery() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.messageId = MessageId.of(2, 0);

        assertThat(request.send(r.world, r.b())).isEmpty();
        assertThat(r.b().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void anOldTicketIsStaleWhereTheGatewayHoldsTheSessionWithAtLeastThatCount() {
        ResumableSession first = r.connect();
        r.resume(r.b(), first);

        List<Payload> answer = r.byHand(first, 1).answer(r.world, r.b());

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().count(Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
        assertThat(r.b().installed()).hasSize(1);
    }

    @Test
    void theCountRisesAlsoWhenTheClientReturns() {
        r.resume(r.a(), r.connect());
        assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(1);
        r.resume(r.a(), r.client().lastTicket());
        assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(2);
    }

    @Test
    void afterwardsTheClientCountsFromOneAndTheGatewayFromZero() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        Header confirmation = lastFrom(r.client().address());
        r.b().give(new Input.Probe(r.b().lastEstablished().handle(), RetransmissionSchedule.QUICK));
        Header check = lastFrom(r.b().address());
        r.world.settle();
        r.client().give(new Input.Probe(2, RetransmissionSchedule.QUICK));
        Header second = lastFrom(r.client().address());

        assertThat(confirmation.exchange()).isEqualTo(ExchangeType.INFORMATIONAL);
        assertThat(confirmation.messageId()).isEqualTo(0x1000_0001);
        assertThat(check.messageId()).isEqualTo(0x1000_0000);
        assertThat(check.response()).isFalse();
        assertThat(second.messageId()).isEqualTo(0x1000_0002);
        r.world.settle();
        assertThat(r.b().events(dev.postern.ike.Event.PeerAlive.class)).hasSize(1);
        assertThat(r.client().events(dev.postern.ike.Event.PeerAlive.class)).hasSize(2);
    }

    private Header lastFrom(java.net.InetSocketAddress address) {
        for (var datagram : r.world.carried().reversed()) {
            if (datagram.from().equals(address)) {
                return datagram.header();
            }
        }
        throw new AssertionError("nothing was sent from " + address);
    }

    @Test
    void aResponderSpiInTheRequestIsIgnored() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.spiR = 0x1234;
        assertThat(request.answer(r.world, r.b()).getFirst())
                .isEqualTo(new Payload.IdResponder(Resumption.B));
    }
}
