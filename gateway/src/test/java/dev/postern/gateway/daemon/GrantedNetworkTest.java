package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.DhcpServer;
import dev.postern.gateway.configuration.Pool;
import dev.postern.gateway.configuration.SplitDns;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.negotiate.AssignedNetwork;
import dev.postern.net.Prefix;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.VendorAttribute;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a RADIUS server has granted (RFC 2865 section 5.8, RFC 6911, RFC 2548 section 2.7), then
/// what a group has, then what the pools of the profile have, with split DNS (RFC 8598). The grant
/// stands in the session, so every gateway that the session comes to does the same.
class GrantedNetworkTest {
    private static final InetAddress POOLS_DNS = InetAddress.ofLiteral("10.9.0.53");
    private static final InetAddress GROUPS_DNS = InetAddress.ofLiteral("10.9.1.53");
    private static final InetAddress GRANTED_DNS = InetAddress.ofLiteral("10.9.2.53");
    private static final InetAddress GRANTED_DNS6 = InetAddress.ofLiteral("2001:db8:9::53");
    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.9.0.3");
    private static final InetAddress INSIDE6 = InetAddress.ofLiteral("2001:db8:9::7");
    private static final InetAddress OUTSIDE = InetAddress.ofLiteral("192.0.2.7");
    private static final Octets STAFF = raw(Attribute.text(Attribute.FILTER_ID, "staff"));

    private final Pool pool =
            pool("clients", "10.9.0.0/24", "10.9.0.1", "10.9.0.9", "corp.example");
    private final Pool pool6 =
            pool(
                    "clients6",
                    "2001:db8:9::/64",
                    "2001:db8:9::1",
                    "2001:db8:9::ffff",
                    "corp.example",
                    "six.example");
    private final Pool groups =
            pool("groups", "10.9.1.0/24", "10.9.1.1", "10.9.1.9", "lab.example");
    private final AddressLeases leases =
            new AddressLeases(Map.of("clients", List.of(pool, pool6)))
                    .withGroup(
                            new PeerGroup("staff", List.of(), List.of(STAFF), List.of()),
                            List.of(groups),
                            List.of(GROUPS_DNS));

    private static Pool pool(
            String name, String prefix, String first, String last, String... domains) {
        return new Pool(
                name,
                Prefix.parse(prefix),
                new AddressRange(InetAddress.ofLiteral(first), InetAddress.ofLiteral(last)),
                prefix.contains(":") ? List.of() : List.of(POOLS_DNS),
                new SplitDns(List.of(domains), List.of()),
                null);
    }

    private static Octets raw(Attribute attribute) {
        return new Attributes(List.of(attribute)).raw().getFirst();
    }

    private static Octets framed(InetAddress address) {
        return raw(
                Attribute.address(
                        address.getAddress().length == 4
                                ? Attribute.FRAMED_IP_ADDRESS
                                : Attribute.FRAMED_IPV6_ADDRESS,
                        address));
    }

    private static Octets granted(InetAddress server) {
        return server.getAddress().length == 4
                ? raw(
                        new VendorAttribute(
                                        VendorAttribute.MICROSOFT,
                                        VendorAttribute.MS_PRIMARY_DNS_SERVER,
                                        Octets.of(server.getAddress()))
                                .wrapped())
                : raw(Attribute.address(Attribute.DNS_SERVER_IPV6_ADDRESS, server));
    }

    private static Octets id(int session) {
        return Octets.ofHex("00".repeat(15) + "0" + session);
    }

    private static Ask.LeaseAddresses ask(int session, Octets... grant) {
        return new Ask.LeaseAddresses(
                "clients",
                id(session),
                Identity.fqdn("c" + session),
                List.of(),
                true,
                true,
                List.of(grant));
    }

    private Answer.AddressesLeased lease(int session, Octets... grant) {
        Answer answer = leases.lease(ask(session, grant), 0);
        assertThat(answer).isInstanceOf(Answer.AddressesLeased.class);
        return (Answer.AddressesLeased) answer;
    }

    private static AssignedNetwork told(Answer.AddressesLeased answer) {
        return AssignedNetwork.of(answer.attributes());
    }

    @Test
    void theFramedAddressesAreTheClients() {
        assertThat(lease(1, framed(INSIDE), framed(INSIDE6)).addresses())
                .containsExactly(INSIDE, INSIDE6);
        assertThat(lease(2, framed(OUTSIDE)).addresses())
                .as("of no pool, and the other family of ours")
                .hasSize(2)
                .contains(OUTSIDE);
    }

