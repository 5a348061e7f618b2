package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// AUTH_LIFETIME between Postern and Debian's strongSwan while packets flow (RFC 4478).
@Tag("privileged")
final class ReauthenticationInteropTest {
    @AutoClose private final Lab lab = Lab.open("Reauth");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private static final String LIMITED =
            """
            [profile.clients.life]
            reauth-time = "14s"
            """;

    /// Interop: AUTH_LIFETIME, and the authentication that follows it | strongSwan | peer initiates
    @Test
    void strongSwanAuthenticatesAnewWhenAPosternGatewaySaysSo() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR + LIMITED);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        StrongSwanSettings.usual().set("make_before_break", "yes"),
                        SwanctlConnection.ofClient().connection("over_time", "4s").text());
        client.initiate("net");
        String first = gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));

        String second = gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);

        assertThat(SecureDomain.field(second, "innerAddresses"))
                .isEqualTo(SecureDomain.field(first, "innerAddresses"));
        assertThat(client.process().output())
                .anyMatch(line -> line.contains("received AUTH_LIFETIME of 14s"));
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        Ping.finishWithoutLoss(ping, SOON);
        assertThat(client.establishedIkeSas()).isEqualTo(1);
        client.terminate("lab");
    }

    /// Interop: AUTH_LIFETIME, and the authentication that follows it | strongSwan | Postern
    /// initiates
    @Test
    void posternAuthenticatesAnewWhenAStrongSwanGatewaySaysSo() {
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        StrongSwan gateway =
                StrongSwan.start(
                        net.gwA(),
                        SwanctlConnection.ofGateway()
                                .connection("over_time", "4s")
                                .connection("reauth_time", "12s")
                                .text());
        PosternDaemon client = domain.client("");
        LabProcess ping =
                Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(100));

        client.awaitLine("\"event\":\"reauthentication-due\"", SOON);
        String anew = client.awaitLine(SWITCHED, SOON);

        assertThat(SecureDomain.field(anew, "innerAddresses")).isEqualTo("10.1.0.210");
        assertThat(SecureDomain.field(anew, "by")).isEqualTo("full-exchange");
        client.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        assertThat(Ping.send(net.client(), FailoverTopology.LANHOST, 5).lost()).isZero();
        Ping.finishWithoutLoss(ping, SOON);
        assertThat(gateway.establishedIkeSas()).isEqualTo(1);
    }

    /// Interop: AUTH_LIFETIME, and the authentication that follows it | Postern | Postern initiates
    @Test
    void posternAuthenticatesAnewAtPosternAndLosesNoPacket() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR + LIMITED);
        PosternDaemon client = domain.client("");
        LabProcess ping = Ping.start(net.client(), FailoverTopology.LANHOST, Duration.ofMillis(20));

        for (int i = 0; i < 2; i++) {
            client.awaitLine("\"event\":\"reauthentication-due\"", SOON);
            String anew = client.awaitLine(SWITCHED, SOON);
            assertThat(SecureDomain.field(anew, "addressChanged")).isEqualTo("false");
            gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);
        }

        Ping.finishWithoutLoss(ping, SOON);
    }

    /// Interop: a client that does not authenticate anew is disconnected at the end of its
    /// authentication | strongSwan | peer initiates
    @Test
    void whoDoesNotAuthenticateAnewIsDisconnectedInTime() {
        PosternDaemon gateway = domain.gatewayA(PROXY_NEIGHBOUR + LIMITED);
        StrongSwan client =
                StrongSwan.start(
                        net.client(),
                        SwanctlConnection.ofClient().connection("over_time", "0s").text());
        client.initiate("net");
        // Without a margin strongSwan comes when it is too late.
        String closed = gateway.awaitLine("\"event\":\"ike-sa-closed\"", SOON);

        assertThat(SecureDomain.field(closed, "reason")).isEqualTo("HARD_DEADLINE");
    }
}
