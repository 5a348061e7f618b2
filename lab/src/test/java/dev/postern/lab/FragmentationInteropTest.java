package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// RFC 7383 with Debian's strongSwan, both sides made to cut small.
@Tag("privileged")
final class FragmentationInteropTest {
    private static final String SMALL = "[network]\nfragment-size = 296\n";
    private static final StrongSwanSettings FRAGMENTING =
            StrongSwanSettings.usual().set("fragment_size", "296");

    @AutoClose private final Lab lab = Lab.open("Fragments");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Sixteen networks behind the gateway, each of which its answer names.
    private static final String NETWORKS =
            IntStream.range(0, 16)
                    .mapToObj(i -> "10.1.0.%d/28".formatted(16 * i))
                    .collect(Collectors.joining(", "));

    /// Name servers that a gateway's answer names.
    private static final String NAME_SERVERS =
            IntStream.range(0, 30)
                    .mapToObj(i -> "10.1.0." + (128 + i))
                    .collect(Collectors.joining(", "));

    /// Many proposals make a request with a pre-shared key long enough to be cut, and many
    /// selectors the answer.
    private static String cut(SwanctlConnection connection) {
        return connection
                .connection("fragmentation", "yes")
                .child(
                        "esp_proposals",
                        "aes128gcm16, aes256gcm16, chacha20poly1305, aes128gcm16-x25519,"
                                + " aes256gcm16-x25519, aes128-sha256, aes256-sha256")
                .text();
    }

    /// Interop: IKE fragmentation (RFC 7383), fragments of 296 octets | strongSwan | peer initiates
    @Test
    void aStrongSwanClientAndAPosternGatewayCutTheirMessages() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR + SMALL);
        Capture capture = Capture.start(net.client(), "outside", "udp port 500 or udp port 4500");
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        FRAGMENTING,
                        cut(SwanctlConnection.ofClient().child("remote_ts", NETWORKS)));

        client.initiate("net");

        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        assertThat(fragmenters(capture))
                .containsExactlyInAnyOrder(FailoverTopology.CLIENT, FailoverTopology.GW_A);
    }

    /// Interop: IKE fragmentation (RFC 7383), fragments of 296 octets | strongSwan | Postern
    /// initiates
    @Test
    void aPosternClientAndAStrongSwanGatewayCutTheirMessages() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        FRAGMENTING,
                        cut(SwanctlConnection.ofGateway())
                                .replace("/32", "/32\ndns = " + NAME_SERVERS));
        Capture capture = Capture.start(net.client(), "outside", "udp port 500 or udp port 4500");

        PosternDaemon client = domain.client(SMALL);

        client.awaitLine(SWITCHED, SOON);
        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
        assertThat(fragmenters(capture))
                .containsExactlyInAnyOrder(FailoverTopology.CLIENT, FailoverTopology.GW_A);
    }

    /// Who sent a payload of type 53.
    private Set<String> fragmenters(Capture capture) {
        return new Tshark(lab, KeyLog.none())
                .dissect(capture.stop(), "isakmp", "ip.src", "isakmp.typepayload").stream()
                        .filter(packet -> packet.all("isakmp.typepayload").contains("53"))
                        .map(packet -> packet.first("ip.src"))
                        .collect(Collectors.toSet());
    }
}
