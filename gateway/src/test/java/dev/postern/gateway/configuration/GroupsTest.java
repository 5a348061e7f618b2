package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.PeerGroup;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// `[group.NAME]` and split DNS.
class GroupsTest {
    private static final String GUESTS =
            Workspace.GATEWAY
                    + """
                    [pool.guests]
                    addresses = "10.8.0.0/24"
                    dns = ["10.1.7.53"]
                    dns-domains = ["Guests.example"]
                    dnssec-trust-anchors = ["guests.example 43547 8 1 B6225AB2CC613E0DCA7962BDC2342EA4F1B56083"]
                    [group.guests]
                    members = ["*@guests.example"]
                    filter-id = ["guests"]
                    class = ["visitors"]
                    local-subnets = ["10.1.7.0/24"]
                    pool = "guests"
                    """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    @Test
    void aGroupIsFoundByIdentityAndByWhatTheRadiusServerSent() throws ConfigurationException {
        PeerGroup group = workspace.gateway(GUESTS).groups().getFirst().peerGroup();
        Identity alice = Identity.email("alice@example");
        assertThat(group.has(Identity.email("bob@guests.example"), List.of())).isTrue();
        assertThat(group.has(alice, List.of())).isFalse();
        assertThat(group.has(alice, List.of(Octets.ofHex("0b08677565737473")))).isTrue();
        assertThat(group.has(alice, List.of(Octets.ofHex("190a76697369746f7273")))).isTrue();
        assertThat(group.has(alice, List.of(Octets.ofHex("0b0a76697369746f7273")))).isFalse();
    }

    private static final String STAFF =
            """
            [group.staff]
            members = ["CN=*, OU=Staff, O=Example", "*, O=Partners"]
            certificate-ou = ["Staff"]
            dns = ["10.1.7.54"]
            reauth-time = "8h"
            idle = "never"
            """;

    @Test
    void aGroupIsFoundByDistinguishedNamesAndByTheUnitOfACertificate()
            throws ConfigurationException {
        Group read = workspace.gateway(Workspace.GATEWAY + STAFF).groups().getFirst();
        PeerGroup group = read.peerGroup();
        assertThat(group.has(IdentityText.parse("CN=alice, OU=staff, O=example"), List.of()))
                .isTrue();
        assertThat(group.has(IdentityText.parse("CN=b, OU=x, O=Partners"), List.of())).isTrue();
        assertThat(group.has(IdentityText.parse("CN=alice, O=Example"), List.of())).isFalse();
        assertThat(group.has(Identity.email("a@b"), List.of(PeerGroup.markOfUnit("staff"))))
                .isTrue();
        assertThat(read.dns()).extracting(InetAddress::getHostAddress).containsExactly("10.1.7.54");
        assertThat(group.terms()).isEqualTo(new PeerGroup.Terms(null, 28_800L, 0L));
    }

    @Test
    void transportModeHasNoPoolAndNoSubnets() {
        assertThat(workspace.problemsOfGateway(GUESTS + "mode = \"transport\"\n"))
                .anyMatch(problem -> problem.contains("group.guests.pool"))
                .anyMatch(problem -> problem.contains("group.guests.local-subnets"));
        assertThat(workspace.problemsOfGateway(Workspace.GATEWAY + STAFF + "mode = \"tunnel\"\n"))
                .anyMatch(problem -> problem.contains("group.staff.pool: missing"))
                .anyMatch(problem -> problem.contains("group.staff.local-subnets: missing"));
    }

    @Test
    void aPatternThatIsNoneIsNamed() {
        for (String wrong : List.of("CN=a*b*c", "*OU=x", "CN=, O=x", "CN=a+OU=b", "CN=a, XY=b")) {
            assertThat(
                            workspace.problemsOfGateway(
                                    Workspace.GATEWAY
                                            + "[group.g]\nmembers = [\""
                                            + wrong
                                            + "\"]\n"))
                    .as(wrong)
                    .anyMatch(problem -> problem.contains("group.g.members[0]"));
        }
    }

    @Test
    void itsPoolTellsDomainsAndTheirTrustAnchors() throws ConfigurationException {
        Pool pool = workspace.gateway(GUESTS).pool("guests");
        assertThat(pool.splitDns().attributes())
                .containsExactly(
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_DNS_DOMAIN,
                                Octets.ofAscii("guests.example")),
                        new ConfigurationAttribute(
                                ConfigurationAttribute.INTERNAL_DNSSEC_TA,
                                Octets.ofHex("aa1b0801b6225ab2cc613e0dca7962bdc2342ea4f1b56083")));
    }

    @Test
    void mistakesAreNamed() {
        String wrong =
                Workspace.GATEWAY
                        + """
                        [pool.guests]
                        addresses = "10.8.0.0/24"
                        dns-domains = ["guests..example"]
                        dnssec-trust-anchors = ["guests.example 43547 8"]
                        [group.nobody]
                        pool = "nowhere"
                        """;
        assertThat(workspace.problemsOfGateway(wrong))
                .hasSize(4)
                .anyMatch(problem -> problem.contains("group.nobody.members: missing, and so are"))
                .anyMatch(problem -> problem.contains("there is no [pool.nowhere]"))
                .anyMatch(problem -> problem.contains("dns-domains[0] = \"guests..example\""))
                .anyMatch(problem -> problem.contains("is not a domain with the four fields"));
    }

    @Test
    void domainsNeedTheServersThatAnswerThem() {
        assertThat(
                        workspace.problemsOfGateway(
                                Workspace.GATEWAY.replace(
                                        "[profile.staff]",
                                        "dns-domains = [\"a.example\"]\n[profile.staff]")))
                .singleElement()
                .asString()
                .contains("stands without dns");
    }
}
