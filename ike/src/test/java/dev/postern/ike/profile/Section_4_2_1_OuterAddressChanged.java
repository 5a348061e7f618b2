package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Net;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.List;

/// "If the local address of the client has also changed in the meantime, the client MUST include
/// the UPDATE_SA_ADDRESSES notify payload": draft section 4.2.1.
class Section_4_2_1_OuterAddressChanged {
    private final Resumption r = new Resumption(36);

    private List<Payload> requestAfter(ResumableSession ticket) {
        int before = r.world.carried().size();
        r.resume(r.b(), ticket);
        return RequestReader.open(r.world.carried().get(before), ticket);
    }

    @Test
    void aClientThatStayedWhereItWasDoesNotSayOtherwise() {
        assertThat(Message.findNotify(requestAfter(r.connect()), NotifyType.UPDATE_SA_ADDRESSES))
                .isNull();
    }

    @Test
    void aClientWithAnotherAddressSaysSoBehindTheNatDetection() {
        ResumableSession ticket = r.connect();
        r.world.moveTo(r.client(), Net.port4500(Net.ip(198, 51, 100, 99)));

        List<Payload> request = requestAfter(ticket);

        assertThat(Message.findNotify(request, NotifyType.UPDATE_SA_ADDRESSES))
                .isEqualTo(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
        assertThat(request.getFirst()).isInstanceOf(Payload.IdResponder.class);
        assertTunnel(r.client(), r.b());
        assertThat(r.b().lastEstablished().path().remote())
                .isEqualTo(Net.port4500(Net.ip(198, 51, 100, 99)));
    }

    @Test
    void itIsSaidOnceAndNotAgainFromTheSamePlace() {
        ResumableSession first = r.connect();
        r.world.moveTo(r.client(), Net.port4500(Net.ip(198, 51, 100, 99)));
        requestAfter(first);
        int before = r.world.carried().size();
        ResumableSession second = r.client().lastTicket();
        r.resume(r.a(), second);
        assertThat(
                        Message.findNotify(
                                RequestReader.open(r.world.carried().get(before), second),
                                NotifyType.UPDATE_SA_ADDRESSES))
                .isNull();
    }

    @Test
    void anotherPortOfTheSameAddressIsNoChange() {
        ResumableSession ticket = r.connect();
        r.world.moveTo(r.client(), new java.net.InetSocketAddress(Net.ip(198, 51, 100, 7), 40_000));
        assertThat(Message.findNotify(requestAfter(ticket), NotifyType.UPDATE_SA_ADDRESSES))
                .isNull();
    }

    @Test
    void atTheSameGatewayTheSessionMovesToTheNewAddressWhenItIsConfirmed() {
        ResumableSession ticket = r.connect();
        r.world.moveTo(r.client(), Net.port4500(Net.ip(198, 51, 100, 99)));
        r.resume(r.a(), ticket);
        assertThat(r.a().lastClosed().reason()).isEqualTo(Event.CloseReason.SUPERSEDED);
        assertTunnel(r.client(), r.a());
    }

    /// The gateway goes by where the authentic request came from; what else the notification says
    /// makes no difference.
    @Test
    void dataInTheNotificationIsIgnored() {
        ResumableSession ticket = r.connect();
        dev.postern.ike.world.ResumeByHand request = r.byHand(ticket, 1);
        request.inner.add(
                Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES, Octets.of(new byte[] {1, 2, 3})));
        assertThat(request.answer(r.world, r.b()).getFirst())
                .isInstanceOf(Payload.IdResponder.class);
        assertThat(r.b().lastEstablished().path().remote()).isEqualTo(request.address());
    }
}
