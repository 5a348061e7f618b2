package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// What the other gateway of a cluster has of a client that it does not serve: its whole memory and
/// all its files are searched.
@Tag("privileged")
final class ByValueHoldingsTest {
    private static final String IDENTITY = "wanderer.lab";
    private static final String IKE_RESUME = "udp port 4500 and udp[30] = 240";

    /// What a reference consists of.
    private static final List<String> NAME = List.of("SPIi", "SPIr");

    private static final int NON_ESP_MARKER = 4;

    /// Of the end of a ticket, which is ciphertext and a tag.
    private static final int TICKET_DIGITS = 64;

    @AutoClose private final Lab lab = Lab.open("ByValue");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final ClusterDomain cluster = new ClusterDomain(lab, net);

    /// Admits whoever has a certificate: no gateway's file names the client. Its addresses are of
    /// two pools, so that one of them is long enough to be looked for.
    private String gateway(NetworkNamespace host, String node, int number, String storage) {
        return """
        [return-path]
        mode = "proxy-neighbour"
        device = "inside"
        [pool.six]
        addresses = "fd00:1::200/120"
        assign = "fd00:1::2%1$d0-fd00:1::2%1$df"
        [group.everybody]
        members = ["*.lab"]
        pool = ["clients", "six"]
        [leases]
        file = "%2$s"
        [profile.clients.certificates]
        %3$s
        [profile.clients.resumption]
        storage = "%4$s"
        """
                .formatted(
                        number,
                        lab.file(host.host() + ".leases"),
                        cluster.certificate(node),
                        storage);
    }

    private PosternDaemon gatewayA(String storage) {
        return cluster.gatewayA(gateway(net.gwA(), "gw-a.lab", 1, storage));
    }

    private PosternDaemon gatewayB(String storage) {
        return cluster.gatewayB(gateway(net.gwB(), "gw-b.lab", 2, storage));
    }

    /// A first client has the first address, by which a gateway's share is named; the one that is
    /// looked for has the next.
    private PosternDaemon client() {
        NetworkNamespace host = lab.host("first");
        net.outside().attach(host, "outside");
        host.address("outside", "192.0.2.11/24");
        PosternDaemon.client(host, configuration("first.lab"))
                .awaitLine(SecureDomain.SWITCHED, SOON);
        PosternDaemon client = cluster.domain().clientWith(configuration(IDENTITY));
        client.awaitLine("ticket-received", SOON);
        return client;
    }

    /// Nobody is asked beside the first gateway, however slow that is.
    private String configuration(String identity) {
        cluster.issue(identity);
        return """
        identity = "%s"
        secure-domain = "lab"
        remote-subnets = ["10.1.0.0/24"]
        %s
        [certificates]
        %s
        [resumption]
        rfc5723 = false
        [retry]
        race-after = "never"
        [liveness]
        idle = "2s"
        [log]
        format = "json"
        """
                .formatted(identity, SecureDomain.BOTH_GATEWAYS, cluster.certificate(identity));
    }

    /// What is known of the client where it is served.
    private static HeldOctets factsOf(PosternDaemon gateway) throws IOException {
        String established =
                gateway.process().output().stream()
                        .filter(line -> line.contains("\"event\":\"ike-sa-established\""))
                        .filter(line -> line.contains(IDENTITY))
                        .findFirst()
                        .orElseThrow();
        String[] addresses = SecureDomain.field(established, "innerAddresses").split(" ");
        String ipv4 =
                Arrays.stream(addresses).filter(a -> a.contains(".")).findFirst().orElseThrow();
        String ipv6 =
                Arrays.stream(addresses).filter(a -> a.contains(":")).findFirst().orElseThrow();
        return new HeldOctets()
                .text("identity", IDENTITY)
                .octets("SPIi", SecureDomain.field(established, "spiI"))
                .octets("SPIr", SecureDomain.field(established, "spiR"))
                .octets("session", SecureDomain.field(established, "session"))
                .text("IPv4 address", ipv4)
                .address("IPv6 address", ipv6);
    }

    /// The ticket by which the client resumed.
    private String ticket(Path capture) throws MalformedException {
        String payload =
                new Tshark(lab, KeyLog.none())
                        .dissect(capture, "", "udp.payload")
                        .getFirst()
                        .first("udp.payload")
                        .replace(":", "");
        byte[] datagram = HexFormat.of().parseHex(payload);
        Message request =
                MessageCodec.decode(Arrays.copyOfRange(datagram, NON_ESP_MARKER, datagram.length));
        Payload.Notify presented =
                Objects.requireNonNull(
                        Message.findNotify(request.payloads(), NotifyType.IKEV2_TICKET));
        String digits = presented.data().hex();
        return digits.substring(digits.length() - TICKET_DIGITS);
    }

    @Test
    void byValueNoGatewayHoldsAnOctetOfAClientThatItDoesNotServe() throws Exception {
        PosternDaemon a = gatewayA("by-value");
        PosternDaemon b = gatewayB("by-value");
        ClusterDomain.awaitBoth(b);
        PosternDaemon client = client();
        HeldOctets facts = factsOf(a);
        int before = client.process().mark();

        Path memory = HeldOctets.dump(b, "gwB");
        Path itsOwn = HeldOctets.dump(client, "client");
        assertThat(facts.in(HeldOctets.files(net.gwB()))).isEmpty();
        try (Capture capture = Capture.start(net.client(), "outside", IKE_RESUME)) {
            a.crash();
            assertThat(client.process().awaitLineAfter(before, SecureDomain.SWITCHED, SOON))
                    .contains("gw-b.lab")
                    .contains("resumed-1rtt");
            facts.octets("ticket", ticket(capture.stop()));
        }

        assertThat(facts.inMemory(memory)).isEmpty();
        // The search finds what is there: the client holds its ticket, and now it is served.
        assertThat(facts.inMemory(itsOwn)).contains("ticket", "SPIi", "SPIr", "IPv6 address");
        Path served = HeldOctets.dump(b, "gwB-serving");
        assertThat(facts.inMemory(served)).contains("identity", "session");
        assertThat(facts.in(HeldOctets.files(net.gwB()))).contains("identity", "session");
        for (Path dump : new Path[] {memory, itsOwn, served}) {
            Files.delete(dump);
        }
    }

    /// The same search, where the gateways keep the sessions: each has it, sealed, by the name that
    /// the client has for it.
    @Test
    void byReferenceEveryGatewayHoldsTheSealedSession() throws Exception {
        String stored = "by-reference\"\n[session-store]\nfile = \"sessions.db";
        PosternDaemon a = gatewayA(stored);
        PosternDaemon b = gatewayB(stored);
        ClusterDomain.awaitBoth(b);
        client();
        HeldOctets facts = factsOf(a);
        Await.until(
                "gw-b holds both sessions",
                SOON,
                () -> ClusterDomain.ctl(net.gwB(), "members", "--json").contains("\"sessions\":2"));
        Await.until(
                "the session is in gw-b's file",
                SOON,
                () -> facts.in(HeldOctets.files(net.gwB())).containsAll(NAME));

        Path memory = HeldOctets.dump(b, "gwB");

        assertThat(facts.inMemory(memory)).containsAll(NAME).doesNotContain("identity", "session");
        Files.delete(memory);
    }
}
