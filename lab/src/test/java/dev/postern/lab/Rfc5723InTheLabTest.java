package dev.postern.lab;

import static dev.postern.lab.SecureDomain.PROXY_NEIGHBOUR;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

/// The failover by RFC 5723 alone: IKE_SESSION_RESUME and IKE_AUTH, where both sides have the
/// failover profile switched off.
@Tag("privileged")
final class Rfc5723InTheLabTest {
    private static final String ON_THE_GATEWAY =
            """
            [profile.clients.resumption]
            one-round-trip = false
            rfc5723 = true
            """;
    private static final String ON_THE_CLIENT =
            """
            [resumption]
            one-round-trip = false
            rfc5723 = true
            [liveness]
            idle = "1s"
            """;
    private static final String IKE_SESSION_RESUME = "38";
    private static final String IKE_AUTH = "35";

    @AutoClose private final Lab lab = Lab.open("Rfc5723");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    /// Interop: session resumption by ticket, RFC 5723 | Postern | both initiate
    @Test
    void theSessionIsResumedAtTheOtherGatewayByExchange38() {
        PosternDaemon gwA = domain.gatewayA(PROXY_NEIGHBOUR + ON_THE_GATEWAY);
        domain.gatewayB(PROXY_NEIGHBOUR + ON_THE_GATEWAY);
        PosternDaemon client = domain.client(ON_THE_CLIENT);
        String connected = client.awaitLine(SWITCHED, SOON);
        Capture capture = Capture.start(net.gwB(), "outside", "udp port 4500");

        gwA.crash();
        int crashed = client.process().mark();

        String moved = client.process().awaitLineAfter(crashed, SWITCHED, SOON);
        assertThat(SecureDomain.field(moved, "to")).isEqualTo("gw-b.lab");
        assertThat(SecureDomain.field(moved, "by")).isEqualTo("resumed-rfc-5723");
        assertThat(SecureDomain.field(moved, "innerAddresses"))
                .isEqualTo(SecureDomain.field(connected, "innerAddresses"));
        Await.until("the client reaches lanhost again", SOON, domain::clientReachesLanhost);
        List<DissectedPacket> packets =
                new Tshark(lab, KeyLog.none())
                        .dissect(capture.stop(), "isakmp", "isakmp.exchangetype");
        assertThat(packets)
                .extracting(packet -> packet.first("isakmp.exchangetype"))
                .startsWith(IKE_SESSION_RESUME, IKE_SESSION_RESUME, IKE_AUTH, IKE_AUTH);
        assertThat(packets).flatExtracting(DissectedPacket::complaints).isEmpty();
    }
}
