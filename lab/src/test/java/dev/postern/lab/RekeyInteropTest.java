package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/// Rekeying between Postern and Debian's strongSwan while packets flow: none is lost.
@Tag("privileged")
final class RekeyInteropTest {
    /// Of no network interface here.
    private static final String NOBODY = "02:00:00:00:00:99";

    @AutoClose private final Lab lab = Lab.open("Rekey");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: rekeying of IKE SA and Child SA, with and without a key exchange for the Child SA |
    /// strongSwan | peer initiates
    @ParameterizedTest
    @ValueSource(strings = {"aes128gcm16", "aes128gcm16-x25519"})
    void strongSwanRekeysAgainstAPosternGatewayWithoutLoss(String esp) {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient().child("esp_proposals", esp).text());
        client.initiate("net");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));

        client.swanctl("--rekey", "--child", "net").runSuccessfully();
        gateway.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        gateway.awaitLine("\"event\":\"child-sa-closed\"", SOON);
        client.swanctl("--rekey", "--ike", "lab").runSuccessfully();
        gateway.awaitLine("\"event\":\"ike-sa-rekeyed\"", SOON);
        client.swanctl("--rekey", "--child", "net").runSuccessfully();
        client.awaitSas(SOON, "ESTABLISHED", "INSTALLED");

        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        Ping.finishWithoutLoss(ping, SOON);
        assertThat(client.establishedIkeSas()).isEqualTo(1);
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    /// Interop: rekeying of IKE SA and Child SA, with and without a key exchange for the Child SA |
    /// strongSwan | Postern initiates
    @ParameterizedTest
    @ValueSource(strings = {"aes128gcm16", "aes128gcm16-x25519"})
    void posternRekeysAgainstAStrongSwanGatewayWithoutLoss(String esp) {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        SwanctlConnection.ofGateway().child("esp_proposals", esp).text());
        PosternDaemon client =
                domain.client(
                        """

                        [life]
                        ike = "30s"
                        child = "10s"
                        """);
        client.awaitLine(SWITCHED, SOON);
        gateway.awaitSas(SOON, "ESTABLISHED", "INSTALLED");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));

        client.awaitLine("\"event\":\"child-sa-rekeyed\"", SOON);
        client.awaitLine("\"event\":\"ike-sa-rekeyed\"", SOON);

        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        Ping.finishWithoutLoss(ping, SOON);
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
        client.process().terminate();
        assertThat(client.awaitLine("client-stopped", SOON)).contains("\"deleteAnswered\":true");
    }

    /// Both have sent their requests before either sees the other's: for that the hosts have wrong
    /// addresses of each other on the link.
    ///
    /// Interop: rekeying of an IKE SA and of a Child SA by both peers at once (RFC 7296, 2.8.1 and
    /// 2.8.2) | strongSwan | both initiate
    @ParameterizedTest
    @CsvSource({"child, 10s, net", "ike, 30s, lab"})
    void bothRekeyAtOnceAndGoOnWithOne(String sa, String lifetime, String name) {
        PosternDaemon gateway =
                domain.gatewayA(
                        PROXY_NEIGHBOUR
                                + """
                                [profile.clients.life]
                                %s = "%s"
                                [status]
                                address = "127.0.0.1:9500"
                                """
                                        .formatted(sa, lifetime));
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        StrongSwanSettings.usual().set("retransmit_timeout", "1.0"),
                        SwanctlConnection.ofClient().text());
        client.initiate("net");

        int mark = gateway.process().mark();
        cross(client, "--" + sa, name);
        gateway.process()
                .awaitLineAfter(
                        mark,
                        "the end of both rekeyings",
                        SOON,
                        line -> line.contains("\"event\":\"" + sa + "-sa-rekeyed\""));
        assertOneIsLeft(client);
        client.terminate("lab");
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
    }

    private void cross(StrongSwan client, String sa, String name) {
        net.client()
                .ip(
                        "neighbour",
                        "replace",
                        FailoverTopology.GW_A,
                        "dev",
                        "outside",
                        "lladdr",
                        NOBODY);
        net.gwA()
                .ip(
                        "neighbour",
                        "replace",
                        FailoverTopology.CLIENT,
                        "dev",
                        "outside",
                        "lladdr",
                        NOBODY);
        long before = TightPair.metric(net.gwA(), "retransmitted_request");
        client.swanctl("--rekey", sa, name).runSuccessfully();
        client.awaitSas(SOON, "REKEYING");
        Await.until(
                "the gateway waits for the answer to its rekeying",
                SOON,
                () -> TightPair.metric(net.gwA(), "retransmitted_request") > before);
        // Before either gives up.
        net.gwA().ip("neighbour", "del", FailoverTopology.CLIENT, "dev", "outside");
        net.client().ip("neighbour", "del", FailoverTopology.GW_A, "dev", "outside");
    }

    private void assertOneIsLeft(StrongSwan client) {
        Await.until(
                "what was given up is gone",
                SOON,
                () -> {
                    String sas = client.listSas();
                    return sas.split("ESTABLISHED", -1).length == 2
                            && sas.split("INSTALLED", -1).length == 2
                            && !sas.contains("REKEYED")
                            && !sas.contains("REKEYING")
                            && !sas.contains("DELETING");
                });
        Await.until("packets go through", SOON, domain::clientReachesLanhost);
    }
}
