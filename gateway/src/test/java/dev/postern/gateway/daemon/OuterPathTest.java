package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.failover.GatewayCandidate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// RFC 3948 section 4: a NAT-keepalive packet goes out "if no other packet to the peer has been
/// sent in M seconds", M being 20, and from the client alone: it is the one that may be behind a
/// NAT.
final class OuterPathTest {
    private @Nullable InetAddress source = InetAddress.ofLiteral("198.51.100.7");
    private final OuterPath path = new OuterPath(_ -> source);

    private boolean isDue(long seconds, long packets) {
        return path.needsKeepalive(new Now(seconds * Now.NANOS_PER_SECOND, seconds), packets);
    }

    @Test
    void anIdleClientSendsOneEveryTwentySeconds() {
        assertThat(isDue(100, 7)).as("something has just gone out").isFalse();
        assertThat(isDue(119, 7)).isFalse();
        assertThat(isDue(120, 7)).isTrue();
        assertThat(isDue(121, 7)).as("it was sent").isFalse();
        assertThat(isDue(139, 7)).isFalse();
        assertThat(isDue(140, 7)).isTrue();
    }

    @Test
    void whoeverSendsNeedsNone() {
        for (int second = 100; second < 300; second += 19) {
            assertThat(isDue(second, second)).isFalse();
        }
    }

    @Test
    void silenceCountsFromTheLastPacket() {
        assertThat(isDue(100, 7)).isFalse();
        assertThat(isDue(119, 8)).isFalse();
        assertThat(isDue(138, 8)).isFalse();
        assertThat(isDue(139, 8)).isTrue();
    }

    @Test
    void whereSessionsStandByEachGetsOneEveryTwentySecondsWhateverElseIsSent() {
        InetSocketAddress own = new InetSocketAddress("198.51.100.7", 4500);
        List<InetSocketAddress> others =
                List.of(
                        new InetSocketAddress("192.0.2.2", 4500),
                        new InetSocketAddress("192.0.2.3", 4500));
        List<GatewayCandidate> aside =
                others.stream()
                        .map(each -> new GatewayCandidate("", null, new Path(own, each, true)))
                        .toList();
        List<Long> times = new ArrayList<>();
        for (long second = 100; second <= 140; second++) {
            List<InetSocketAddress> sent = new ArrayList<>();
            isDue(second, second);
            path.keepOpen(
                    new Now(second * Now.NANOS_PER_SECOND, second),
                    aside,
                    (local, remote) -> {
                        assertThat(local).isEqualTo(own);
                        sent.add(remote);
                    });
            if (!sent.isEmpty()) {
                assertThat(sent).isEqualTo(others);
                times.add(second);
            }
        }
        assertThat(times).containsExactly(100L, 120L, 140L);
    }

    /// The socket is bound to no address; the kernel says which one it would send from.
    @Test
    void theWayToAGatewayHasChangedOnlyWhenOurAddressOnItHas() throws Exception {
        InetSocketAddress gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500);
        assertThat(path.hasChanged(gateway)).as("the first look").isFalse();
        assertThat(path.hasChanged(gateway)).isFalse();
        source = null;
        assertThat(path.hasChanged(gateway)).as("no way at all").isFalse();
        source = InetAddress.ofLiteral("203.0.113.7");
        assertThat(path.hasChanged(gateway)).isTrue();
        assertThat(path.hasChanged(gateway)).isFalse();
        ClientPorts ports = ClientPorts.open();
        assertThat(ports.sourceTowards(gateway)).isEqualTo(InetAddress.getLoopbackAddress());
        ports.close();
    }
}