    /// Another address would contradict the server.
    @Test
    void aFramedAddressThatAnotherSessionHasIsNotReplacedByAnother() {
        for (InetAddress address : List.of(INSIDE, OUTSIDE)) {
            int session = address.equals(INSIDE) ? 1 : 3;
            lease(session, framed(address));
            leases.hold(session, id(session), Identity.fqdn("c"), List.of(address), 0);

            assertThat(lease(session + 1, framed(address)).addresses())
                    .singleElement()
                    .matches(each -> each.getAddress().length == 16);
        }
    }

    @Test
    void nameServersAreTheServersElseTheGroupsElseThePools() {
        assertThat(told(lease(1, granted(GRANTED_DNS), STAFF)).dnsServers())
                .containsExactly(GRANTED_DNS);
        assertThat(told(lease(2, STAFF)).dnsServers()).containsExactly(GROUPS_DNS);
        assertThat(told(lease(3)).dnsServers()).containsExactly(POOLS_DNS);
        assertThat(told(lease(4, granted(GRANTED_DNS), granted(GRANTED_DNS6))).dnsServers())
                .containsExactly(GRANTED_DNS, GRANTED_DNS6);
    }

    @Test
    void aMemberOfAGroupGetsAnAddressOfItsPools() {
        assertThat(lease(1, STAFF).addresses()).singleElement().matches(groups.assign()::contains);
        assertThat(told(lease(1, STAFF)).domains()).containsExactly("lab.example");
    }

    @Test
    void aDomainOfSeveralPoolsIsToldAsAllOfThemSayIt() {
        assertThat(told(lease(1)).domains()).containsExactly("corp.example", "six.example");
        assertThat(
                        lease(2).attributes().stream()
                                .filter(each ->
                                        each.type() == ConfigurationAttribute.INTERNAL_DNS_DOMAIN))
                .hasSize(3);
    }

    @Test
    void whatTwoPoolsSayAlikeIsToldOnce() {
        Pool alike =
                pool("alike", "2001:db8:8::/64", "2001:db8:8::1", "2001:db8:8::ff", "corp.example");
        AddressLeases both = new AddressLeases(Map.of("clients", List.of(pool, alike)));
        assertThat(((Answer.AddressesLeased) both.lease(ask(1), 0)).attributes())
                .filteredOn(each -> each.type() == ConfigurationAttribute.INTERNAL_DNS_DOMAIN)
                .hasSize(1);
    }

    @Test
    void aPoolOfADhcpServerIsAskedUnlessRadiusHasNamedTheAddress() {
        Pool lan =
                new Pool(
                        "lan",
                        pool.addresses(),
                        pool.assign(),
                        List.of(POOLS_DNS),
                        pool.splitDns(),
                        new DhcpServer(
                                InetAddress.ofLiteral("10.9.0.254"),
                                InetAddress.ofLiteral("10.9.0.253")));
        AddressLeases behind = new AddressLeases(Map.of("clients", List.of(lan)));

        assertThat(behind.dhcpPool(ask(1))).isEqualTo(lan);
        assertThat(behind.dhcpPool(ask(1, framed(INSIDE6)))).isEqualTo(lan);
        assertThat(behind.dhcpPool(ask(1, framed(INSIDE)))).isNull();
        List<InetAddress> ofDhcp = List.of(GROUPS_DNS);
        AssignedNetwork told = AssignedNetwork.of(behind.toldWith(ask(1), ofDhcp));
        assertThat(told.dnsServers()).containsExactly(POOLS_DNS);
        assertThat(told.domains()).containsExactly("corp.example");
        assertThat(
                        AssignedNetwork.of(behind.toldWith(ask(1, granted(GRANTED_DNS)), ofDhcp))
                                .dnsServers())
                .containsExactly(GRANTED_DNS);
    }

    @Test
    void theNameServersOfADhcpServerAreToldWhereThePoolHasNone() {
        Pool lan =
                new Pool(
                        "lan",
                        pool.addresses(),
                        pool.assign(),
                        List.of(),
                        SplitDns.NONE,
                        new DhcpServer(
                                InetAddress.ofLiteral("10.9.0.254"),
                                InetAddress.ofLiteral("10.9.0.253")));
        AddressLeases behind = new AddressLeases(Map.of("clients", List.of(lan)));
        List<InetAddress> ofDhcp = new ArrayList<>(List.of(GROUPS_DNS, GRANTED_DNS));
        assertThat(AssignedNetwork.of(behind.toldWith(ask(1), ofDhcp)).dnsServers())
                .isEqualTo(ofDhcp);
    }
}
