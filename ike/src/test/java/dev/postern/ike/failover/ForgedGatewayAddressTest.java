package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.GatewayName;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// An attacker who sees what a client sends to gateways that it knows by their names only, and who
/// answers faster than they do: with errors under their address, and from other places. No attempt
/// ends by that, and nobody moves.
final class ForgedGatewayAddressTest {
    private static final InetSocketAddress ELSEWHERE = Net.port4500(Net.ip(203, 0, 113, 66));

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings unknown = new GatewaySettings('c');

    private Neighbourhood knowingNames() {
        Neighbourhood net =
                new Neighbourhood(
                        RedirectAllowance.DEFAULT,
                        CalmPolicy.DEFAULT,
                        DiscoveryPolicy.of(List.of(), List.of(named(a, 0), named(b, 1))),
                        List.of(a, b, unknown));
        net.names.says("a.example", 3_600, net.found(a.address(), 0, 1));
        net.names.says("b.example", 3_600, net.found(b.address(), 0, 1));
        return net;
    }

    private static NamedGateway named(GatewaySettings gateway, int priority) {
        boolean first = priority == 0;
        return new NamedGateway(
                GatewayName.addresses(first ? "a.example" : "b.example", 4500),
                gateway.identity(),
                List.of(),
                new Rank(priority, 1));
    }

    /// Everything that somebody without a key can say to the last message of the client.
    private static void forge(Neighbourhood net, InetSocketAddress from) throws MalformedException {
        Header last = MessageCodec.decode(net.sent.getLast().octets()).header();
        for (long spiR : new long[] {last.spiR(), 0, 0x5151}) {
            Header header =
                    new Header(last.spiI(), spiR, last.exchange(), false, true, last.messageId());
            for (NotifyType type :
                    List.of(
                            NotifyType.NO_PROPOSAL_CHOSEN,
                            NotifyType.INVALID_SYNTAX,
                            NotifyType.INVALID_IKE_SPI,
                            NotifyType.AUTHENTICATION_FAILED,
                            NotifyType.TEMPORARY_FAILURE,
                            NotifyType.TICKET_NACK)) {
                say(net, from, header, Payload.Notify.of(type));
            }
            say(
                    net,
                    from,
                    header,
                    Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Octets.ofHex("0001")));
            say(
                    net,
                    from,
                    header,
                    Payload.Notify.of(NotifyType.REDIRECT, Octets.ofHex("0104cb007142")));
            say(net, from, header, new Payload.Delete(Protocol.IKE, List.of()));
        }
        byte[] noise = net.sent.getLast().octets().clone();
        noise[19] |= 0x20;
        noise[19] &= ~0x08;
        noise[noise.length - 1] ^= 1;
        net.deliver(from, noise);
    }

    private static void say(
            Neighbourhood net, InetSocketAddress from, Header header, Payload payload) {
        net.deliver(from, MessageCodec.encode(header, List.of(payload)));
    }

    private void attack(Neighbourhood net, GatewaySettings asked) throws MalformedException {
        int before = net.sent.size();
        forge(net, asked.address());
        forge(net, ELSEWHERE);
        net.bringLastTo(unknown);
        assertThat(net.sent).as("nothing of it is answered").hasSize(before);
        assertThat(net.all(Event.IkeSaClosed.class)).isEmpty();
        net.lost.clear();
        net.bringLastTo(asked);
        net.pass(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"IKE_SA_INIT", "IKE_AUTH"})
    void aFullExchangeUnderWayGoesOn(ExchangeType lost) throws MalformedException {
        Neighbourhood net = knowingNames();
        net.lost.add(lost);
        net.start();
        assertThat(net.exchangesSent.getLast()).isEqualTo(lost);

        attack(net, a);

        assertThat(net.current()).startsWith(a.identity() + "@");
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(net.all(Event.IkeSaClosed.class)).isEmpty();
        assertThat(net.sent)
                .as("nobody else was asked")
                .allMatch(each -> each.path().remote().equals(a.address()));
    }

    @Test
    void aResumeUnderWayGoesOn() throws MalformedException {
        Neighbourhood net = knowingNames();
        net.start();
        net.cutOff(a);
        net.lost.add(ExchangeType.IKE_SESSION_RESUME_1RTT);
        net.suspect();
        for (int i = 0; net.exchangesSent.getLast() != ExchangeType.IKE_SESSION_RESUME_1RTT; i++) {
            net.pass(Duration.ofMillis(10));
            assertThat(i).isLessThan(1_000);
        }

        attack(net, b);

        assertThat(net.current()).startsWith(b.identity() + "@");
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(2);
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(net.exchangesSent.stream().filter(ExchangeType.IKE_SA_INIT::equals)).hasSize(1);
    }

    @Test
    void aCheckUnderWayIsAnsweredByTheGatewayAlone() throws MalformedException {
        Neighbourhood net = knowingNames();
        net.start();
        net.lost.add(ExchangeType.INFORMATIONAL);
        net.suspect();
        assertThat(net.exchangesSent.getLast()).isEqualTo(ExchangeType.INFORMATIONAL);

        attack(net, a);

        assertThat(net.current()).startsWith(a.identity() + "@");
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(net.all(Event.IkeSaClosed.class)).isEmpty();
    }
}
