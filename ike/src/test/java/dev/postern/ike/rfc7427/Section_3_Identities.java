package dev.postern.ike.rfc7427;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.DistinguishedName;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/// Who a certificate lets in by which name (RFC 4945 section 3.1), and what its subject is for.
class Section_3_Identities {
    private static final Instant ENDS = Instant.ofEpochSecond(World.EPOCH + 86_400);
    private static final TrafficSelector STAFF_NET = Net.subnet(10, 1, 7, 0, 24);
    private static final TrafficSelector OFFICE = Net.subnet(10, 1, 0, 0, 16);

    private final World world = new World(4945);
    private final Authority authority = Authority.root("Lab CA");
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private Node connect(String... patterns) {
        gatewaySettings.certificates =
                new CertificatePolicy(
                        authority.issue(gatewaySettings.identity(), "P-256"),
                        authority.anchors(),
                        List.of(patterns).stream().map(IdentityPattern::new).toList(),
                        Revocation.OFF);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return gateway;
    }

    private void clientIs(Identity identity, String subject) {
        clientSettings.identity = identity;
        clientSettings.certificates =
                new CertificatePolicy(
                        authority.issue(identity, "P-256", ENDS, subject),
                        authority.anchors(),
                        List.of(),
                        Revocation.OFF);
    }

    private static Identity name(String text) {
        return DistinguishedName.of(text).identity();
    }

    @Test
    void aDistinguishedNameIsTheSubjectOfItsCertificate() {
        clientIs(name("CN=alice, OU=Staff, O=Example"), "");

        Node gateway = connect("CN=*, OU=staff, O=EXAMPLE");

        assertThat(gateway.lastEstablished().peer())
                .isEqualTo(name("CN=Alice, OU=Staff, O=Example"));
    }

    @Test
    void oneThatNoPatternDescribesIsRefused() {
        clientIs(name("CN=alice, OU=Guests, O=Example"), "");

        Node gateway = connect("CN=*, OU=Staff, O=Example", "*@example.org");

        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
    }

    @Test
    void mailboxesOfADomainComeInByTheirPattern() {
        clientIs(Identity.email("alice@example.org"), "CN=leaf");

        assertThat(connect("*@example.org").lastEstablished().peer())
                .isEqualTo(Identity.email("alice@example.org"));
    }

    /// RFC 4945 section 3.1: nobody is to send it; how it would be compared is said nowhere.
    @Test
    void aGeneralNameIsNobody() {
        Octets host = Octets.ofHex("820b" + "6330372e6578616d706c65");
        clientIs(Identity.fqdn("c07.example"), "CN=leaf");
        clientSettings.identity = new Identity(Identity.DER_ASN1_GN, host);

        Node gateway = connect();

        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_CERTIFICATE)).isEqualTo(1);
    }

    private void staffReachTheirNetwork() {
        gatewaySettings.groups =
                List.of(
                        new PeerGroup(
                                "staff",
                                List.of(),
                                List.of(PeerGroup.markOfUnit("Staff")),
                                List.of(STAFF_NET)));
    }

    @Test
    void theUnitInTheSubjectPutsItsOwnerIntoAGroupWhateverIdentityItUses() {
        clientIs(Identity.email("alice@example.org"), "CN=alice,OU=staff,O=Example");
        staffReachTheirNetwork();

        Node gateway = connect();

        assertThat(gateway.installed().getFirst().local()).containsExactly(STAFF_NET);
    }

    @Test
    void whoIsOfAnotherUnitIsNotInIt() {
        clientIs(Identity.email("alice@example.org"), "CN=Staff,OU=Guests,O=Staff");
        staffReachTheirNetwork();

        assertThat(connect().installed().getFirst().local()).containsExactly(OFFICE);
    }

    /// The session keeps the unit, so the gateway that resumes needs no certificate to know it.
    @Test
    void aResumeElsewhereFindsTheGroupAgain() {
        clientIs(Identity.email("alice@example.org"), "CN=alice,OU=Staff,O=Example");
        Node gateway = connect();
        Node client =
                world.nodes().stream().filter(each -> each != gateway).findFirst().orElseThrow();
        GatewaySettings second = new GatewaySettings('b');
        second.certificates = gatewaySettings.certificates;
        second.groups =
                List.of(
                        new PeerGroup(
                                "staff",
                                List.of(),
                                List.of(PeerGroup.markOfUnit("staff")),
                                List.of(STAFF_NET)));
        Node other = world.add(second);

        client.resume(2, clientSettings.profile(), other, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(client.installed().getLast().remote()).containsExactly(STAFF_NET);
    }
}
