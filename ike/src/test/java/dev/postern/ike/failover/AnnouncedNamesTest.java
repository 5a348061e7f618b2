package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Answer;
import dev.postern.ike.Event;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.Input;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// draft-dondeti-ipsec-failover-sol-00 section 5.2: host names in ALT_GW_LIST.
final class AnnouncedNamesTest {
    private static final String BACKUP = "backup.example";

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private final GatewaySettings stranger = new GatewaySettings('d');

    private Neighbourhood net(GatewaySettings... known) {
        return new Neighbourhood(RedirectAllowance.DEFAULT, List.of(a, b, c, stranger), known);
    }

    private static GatewayList.Entry name(String fqdn) {
        return new GatewayList.Name(fqdn);
    }

    private static GatewayList.Entry address(GatewaySettings gateway) {
        return new GatewayList.Address(
                Octets.of(gateway.address().getAddress().getAddress()), 4500);
    }

    /// The first on the list is by far the likeliest for every session.
    private void connect(Neighbourhood net, GatewayList.Entry... list) {
        List<Backup> backups = new ArrayList<>();
        for (GatewayList.Entry each : list) {
            backups.add(new Backup(each, Math.pow(1e-9, backups.size()), 0));
        }
        net.tell(a, new Input.AnnounceGateways(new AlternativeGateways(backups)));
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.GatewaysAnnounced.class)).hasSize(1);
    }

    private void lose(Neighbourhood net, GatewaySettings gateway) {
        net.cutOff(gateway);
        net.suspect();
        net.pass(Duration.ofSeconds(6));
    }

    @Test
    void aBackupThatIsKnownByItsNameOnTheListAloneTakesTheSessionOver() {
        Neighbourhood net = net(a);
        net.names.says(BACKUP, 60, net.found(b.address(), 0, 1));
        connect(net, name("Backup.Example"));
        assertThat(net.names.asked).hasSize(1);

        lose(net, a);

        assertThat(net.sessionsAt(b)).isEqualTo(1);
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void itsAddressesStandInItsPlaceOnTheList() {
        Neighbourhood net = net(a);
        net.names.says(BACKUP, 60, net.found(b.address(), 0, 1));
        connect(net, address(c), name(BACKUP));
        lose(net, a);
        assertThat(net.sessionsAt(c)).isEqualTo(1);
        assertThat(net.sessionsAt(b)).isZero();

        lose(net, c);
        assertThat(net.sessionsAt(b)).isEqualTo(1);
    }

    @Test
    void aNameThatAKnownGatewayShowsIsNotLookedUp() {
        Neighbourhood net = net(a, b);
        connect(net, name("gw-b.example"));
        assertThat(net.names.asked).isEmpty();
        lose(net, a);
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void aStrangerBehindTheNameGetsNothing() {
        Neighbourhood net = net(a);
        net.names.says(BACKUP, 60, net.found(stranger.address(), 0, 1));
        connect(net, name(BACKUP));
        lose(net, a);
        net.reconnect(a);
        net.pass(Duration.ofMinutes(2));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class))
                .allMatch(done -> done.to().equals(a.name()));
    }

    @Test
    void namesAndAddressesAreBoundedAndUselessOnesPassedOver() {
        Neighbourhood net = net(a);
        List<FoundGateway> many = new ArrayList<>();
        many.add(net.found(Net.port4500(Net.ip(127, 0, 0, 1)), 0, 1));
        many.add(new FoundGateway("host.example", host(9), null, 0, 1));
        for (int i = 0; i < 1_000; i++) {
            many.add(net.found(Net.port4500(Net.ip(198, 18, i / 256, i % 256)), 0, 1));
        }
        List<GatewayList.Entry> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            names.add(name("backup-" + i + ".example"));
            net.names.says("backup-" + i + ".example", 60, many.toArray(FoundGateway[]::new));
        }
        connect(net, names.toArray(GatewayList.Entry[]::new));
        assertThat(net.names.asked).hasSize(GatewayOrder.MAXIMUM_NAMES);
        Event.GatewaysLookedUp told = net.all(Event.GatewaysLookedUp.class).getFirst();
        assertThat(told.found()).hasSize(AnnouncedNames.MOST_ADDRESSES);
        assertThat(told.passedOver()).hasSize(AnnouncedNames.MOST_ADDRESSES);
        assertThat(net.overview().candidates())
                .hasSizeLessThanOrEqualTo(1 + GatewayOrder.MAXIMUM_LEARNT);
    }

    @Test
    void aNameThatIsNotAnsweredIsAskedForSeldomAndHoldsNobodyUp() {
        Neighbourhood net = net(a, c);
        connect(net, name(BACKUP));
        net.pass(Duration.ofMinutes(1));
        assertThat(net.names.asked).hasSizeBetween(2, 6);
        lose(net, a);
        assertThat(net.current()).isEqualTo(c.name());
    }

    /// What `ctl gateways` prints.
    @Test
    void theOverviewTellsTheNamesOfTheListAndHowEachStands() {
        Neighbourhood net = net(a);
        net.names.says(BACKUP, 60, net.found(b.address(), 0, 1));
        connect(net, name(BACKUP), name("nowhere.example"));
        net.pass(Duration.ofSeconds(6));
        assertThat(net.overview().names())
                .extracting(GatewayOverview.Name::name)
                .containsExactly(BACKUP, "nowhere.example");
        assertThat(net.overview().names())
                .allMatch(each -> each.source() == GatewaySource.ANNOUNCED);
        assertThat(net.overview().names().getFirst().state()).isEqualTo("answered");
        assertThat(net.overview().names().getLast().state()).contains("in time");
        assertThat(net.overview().names().getLast().againNanos()).isPositive();
        assertThat(net.overview().candidates())
                .filteredOn(each -> each.source() == GatewaySource.ANNOUNCED)
                .singleElement()
                .satisfies(each -> assertThat(each.address()).isEqualTo(b.address()));
    }

    @Test
    void lateAndDoubledAnswersChangeNothing() {
        Neighbourhood net = net(a);
        connect(net, name(BACKUP));
        long askId = net.names.asked.getFirst().askId();
        net.pass(Duration.ofSeconds(6));
        net.answer(askId, new Answer.GatewaysFound(List.of(net.found(b.address(), 0, 1)), 60));
        net.answer(Long.MIN_VALUE, new Answer.GatewaysNotFound("nobody has asked"));
        assertThat(net.overview().candidates()).hasSize(1);
    }

    @Test
    void whenEveryGatewayHasFailedTheNameIsAskedForAgain() {
        Neighbourhood net = net(a);
        net.names.says(BACKUP, 86_400, net.found(host(77), 0, 1));
        connect(net, name(BACKUP));
        net.pass(Duration.ofMinutes(10));
        assertThat(net.names.asked).hasSize(1);
        net.names.says(BACKUP, 86_400, net.found(b.address(), 0, 1));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofMinutes(2));
        assertThat(net.sessionsAt(b)).isEqualTo(1);
    }

    private static InetSocketAddress host(int number) {
        return Net.port4500(Net.ip(192, 0, 2, number));
    }
}
