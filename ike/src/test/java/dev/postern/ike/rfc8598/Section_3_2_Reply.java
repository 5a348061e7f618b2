package dev.postern.ike.rfc8598;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.util.List;

/// RFC 8598 section 3.2 and RFC 7296 section 3.15.1: who asks is told of the network behind the
/// gateway, at a full exchange and at a resume; and a group of peers reaches what is said of it.
class Section_3_2_Reply {
    private static final ConfigurationAttribute DOMAIN =
            new ConfigurationAttribute(
                    ConfigurationAttribute.INTERNAL_DNS_DOMAIN, Octets.ofAscii("corp.example"));
    private static final TrafficSelector OFFICE = Net.subnet(10, 1, 0, 0, 16);
    private static final TrafficSelector GUESTS = Net.subnet(10, 1, 7, 0, 24);

    private final World world = new World(8598);
    private final GatewaySettings aSettings = new GatewaySettings('a');
    private final GatewaySettings bSettings = new GatewaySettings('b');
    private final ClientSettings cSettings = new ClientSettings();

    private static List<ConfigurationAttribute> attributes(List<Payload> answer) {
        return InitiatorByHand.find(answer, Payload.Configuration.class).attributes();
    }

    private static Event.NetworkAssigned told(Node client) {
        return client.events(Event.NetworkAssigned.class).getLast();
    }

    /// Interop: split DNS (RFC 8598) | Postern | Postern initiates
    @Test
    void aClientThatAsksIsToldDomainsAndSubnets() {
        aSettings.pool().further = List.of(DOMAIN);
        Node a = world.add(aSettings);
        Node client = world.add(cSettings);
        client.initiate(1, cSettings.profile(), a);
        world.settle();
        assertThat(told(client).network().domains()).containsExactly("corp.example");
        assertThat(told(client).network().subnets())
                .extracting(String::valueOf)
                .containsExactly("10.1.0.0/16");
    }

    /// "If an initiator does not include it, the responder does not send it."
    @Test
    void aClientThatDoesNotAskIsNot() {
        aSettings.pool().further = List.of(DOMAIN);
        Node a = world.add(aSettings);
        InitiatorByHand peer = new InitiatorByHand(world, a, 1);
        peer.begin(peer.initPayloads());
        List<Payload> asks =
                peer.authPayloads().stream()
                        .map(payload ->
                                payload instanceof Payload.Configuration
                                        ? new Payload.Configuration(
                                                Payload.Configuration.REQUEST,
                                                List.of(
                                                        new ConfigurationAttribute(
                                                                ConfigurationAttribute
                                                                        .INTERNAL_IP4_ADDRESS,
                                                                Octets.EMPTY)))
                                        : payload)
                        .toList();
        assertThat(attributes(peer.request(ExchangeType.IKE_AUTH, 1, asks)))
                .extracting(ConfigurationAttribute::type)
                .containsExactly(ConfigurationAttribute.INTERNAL_IP4_ADDRESS);
    }

    @Test
    void theGatewayThatResumesTellsWhatIsBehindIt() {
        aSettings.pool().further = List.of(DOMAIN);
        bSettings.localSelectors = List.of(GUESTS);
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(cSettings);
        client.initiate(1, cSettings.profile(), a);
        world.settle();
        client.resume(2, cSettings.profile(), b, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(told(client).network().subnets())
                .extracting(String::valueOf)
                .containsExactly("10.1.7.0/24");
        assertThat(told(client).network().domains()).isEmpty();
    }

    private static PeerGroup guests() {
        return new PeerGroup(
                "guests", List.of(new IdentityPattern("*.example")), List.of(), List.of(GUESTS));
    }

    @Test
    void aMemberOfAGroupReachesWhatItsGroupMay() {
        aSettings.groups = List.of(guests());
        Node a = world.add(aSettings);
        Node client = world.add(cSettings);
        client.initiate(1, cSettings.profile(), a);
        world.settle();
        assertThat(client.installed().getFirst().remote()).containsExactly(GUESTS);
    }

    /// The group's policy of the gateway that resumes holds: narrowed where it has changed.
    @Test
    void aResumedSessionIsNarrowedToItsGroup() {
        bSettings.groups = List.of(guests());
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(cSettings);
        client.initiate(1, cSettings.profile(), a);
        world.settle();
        assertThat(client.installed().getFirst().remote()).containsExactly(OFFICE);
        client.resume(2, cSettings.profile(), b, client.lastTicket());
        world.settle();
        assertThat(client.installed().getLast().remote()).containsExactly(GUESTS);
    }

    @Test
    void aMarkOfTheRadiusServerPutsASessionIntoItsGroup() {
        Octets filterId = Octets.ofHex("0b077374616666");
        PeerGroup staff = new PeerGroup("staff", List.of(), List.of(filterId), List.of(GUESTS));
        aSettings.groups = List.of(staff);
        assertThat(
                        aSettings
                                .profile()
                                .forPeer(cSettings.identity, List.of(filterId))
                                .localSelectors())
                .containsExactly(GUESTS);
        assertThat(
                        aSettings
                                .profile()
                                .forPeer(cSettings.identity, List.of(Octets.ofHex("0b046162")))
                                .localSelectors())
                .containsExactly(OFFICE);
    }
}
