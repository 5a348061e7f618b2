package dev.postern.lab;

import static dev.postern.lab.SecureDomain.GATEWAY_READY;
import static dev.postern.lab.SecureDomain.PRE_SHARED_KEY;
import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Inner addresses from Debian's dnsmasq on the network behind two gateways, and what it and they
/// say about that network.
@Tag("privileged")
final class DhcpInTheLabTest {
    @AutoClose private final Lab lab = Lab.open("Dhcp");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    private LabProcess dnsmasq() {
        LabProcess dnsmasq =
                net.lanhost()
                        .start(
                                "dnsmasq",
                                Component.DNSMASQ.require().toString(),
                                "--no-daemon",
                                "--conf-file=/dev/null",
                                "--port=0",
                                "--user=root",
                                "--log-dhcp",
                                // Else it waits three seconds for somebody who has the address.
                                "--no-ping",
                                "--interface=inside",
                                "--dhcp-authoritative",
                                "--dhcp-leasefile=" + lab.file("dnsmasq.leases"),
                                "--dhcp-range=10.1.0.220,10.1.0.229,255.255.255.0,10m",
                                "--dhcp-option=6,10.1.0.53");
        dnsmasq.awaitLine("DHCP, IP range", SOON);
        return dnsmasq;
    }

    private PosternDaemon gateway(NetworkNamespace host, String name, int number) {
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
                        dhcp = "10.1.0.100"
                        dhcp-from = "10.1.0.%2$d"
                        [profile.clients]
                        pool = "lan"
                        local-subnets = ["10.1.0.0/24"]
                        [[profile.clients.peer]]
                        id = "client.lab"
                        psk = "%4$s"
                        [log]
                        format = "json"
                        """
                                .formatted(name, number, domain.tgsKeys(), PRE_SHARED_KEY));
        gateway.awaitLine(GATEWAY_READY, SOON);
        return gateway;
    }

    /// Interop: addresses from a DHCP server behind the gateway | dnsmasq | Postern initiates
    @Test
    void aClientHasAnAddressOfTheLanAndKeepsItAtTheNextGateway() {
        try (LabProcess dnsmasq = dnsmasq()) {
            PosternDaemon first = gateway(net.gwA(), "a", 1);
            gateway(net.gwB(), "b", 2);
            PosternDaemon client = domain.client("");
            String told = client.awaitLine("network-assigned", SOON);
            assertThat(SecureDomain.field(told, "dns")).isEqualTo("10.1.0.53");
            String address = SecureDomain.field(client.awaitLine(SWITCHED, SOON), "innerAddresses");
            assertThat(address).startsWith("10.1.0.22");
            int mark = client.process().mark();
            first.crash();
            Ping.send(net.client(), FailoverTopology.LANHOST, 3);
            String switched = client.process().awaitLineAfter(mark, SWITCHED, SOON);
            assertThat(SecureDomain.field(switched, "by")).isEqualTo("resumed-1rtt");
            assertThat(SecureDomain.field(switched, "innerAddresses")).isEqualTo(address);
            Await.until("the client reaches lanhost", SOON, domain::clientReachesLanhost);
            client.close();
            dnsmasq.awaitLine("DHCPRELEASE", SOON);
        }
    }

    @Test
    void withoutTheServerAClientIsRefusedAndServedOnceItIsBack() {
        PosternDaemon gateway = gateway(net.gwA(), "a", 1);
        PosternDaemon client =
                PosternDaemon.client(
                        net.client(),
                        """
                        identity = "client.lab"
                        psk = "%s"
                        secure-domain = "lab"
                        remote-subnets = ["10.1.0.0/24"]
                        [[gateway]]
                        identity = "gw-a.lab"
                        address = "192.0.2.1"
                        [log]
                        format = "json"
                        """
                                .formatted(PRE_SHARED_KEY));
        gateway.awaitLine("the DHCP server has given no address", SOON);
        client.awaitLine("ADDRESS_FAILURE", SOON);
        try (LabProcess _ = dnsmasq()) {
            client.awaitLine(SWITCHED, SOON);
        }
    }
}
