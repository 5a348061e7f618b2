package dev.postern.lab;

import static dev.postern.lab.SecureDomain.GATEWAY_READY;
import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// A session that is resumed at a gateway with other servers behind it: its own DHCP server with
/// other addresses and another name server, its own RADIUS server, and fewer hosts that it
/// protects.
@Tag("privileged")
final class GatewaysThatDifferInTheLabTest {
    private static final String SECOND_LANHOST = "10.1.0.101";
    private static final String PASSWORD = "correct horse battery staple";
    private static final String USERS =
            "bob Cleartext-Password := \"" + PASSWORD + "\"\n\tClass = \"silver\"\n";

    @AutoClose private final Lab lab = Lab.open("Differ");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private LabProcess dnsmasq(NetworkNamespace host, String range, String nameServer) {
        LabProcess dnsmasq =
                host.start(
                        "dnsmasq",
                        Component.DNSMASQ.require().toString(),
                        "--no-daemon",
                        "--conf-file=/dev/null",
                        "--port=0",
                        "--user=root",
                        "--no-ping",
                        "--interface=inside",
                        "--dhcp-authoritative",
                        "--dhcp-leasefile=" + lab.file(host.host() + ".leases"),
                        "--dhcp-range=" + range + ",255.255.255.0,10m",
                        "--dhcp-option=6," + nameServer);
        dnsmasq.awaitLine("DHCP, IP range", SOON);
        return dnsmasq;
    }

    private PosternDaemon gateway(
            NetworkNamespace host, String name, int number, String servers, String protects) {
        PosternDaemon gateway =
                PosternDaemon.gateway(
                        host,
                        """
                        identity = "gw-%1$s.lab"
                        secure-domain = "lab"
                        member = %2$d
                        tgs-keys = "%3$s"
                        [listen]
                        addresses = ["192.0.2.%2$d"]
                        [return-path]
                        mode = "proxy-neighbour"
                        device = "inside"
                        [pool.lan]
                        addresses = "10.1.0.192/26"
                        dns-domains = []
                        dhcp = "%4$s"
                        dhcp-from = "10.1.0.%2$d"
                        [profile.clients]
                        pool = "lan"
                        local-subnets = ["%5$s"]
                        [profile.clients.eap]
                        method = "radius"
                        psk = "%6$s"
                        [radius]
                        nas-identifier = "gw-%2$d"
                        nas-address = "10.1.0.%2$d"
                        [[radius.server]]
                        address = "%4$s"
                        secret = "%7$s"
                        [log]
                        format = "json"
                        """
                                .formatted(
                                        name,
                                        number,
                                        domain.tgsKeys(),
                                        servers,
                                        protects,
                                        PRE_SHARED_KEY,
                                        FreeRadius.SECRET));
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    private static Map<String, String> only(List<Map<String, String>> records) {
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private static void awaitRecords(FreeRadius server, String status) {
        Await.until(status + " is written", SOON, () -> !server.accounting(status).isEmpty());
    }

    /// Interop: a session that moves to a gateway with other DHCP and RADIUS servers | FreeRADIUS
    /// and dnsmasq | Postern initiates
    @Test
    void selectorsNarrowTheAddressChangesAndTheAccountingMoves() {
        NetworkNamespace second = lab.host("lanhost2");
        net.inside().attach(second, "inside");
        second.address("inside", SECOND_LANHOST + "/24");
        FreeRadius radiusA =
                FreeRadius.start(net.lanhost(), "radius", FailoverTopology.LANHOST, USERS);
        FreeRadius radiusB = FreeRadius.start(second, "radius", SECOND_LANHOST, USERS);
        dnsmasq(net.lanhost(), "10.1.0.220,10.1.0.229", "10.1.0.53");
        dnsmasq(second, "10.1.0.230,10.1.0.239", "10.1.0.54");
        gateway(net.gwA(), "a", 1, FailoverTopology.LANHOST, "10.1.0.0/24");
        gateway(net.gwB(), "b", 2, SECOND_LANHOST, "10.1.0.96/28");
        PosternDaemon client =
                domain.client(
                        """
                        [eap]
                        method = "mschapv2"
                        identity = "bob"
                        password = "%s"
                        [admin]
                        socket = "%s"
                        """
                                .formatted(PASSWORD, ClusterDomain.socket(net.client())));
        String connected = client.awaitLine(SWITCHED, SOON);
        assertThat(SecureDomain.field(connected, "innerAddresses")).startsWith("10.1.0.22");
        assertThat(SecureDomain.field(client.awaitLine("network-assigned", SOON), "dns"))
                .isEqualTo("10.1.0.53");
        awaitRecords(radiusA, "Start");
        Map<String, String> first = only(radiusA.accounting("Start"));

        int mark = client.process().mark();
        net.client()
                .exec(
                        PosternDaemon.commandLine(
                                        "client",
                                        "switch",
                                        "--admin",
                                        ClusterDomain.socket(net.client()).toString(),
                                        "gw-b.lab")
                                .toArray(new String[0]));

        String moved = client.process().awaitLineAfter(mark, SWITCHED, SOON);
        assertThat(SecureDomain.field(moved, "by")).isEqualTo("resumed-1rtt");
        assertThat(SecureDomain.field(moved, "addressChanged")).isEqualTo("true");
        String address = SecureDomain.field(moved, "innerAddresses");
        assertThat(address).startsWith("10.1.0.23");
        String told = client.process().awaitLineAfter(mark, "network-assigned", SOON);
        assertThat(SecureDomain.field(told, "dns")).isEqualTo("10.1.0.54");
        assertThat(SecureDomain.field(told, "subnets")).isEqualTo("10.1.0.96/28");
        Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
        assertThat(net.client().ip("-4", "address", "show")).contains(address);
        assertThat(Ping.send(net.client(), FailoverTopology.GW_A_INSIDE, 1).received())
                .as("10.1.0.1 is not behind this gateway")
                .isZero();

        awaitRecords(radiusA, "Stop");
        awaitRecords(radiusB, "Start");
        assertThat(only(radiusA.accounting("Stop")))
                .containsEntry("Acct-Session-Id", first.get("Acct-Session-Id"));
        assertThat(only(radiusB.accounting("Start")))
                .containsEntry("User-Name", "bob")
                .containsEntry("NAS-Identifier", "gw-2")
                .containsEntry("Framed-IP-Address", address)
                .containsEntry("Class", first.get("Class"))
                .containsEntry("Acct-Multi-Session-Id", first.get("Acct-Multi-Session-Id"));
        assertThat(radiusB.accessRequests()).as("nobody proved himself anew").isZero();
    }
}
