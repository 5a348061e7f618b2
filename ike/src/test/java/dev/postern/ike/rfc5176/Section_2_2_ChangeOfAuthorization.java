package dev.postern.ike.rfc5176;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.ChildMode;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.PeerGroup.Terms;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.pki.IdentityPattern;
import dev.postern.ticket.GrantMark;
import dev.postern.ticket.Revocation;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// "All requested authorization changes MUST be made": what a CoA-Request says holds for the live
/// session, and for every ticket of it, wherever it is shown.
class Section_2_2_ChangeOfAuthorization {
    private static final TrafficSelector OFFICE = Net.subnet(10, 1, 0, 0, 16);
    private static final TrafficSelector GUESTS = Net.subnet(10, 1, 9, 0, 24);
    private static final TrafficSelector PRINTERS = Net.subnet(10, 1, 7, 0, 24);
    private static final Octets GUEST_FILTER = filterId("guests");
    private static final Octets STAFF_FILTER = filterId("staff");
    private static final Octets NOBODYS_FILTER = filterId("nobody");

    private final World world = new World(5176);
    private final GatewaySettings aSettings = settings('a');
    private final GatewaySettings bSettings = settings('b');
    private final ClientSettings cSettings = new ClientSettings();
    private final Node client = world.add(cSettings);

    private static Octets filterId(String name) {
        return Octets.ofHex("0b%02x%s".formatted(2 + name.length(), Octets.ofAscii(name).hex()));
    }

    private static GatewaySettings settings(char letter) {
        GatewaySettings settings = new GatewaySettings(letter);
        settings.groups =
                List.of(
                        group("staff", STAFF_FILTER, Terms.OF_THE_PROFILE, OFFICE),
                        group("guests", GUEST_FILTER, Terms.OF_THE_PROFILE, GUESTS));
        return settings;
    }

    private static PeerGroup group(
            String name, Octets filter, Terms terms, TrafficSelector... reach) {
        return new PeerGroup(name, List.of(), List.of(filter), List.of(reach), terms);
    }

    private Node connect() {
        Node gateway = world.add(aSettings);
        client.initiate(1, cSettings.profile(), gateway);
        world.settle();
        return gateway;
    }

    private static Input.Reauthorize order(Node gateway, long instant, Octets... filters) {
        return new Input.Reauthorize(
                gateway.lastEstablished().sessionId(),
                0,
                GrantMark.placed(List.of(filters), instant));
    }

    private void change(Node gateway, Octets... filters) {
        gateway.give(order(gateway, world.now().epochSeconds(), filters));
    }

    private static List<TrafficSelector> reach(Node node) {
        List<TrafficSelector> reach = new ArrayList<>();
        for (ChildSaInstallation each : node.installed()) {
            reach.addAll(node.toString().startsWith("gw") ? each.local() : each.remote());
        }
        return reach;
    }

    /// Long enough for packets that linger after a rekeying.
    private void pass() {
        world.advance(Duration.ofSeconds(6));
    }

