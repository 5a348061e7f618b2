package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What may go wrong with the machines of a cluster of three, all of it in one run: a disk that
/// answers no write, one that is full, a clock that is minutes ahead, two members killed at once, a
/// member that comes back with old state. The client, which holds nothing but a reference, resumes
/// each time in one round trip and keeps its address, which nobody else gets.
@Tag("privileged")
final class ClusterFaultsTest {
    private static final String STORE = "sessions.db";
    private static final Duration AHEAD = Duration.ofMinutes(7);
    private static final String CLIENT =
            """
            [resumption]
            rfc5723 = false
            [liveness]
            idle = "2s"
            """;

    @AutoClose private final Lab lab = Lab.open("ClusterFaults");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = ClusterDomain.ofThree(lab, net);
    private final LoopDisk diskOfA = LoopDisk.mount(lab, "disk-a");
    private final LoopDisk diskOfB = LoopDisk.mount(lab, "disk-b");

    private static String byReference(LoopDisk disk) {
        return SecureDomain.PROXY_NEIGHBOUR
                + """
                [profile.clients.resumption]
                storage = "by-reference"
                [session-store]
                file = "%s"
                [[profile.clients.peer]]
                id = "second.lab"
                psk = "%s"
                """
                        .formatted(disk.file(STORE), SecureDomain.PRE_SHARED_KEY);
    }

    private NetworkNamespace thirdHost() {
        NetworkNamespace host = lab.host("gwC").forwarding();
        net.outside().attach(host, "outside");
        net.inside().attach(host, "inside");
        return host.address("outside", "192.0.2.3/24").address("inside", "10.1.0.3/24");
    }

    private PosternDaemon secondClient() {
        NetworkNamespace host = lab.host("second");
        net.outside().attach(host, "outside");
        host.address("outside", "192.0.2.11/24");
        return PosternDaemon.client(
                host, SecureDomain.clientText("second.lab", SecureDomain.BOTH_GATEWAYS) + CLIENT);
    }

    private static String address(String switched) {
        return SecureDomain.field(switched, "innerAddresses");
    }

    private String resumes(PosternDaemon client, int mark, String gateway) {
        String switched = client.process().awaitLineAfter(mark, SecureDomain.SWITCHED, SOON);
        assertThat(switched)
                .contains(gateway)
                .contains("resumed-1rtt")
                .contains("\"addressChanged\":false");
        Await.until("the client reaches lanhost", SOON, cluster.domain()::clientReachesLanhost);
        return switched;
    }

    @Test
    void theClientStaysThroughDisksClocksAndTwoMembersThatFail() {
        SecureDomain domain = cluster.domain();
        PosternDaemon a = cluster.gatewayA(byReference(diskOfA));
        PosternDaemon b =
                domain.gateway(
                        net.gwB(),
                        "gw-b.lab",
                        2,
                        FailoverTopology.GW_B,
                        cluster.tables(net.gwB(), "gw-b.lab") + byReference(diskOfB),
                        ClockSkew.of(lab, AHEAD));
        NetworkNamespace hostOfC = thirdHost();
        PosternDaemon c =
                domain.gateway(
                        hostOfC,
                        "gw-c.lab",
                        3,
                        "192.0.2.3",
                        cluster.tables(hostOfC, "gw-c.lab"),
                        Map.of());
        ClusterDomain.awaitView(b, 0, "gw-a.lab", "gw-b.lab", "gw-c.lab");
        String ready = b.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        assertThat(Instant.parse(SecureDomain.field(ready, "at")))
                .isAfter(Instant.now().plus(AHEAD.minusMinutes(3)));

        // A disk that answers nobody: the session is known elsewhere all the same.
        FileTime before = diskOfA.written(STORE);
        diskOfA.freeze();
        Capture capture = Capture.start(net.client(), "outside", "udp port 4500");
        PosternDaemon client = domain.client(CLIENT);
        client.awaitLine("ticket-received", SOON);
        Await.until(
                "gw-b holds a copy of the session",
                SOON,
                () -> ClusterDomain.ctl(net.gwB(), "members", "--json").contains("\"sessions\":1"));
        diskOfA.thaw();
        diskOfA.awaitWrite(STORE, before);

        // Two members at once, and the one that is left has a full disk.
        diskOfB.fill();
        int served = client.process().mark();
        a.process().signal(LabProcess.Signal.KILL);
        c.process().signal(LabProcess.Signal.KILL);
        String address = address(resumes(client, served, "gw-b.lab"));
        b.awaitLine("sessions stand in memory alone until it is mended", SOON);
        FileTime full = diskOfB.written(STORE);
        diskOfB.makeRoom();
        diskOfB.awaitWrite(STORE, full);

        // gw-a comes back with the file of then; its share has the address that the client took
        // along.
        a = a.restart();
        ClusterDomain.awaitBoth(a);
        a.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        PosternDaemon second = secondClient();
        String other = address(second.awaitLine(SecureDomain.SWITCHED, SOON));
        assertThat(other).startsWith("10.1.0.2").isNotEqualTo(address);

        // Two that have just found each other have yet to copy what one of them knows.
        ClusterDomain.awaitCopies(net.gwA());

        int movedBefore = client.process().mark();
        b.crash();
        assertThat(address(resumes(client, movedBefore, "gw-a.lab"))).isEqualTo(address);
        assertThat(a.process().output()).noneMatch(line -> line.contains("it was offered"));
        assertThat(
                        second.process().output().stream()
                                .filter(line -> line.contains(SecureDomain.SWITCHED)))
                .hasSize(1);

        List<DissectedPacket> packets =
                new Tshark(lab, KeyLog.none())
                        .dissect(
                                capture.stop(),
                                "ip.src != " + FailoverTopology.CLIENT + " && udp.port == 4500",
                                "udp.payload");
        assertThat(packets).hasSizeGreaterThan(3);
        assertThat(TightPair.repeatedIvs(packets)).isEmpty();
    }
}
