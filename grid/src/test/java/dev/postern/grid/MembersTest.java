package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.ClusterEvent.MemberJoined;
import dev.postern.cluster.ClusterEvent.MemberLeft;
import dev.postern.cluster.Member;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyConduct;
import dev.postern.grid.NodeState.Presence;

import org.jgroups.protocols.TCP;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Members in one process, over real sockets.
class MembersTest {
    private static final Set<String> NODES = Set.of("gw-a", "gw-b");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final List<Grid> running = new ArrayList<>();
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    private final InetSocketAddress a = freePort();
    private final InetSocketAddress b = freePort();
    private @Nullable Path state;

    static InetSocketAddress freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() {
        running.forEach(Grid::close);
    }

    private GridSettings settings(String node, int number, SSLContext tls) {
        boolean first = node.equals("gw-a");
        return new GridSettings(
                "domain.example",
                node,
                "east",
                number,
                first ? a : b,
                List.of(
                        first
                                ? new GridSettings.Peer("gw-b", b)
                                : new GridSettings.Peer("gw-a", a)),
                tls,
                Duration.ofSeconds(4),
                0,
                state,
                null);
    }

    private Grid start(String node, int number, SSLContext tls) throws IOException {
        Grid grid = Grid.start(settings(node, number, tls), events::add);
        running.add(grid);
        return grid;
    }

    private Grid start(String node, int number) throws IOException {
        return start(node, number, authority.member(node, NODES));
    }

    @Test
    void twoMembersSeeEachOtherAndOneThatLeavesIsNotLost() throws IOException {
        Grid first = start("gw-a", 1);
        await().atMost(PATIENCE).until(first::isPrimary);
        Grid second = start("gw-b", 2);
        await().atMost(PATIENCE).until(() -> up(first) == 2 && up(second) == 2);
        assertThat(second.isPrimary()).isTrue();
        Member left = second.self();
        assertThat(events).contains(new MemberJoined(left));

        running.remove(second);
        second.close();
        await().atMost(PATIENCE).until(() -> events.contains(new MemberLeft(left)));
        assertThat(first.isPrimary()).isTrue();
        // It may have left the view before its port was closed; then it is down at a later look.
        await().atMost(PATIENCE).until(() -> first.nodes().get(1).presence() == Presence.DOWN);
    }

    /// What the members knew has gone with them; a key of before may be in a record all the same.
    @Test
    void aMemberThatIsBackOwnsNothingUnderAnEpochThatItHadBefore(@TempDir Path directory)
            throws IOException {
        state = directory.resolve("cluster");
        Grid first = start("gw-a", 1);
        await().atMost(PATIENCE).until(first::isPrimary);
        long before = epoch(SharedStateTest.acquired(first, StandbyConduct.THING));
        running.remove(first);
        first.close();

        Grid again = start("gw-a", 1);
        await().atMost(PATIENCE).until(again::isPrimary);
        assertThat(epoch(SharedStateTest.acquired(again, StandbyConduct.THING)))
                .isGreaterThan(before);
    }

