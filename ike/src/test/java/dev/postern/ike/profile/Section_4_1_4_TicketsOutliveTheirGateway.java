package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A gateway that restarts or is emptied sends no Delete: a Delete would end the tickets of its
/// clients (failover profile, "Capability negotiation").
class Section_4_1_4_TicketsOutliveTheirGateway {
    private final Resumption r = new Resumption(414);

    private InitiatorByHand connected(boolean redirectable) {
        InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.add(new Payload.VendorId(Octets.ofAscii("postern-failover-1")));
        if (redirectable) {
            init.add(Payload.Notify.of(NotifyType.REDIRECT_SUPPORTED));
        }
        peer.begin(init);
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.add(Payload.Notify.of(NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.ofHex("80")));
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, auth);
        assertThat(Message.findNotify(answer, NotifyType.IKEV2_TICKET)).isNotNull();
        return peer;
    }

    private void drain() {
        GatewayList.Entry b =
                new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, 2).getAddress()), 0);
        r.a().give(
                        new Input.Drain(
                                new DrainOrder(
                                        10,
                                        5 * Now.NANOS_PER_SECOND,
                                        new AlternativeGateways(List.of(new Backup(b, 1, 0))))));
    }

    /// Everything that the gateway has asked its client so far, each answered.
    private List<Payload> asked(InitiatorByHand peer, int seconds) {
        List<Payload> asked = new ArrayList<>();
        int next = r.world.carried().size();
        for (int step = 0; step < 4 * seconds; step++) {
            r.world.advance(Duration.ofMillis(250));
            List<Datagram> carried = List.copyOf(r.world.carried());
            for (Datagram sent : carried.subList(next, carried.size())) {
                if (sent.to().equals(peer.address) && !sent.header().response()) {
                    asked.addAll(peer.open(sent));
                    peer.send(
                            peer.seal(
                                    ExchangeType.INFORMATIONAL,
                                    true,
                                    sent.header().messageId(),
                                    List.of()));
                }
            }
            next = r.world.carried().size();
        }
        return asked;
    }

    @Test
    void aGatewayThatIsEmptiedSendsNoDeleteToAClientThatGoes() {
        InitiatorByHand peer = connected(true);
        drain();
        List<Payload> asked = asked(peer, 4);
        assertThat(Message.findNotify(asked, NotifyType.REDIRECT)).isNotNull();
        assertThat(asked).noneMatch(Payload.Delete.class::isInstance);
    }

    @Test
    void norAtTheDeadlineToAClientThatStays() {
        for (boolean redirectable : new boolean[] {true, false}) {
            Section_4_1_4_TicketsOutliveTheirGateway one =
                    new Section_4_1_4_TicketsOutliveTheirGateway();
            InitiatorByHand peer = one.connected(redirectable);
            one.drain();
            List<Payload> asked = one.asked(peer, 8);
            assertThat(asked).noneMatch(Payload.Delete.class::isInstance);
            assertThat(Message.findNotify(asked, NotifyType.SESSION_PARKED)).isNotNull();
            assertThat(one.r.a().endpoint().size()).isZero();
        }
    }

    /// Its process ends, and another takes its address: what the client sends under the old IKE SA
    /// is answered in clear text at most, and its ticket is good there.
    @Test
    void aGatewayThatRestartsSendsNoDelete() {
        ResumableSession ticket = r.connect();
        r.a().die();
        int before = r.world.carried().size();
        GatewaySettings anew = new GatewaySettings('a');
        anew.member = 9;
        Node again = r.world.add(anew);
        r.client().give(new Input.Probe(1, r.settings.exchangeSchedule));
        r.world.advance(Duration.ofSeconds(2));
        assertThat(r.world.carried().subList(before, r.world.carried().size()))
                .filteredOn(sent -> sent.from().equals(again.address()))
                .allSatisfy(sent -> {
                    assertThat(sent.message().encrypted()).isNull();
                    assertThat(sent.message().payloads())
                            .noneMatch(Payload.Delete.class::isInstance);
                });
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();
        r.resume(again, ticket);
        assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(1);
    }
}
