package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.wire.PayloadType;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.List;

/// A resume is always on the NAT traversal port, behind the non-ESP marker, and never in fragments
/// (failover profile, "The exchange").
class Section_4_2_1_OnTheWire {
    private final Resumption r = new Resumption(4215);

    private static void assertOnPort4500(Node node, int from) {
        List<Effect.Send> sent =
                node.effects().subList(from, node.effects().size()).stream()
                        .filter(Effect.Send.class::isInstance)
                        .map(Effect.Send.class::cast)
                        .toList();
        assertThat(sent).isNotEmpty();
        assertThat(sent)
                .allSatisfy(one -> {
                    assertThat(one.path().nonEspMarker()).isTrue();
                    assertThat(one.path().local().getPort()).isEqualTo(4500);
                    assertThat(one.path().remote().getPort()).isEqualTo(4500);
                });
    }

    @Test
    void requestAndAnswerAndAllThatFollowsAreOnTheNatTraversalPort() {
        ResumableSession ticket = r.connect();
        int client = r.client().effects().size();
        int gateway = r.b().effects().size();
        r.resume(r.b(), ticket);
        assertTunnel(r.client(), r.b());
        assertOnPort4500(r.client(), client);
        assertOnPort4500(r.b(), gateway);
    }

    @Test
    void aRequestOnPort500IsDropped() {
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        InetSocketAddress plain = new InetSocketAddress(r.b().address().getAddress(), 500);
        List<Effect> effects =
                r.b().give(
                                new Input.Datagram(
                                        new Path(plain, request.address(), false),
                                        request.encode()));
        assertThat(effects).isEmpty();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(1);
    }

    /// SKF in the place of SK.
    @Test
    void aRequestInAFragmentIsDropped() {
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        byte[] octets = request.encode();
        int notify = 28;
        assertThat(octets[notify]).isEqualTo((byte) PayloadType.SK.code());
        octets[notify] = (byte) PayloadType.SKF.code();
        assertThat(request.send(r.world, r.b(), octets)).isEmpty();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isZero();
    }
}