    @Test
    void theTunnelShrinksToWhatTheNewGroupMayReachAndGrowsAgain() {
        Node gateway = connect();
        assertThat(reach(client)).containsExactly(OFFICE);

        change(gateway, GUEST_FILTER);
        pass();
        assertThat(reach(client)).containsExactly(GUESTS);
        assertThat(reach(gateway)).containsExactly(GUESTS);
        assertTunnel(client, gateway);

        change(gateway, STAFF_FILTER);
        pass();
        assertThat(reach(client)).containsExactly(OFFICE);
        assertTunnel(client, gateway);
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void ofSeveralChildSasEachKeepsWhatItMayAndTheOthersAreDeleted() {
        Node gateway = connect();
        client.give(
                new Input.CreateChildSa(
                        1, client.installed().getFirst().local(), List.of(PRINTERS)));
        world.settle();
        assertThat(reach(client)).containsExactly(OFFICE, PRINTERS);

        change(gateway, GUEST_FILTER);
        assertThat(reach(gateway)).as("at once").doesNotContain(PRINTERS);
        pass();
        assertThat(reach(client)).containsExactly(GUESTS);
        assertThat(reach(gateway)).containsExactly(GUESTS);
        assertTunnel(client, gateway);
    }

    /// A peer that refuses the rekeying does not keep what it may not have.
    @Test
    void aPeerThatDoesNotTakeTheNarrowerTunnelSoonLosesTheWiderOne() {
        aSettings.life = LifePolicy.UNLIMITED.withChildKeyExchange(ChildKeyExchange.REQUIRED);
        cSettings.life = LifePolicy.UNLIMITED.withChildKeyExchange(ChildKeyExchange.NEVER);
        Node gateway = connect();
        change(gateway, GUEST_FILTER);
        world.advance(Duration.ofSeconds(19));
        assertThat(reach(gateway)).containsExactly(OFFICE);
        world.advance(Duration.ofSeconds(2));
        assertThat(gateway.installed()).isEmpty();
        assertThat(client.installed()).as("it is told").isEmpty();
    }

    @Test
    void aPeerThatIsSilentLosesTheTunnelAtOnceOrWithTheIkeSa() {
        Node gateway = connect();
        world.setFate(d -> d.from().equals(client.address()) ? Fate.lost() : Fate.delivered());
        change(gateway, GUEST_FILTER);
        world.advance(Duration.ofSeconds(21));
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void whatWasAgreedOnBeforeTheOrderAndIsInstalledAfterItIsNarrowedToo() {
        Node gateway = connect();
        gateway.give(new Input.RekeyChildSa(gateway.installed().getFirst().inboundSpi()));
        change(gateway, GUEST_FILTER);
        pass();
        assertThat(reach(gateway)).containsExactly(GUESTS);
        assertTunnel(client, gateway);
    }

    @Test
    void theChangeOutlivesTheRekeyingOfTheIkeSaAndOfTheChildSa() {
        Node gateway = connect();
        client.give(new Input.RekeyIkeSa(1));
        change(gateway, GUEST_FILTER);
        world.advance(Duration.ofSeconds(20));
        client.give(new Input.RekeyIkeSa(1));
        pass();
        client.give(new Input.RekeyChildSa(client.installed().getLast().inboundSpi()));
        pass();
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(2);
        assertThat(reach(gateway)).containsExactly(GUESTS);
        client.give(
                new Input.CreateChildSa(
                        1, client.installed().getFirst().local(), List.of(PRINTERS)));
        pass();
        assertThat(client.installed()).hasSize(1);
    }

    private static void revoke(Node gateway, Revocation revocation) {
        gateway.give(new Input.Revoke(revocation));
    }

    @Test
    void aTicketOfBeforeIsRefusedElsewhereAndTheFreshOneIsGoodUnderTheNewPolicy() {
        Node gateway = connect();
        Node other = world.add(bSettings);
        ResumableSession before = client.lastTicket();
        long instant = world.now().epochSeconds();
        change(gateway, GUEST_FILTER);
        Revocation grant = new Revocation.OfGrant(gateway.lastEstablished().sessionId(), instant);
        revoke(gateway, grant);
        revoke(other, grant);
        pass();
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        ResumableSession fresh = client.lastTicket();
        assertThat(fresh).isNotEqualTo(before);

        client.resume(2, cSettings.profile(), other, before);
        pass();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(other.count(Counter.REFUSED_TICKET_REVOKED)).isEqualTo(1);

        client.resume(3, cSettings.profile(), other, fresh);
        pass();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(reach(other)).containsExactly(GUESTS);
    }

    /// The ticket after the one that came with the order says the same.
    @Test
    void aSecondOrderMakesTheTicketOfTheFirstUseless() {
        Node gateway = connect();
        change(gateway, GUEST_FILTER);
        pass();
        long instant = world.now().epochSeconds();
        client.give(new Input.AskForTicket(1));
        pass();
        ResumableSession first = client.lastTicket();
        revoke(gateway, new Revocation.OfGrant(gateway.lastEstablished().sessionId(), instant));
        client.resume(2, cSettings.profile(), gateway, first);
        pass();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    @Test
    void aSessionThatWasResumedElsewhereFromATicketOfBeforeIsDeletedThere() {
        Node gateway = connect();
        Node other = world.add(bSettings);
        client.resume(2, cSettings.profile(), other, client.lastTicket());
        pass();
        assertThat(reach(other)).containsExactly(OFFICE);
        revoke(
                other,
                new Revocation.OfGrant(
                        gateway.lastEstablished().sessionId(), world.now().epochSeconds()));
        pass();
        assertThat(other.installed()).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
    }

    @Test
    void aFilterThatNoGroupHasCannotBeAppliedAndChangesNothing() {
        Node gateway = connect();
        long now = world.now().epochSeconds();
        assertThat(gateway.endpoint().admits(order(gateway, now, NOBODYS_FILTER))).isFalse();
        assertThat(gateway.endpoint().admits(order(gateway, now, GUEST_FILTER))).isTrue();
        pass();
        assertThat(reach(client)).containsExactly(OFFICE);
    }

    /// The first group that has a peer decides: here its identity, whatever the server says.
    @Test
    void aFilterThatDoesNotDecideForThisPeerCannotBeAppliedEither() {
        aSettings.groups =
                List.of(
                        new PeerGroup(
                                "named",
                                List.of(new IdentityPattern("*.example")),
                                List.of(),
                                List.of(PRINTERS)),
                        group("guests", GUEST_FILTER, Terms.OF_THE_PROFILE, GUESTS));
        Node gateway = connect();
        assertThat(gateway.endpoint().admits(order(gateway, 1, GUEST_FILTER))).isFalse();
    }

    @Test
    void aGroupOfTheOtherModeCannotTakeALiveSession() {
        Terms transport = new Terms(ChildMode.TRANSPORT, null, null);
        aSettings.groups = List.of(group("guests", GUEST_FILTER, transport, OFFICE));
        Node gateway = connect();
        assertThat(gateway.endpoint().admits(order(gateway, 1, GUEST_FILTER))).isFalse();
    }

    @Test
    void aGroupThatLimitsTheSessionMoreMovesItsEndForwardAndNoneMovesItBack() {
        Terms hour = new Terms(null, 3_600L, null);
        aSettings.groups =
                List.of(
                        group("staff", STAFF_FILTER, Terms.OF_THE_PROFILE, OFFICE),
                        group("guests", GUEST_FILTER, hour, GUESTS));
        Node gateway = connect();
        world.advance(Duration.ofSeconds(1_000));
        change(gateway, GUEST_FILTER);
        pass();
        change(gateway, STAFF_FILTER);
        world.advance(Duration.ofSeconds(2_550));
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofSeconds(60));
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
    }

    @Test
    void theGroupsLivenessHoldsFromNowOn() {
        Terms watched = new Terms(null, null, Duration.ofSeconds(20).toNanos());
        aSettings.groups = List.of(group("guests", GUEST_FILTER, watched, GUESTS));
        Node gateway = connect();
        change(gateway, GUEST_FILTER);
        pass();
        int before = world.carried().size();
        world.advance(Duration.ofSeconds(30));
        assertThat(world.carried().subList(before, world.carried().size()))
                .anyMatch(d ->
                        d.from().equals(gateway.address())
                                && d.header().exchange() == ExchangeType.INFORMATIONAL
                                && !d.header().response());
    }
}