    private static long epoch(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Owned.class);
        return ((Outcome.Owned) outcome).epoch();
    }

    private static long up(Grid grid) {
        return grid.nodes().stream().filter(node -> node.presence() == Presence.UP).count();
    }

    @Test
    void aSecondMemberOfOneNumberIsRefused() throws IOException {
        start("gw-a", 1);
        assertThatThrownBy(() -> start("gw-b", 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("number 1 already");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(a.getPort(), 1, a.getAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> start("gw-a", 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(":" + a.getPort());
        }
    }

    @Test
    void aStrangerWhomAnotherAuthorityVouchesForStaysOutside() throws IOException {
        Grid first = start("gw-a", 1);
        TestAuthority other = new TestAuthority("another authority");
        Grid stranger = start("gw-b", 2, other.member("gw-b", NODES, authority));
        assertThat(stranger.nodes()).hasSize(2);
        assertThat(up(first)).isEqualTo(1);
        assertThat(up(stranger)).isEqualTo(1);
    }

    @Test
    void whoIsVouchedForButNoNodeOfTheConfigurationStaysOutside() throws IOException {
        Grid first = start("gw-a", 1);
        Grid stranger = start("gw-b", 2, authority.member("gw-x", NODES));
        assertThat(up(first)).isEqualTo(1);
        assertThat(up(stranger)).isEqualTo(1);
    }

    /// What JGroups itself would say to a port in the clear gets no octet of an answer.
    @Test
    void plaintextIsRefused() throws IOException {
        start("gw-a", 1);
        try (Socket socket = new Socket(a.getAddress(), a.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(
                            "bela\0\0\0\0 a header in the clear"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(64);
            // At most an alert of TLS, seven octets: content type 21.
            assertThat(answer.length).isLessThanOrEqualTo(7);
            if (answer.length > 0) {
                assertThat(answer[0]).isEqualTo((byte) 21);
            }
        }
    }

    @Test
    void aConnectionWithoutACertificateOrOfAnOlderTlsIsRefused() throws Exception {
        start("gw-a", 1);
        assertThat(isServed(stranger(), "TLSv1.3")).isFalse();
        assertThat(isServed(authority.member("gw-b", NODES), "TLSv1.2")).isFalse();
        // Of the same name: what a platform's client would not send for another's it sends.
        TestAuthority other = new TestAuthority("cluster authority");
        assertThat(isServed(other.member("gw-b", NODES, authority), "TLSv1.3")).isFalse();
        assertThat(isServed(authority.member("gw-x", NODES), "TLSv1.3")).isFalse();
        assertThat(isServed(authority.expired("gw-b", NODES), "TLSv1.3")).isFalse();
        assertThat(isServed(authority.member("gw-b", NODES), "TLSv1.3")).isTrue();
    }

    /// docs/cluster.md, "Ports and certificates".
    @Test
    void whoseCertificateEndsStaysWhileItsConnectionsLastAndIsOutOnceTheyBreak()
            throws IOException {
        Instant end = Instant.now();
        boolean together = false;
        for (int seconds = 15; !together; seconds *= 2) {
            // On a busy machine the first ones end before the members have met.
            running.reversed().forEach(Grid::close);
            running.clear();
            end = Instant.now().plusSeconds(seconds);
            Instant soon = end;
            Grid first = start("gw-a", 1);
            Grid second = start("gw-b", 2, authority.ending("gw-b", NODES, end));
            await().atMost(PATIENCE.plusSeconds(seconds))
                    .until(() -> isOver(soon) || (up(first) == 2 && second.isPrimary()));
            together = !isOver(end);
        }
        Instant ended = end;
        await().atMost(PATIENCE.plus(PATIENCE)).until(() -> isOver(ended));
        Grid first = running.getFirst();
        Grid second = running.getLast();
        assertThat(up(first)).isEqualTo(2);
        assertThat(up(second)).isEqualTo(2);

        for (Grid each : running) {
            TCP tcp = Channels.stack(each).findProtocol(TCP.class);
            tcp.clearConnections();
        }
        await().atMost(PATIENCE).until(() -> up(first) == 1 && first.isPrimary());
        await().atMost(PATIENCE).until(() -> up(second) == 1 && !second.isPrimary());
        assertThat(first.nodes().get(1).presence()).isEqualTo(Presence.LOST);
    }

    private static boolean isOver(Instant end) {
        return Instant.now().isAfter(end);
    }

    private static SSLContext stranger() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverybody()}, null);
        return context;
    }

    /// Whether the handshake succeeds at the member's side too.
    private boolean isServed(SSLContext context, String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(a.getAddress(), a.getPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(2));
            socket.startHandshake();
            // It ends silent connections after a while, without an alert.
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException waits) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void nothingListensButTheOnePort() throws IOException {
        List<String> before = Listening.here();
        start("gw-a", 1);
        List<String> after = new ArrayList<>(Listening.here());
        after.removeAll(before);
        assertThat(after).containsExactly(Listening.name(a));
    }
}
