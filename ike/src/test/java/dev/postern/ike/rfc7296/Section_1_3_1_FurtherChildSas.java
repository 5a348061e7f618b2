package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertMirrored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Childless;
import dev.postern.ike.Event;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Lifetime;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// A client that is configured to have several Child SAs gets each of them by CREATE_CHILD_SA, and
/// keeps them: through rekeyings, resumes, new authentications and losses.
class Section_1_3_1_FurtherChildSas {
    private static final TrafficSelector OFFICE = Net.subnet(10, 1, 0, 0, 16);
    private static final TrafficSelector LABORATORY = Net.subnet(10, 2, 0, 0, 16);
    private static final TrafficSelector PRINTERS = Net.subnet(10, 3, 0, 0, 24);

    private final World world = new World(131);
    private final GatewaySettings first = new GatewaySettings('a');
    private final GatewaySettings second = new GatewaySettings('b');
    private final ClientSettings clientSettings = new ClientSettings();

    private static FurtherChildSa child(String name, TrafficSelector remote, Lifetime lifetime) {
        return new FurtherChildSa(name, List.of(), List.of(remote), lifetime);
    }

    @BeforeEach
    void configure() {
        first.localSelectors = List.of(OFFICE, LABORATORY, PRINTERS);
        second.localSelectors = first.localSelectors;
        clientSettings.remoteSelectors = List.of(OFFICE);
        clientSettings.furtherChildSas =
                List.of(
                        child("laboratory", LABORATORY, Lifetime.ofSeconds(600)),
                        child("printers", PRINTERS, Lifetime.UNLIMITED));
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(1));
        return client;
    }

    private void resume(Node client, Node gateway) {
        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        client.give(new Input.Close(1, true));
        world.advance(Duration.ofSeconds(2));
    }

    private static ChildSaInstallation towards(TrafficSelector remote, Node client) {
        return client.installed().stream()
                .filter(one -> one.remote().equals(List.of(remote)))
                .findFirst()
                .orElseThrow();
    }

    /// All three stand at both, with the same keys, and seal.
    private static void assertAllThree(Node client, Node gateway) {
        assertThat(client.installed())
                .extracting(ChildSaInstallation::remote)
                .containsExactlyInAnyOrder(List.of(OFFICE), List.of(LABORATORY), List.of(PRINTERS));
        assertThat(gateway.installed()).hasSize(3);
        for (ChildSaInstallation ours : client.installed()) {
            ChildSaInstallation theirs =
                    gateway.installed().stream()
                            .filter(one -> one.inboundSpi() == ours.outboundSpi())
                            .findFirst()
                            .orElseThrow();
            assertMirrored(ours, theirs);
            assertThat(client.isActive(ours)).isTrue();
            assertThat(gateway.isActive(theirs)).isTrue();
        }
    }

    @Test
    void allFollowTheFirstByExchangesOfTheirOwn() {
        Node gateway = world.add(first);

        Node client = connect(gateway);

        assertAllThree(client, gateway);
        assertThat(client.installed().getFirst().remote()).containsExactly(OFFICE);
        assertThat(towards(PRINTERS, client).local())
                .as("from the inner address")
                .isEqualTo(client.installed().getFirst().local());
        assertThat(world.carried())
                .filteredOn(one -> one.header().exchange() == ExchangeType.CREATE_CHILD_SA)
                .hasSize(4);
    }

    @Test
    void eachIsRekeyedByItsOwnSchedule() {
        Node gateway = world.add(first);
        Node client = connect(gateway);
        int office = towards(OFFICE, client).inboundSpi();
        int laboratory = towards(LABORATORY, client).inboundSpi();
        int printers = towards(PRINTERS, client).inboundSpi();

        world.advance(Duration.ofSeconds(610));

        assertAllThree(client, gateway);
        assertThat(towards(LABORATORY, client).inboundSpi()).isNotEqualTo(laboratory);
        assertThat(towards(OFFICE, client).inboundSpi()).isEqualTo(office);
        assertThat(towards(PRINTERS, client).inboundSpi()).isEqualTo(printers);
        int again = towards(LABORATORY, client).inboundSpi();
        world.advance(Duration.ofSeconds(610));
        assertThat(towards(LABORATORY, client).inboundSpi()).isNotEqualTo(again);
        assertAllThree(client, gateway);
    }

    @Test
    void allFollowAResumeAndNoneTwice() {
        Node gateway = world.add(first);
        Node other = world.add(second);
        Node client = connect(gateway);
        assertThat(client.lastTicket().session().childSas()).hasSize(3);
        gateway.die();

        resume(client, other);

        assertAllThree(client, other);
        world.advance(Duration.ofSeconds(610));
        assertAllThree(client, other);
    }

    @Test
    void allFollowAnRfc5723Resume() {
        clientSettings.resumption = Suites.RFC_5723;
        Node gateway = world.add(first);
        Node other = world.add(second);
        Node client = connect(gateway);
        gateway.die();

        resume(client, other);

        assertAllThree(client, other);
    }

    @Test
    void theyOutliveARekeyingOfTheIkeSa() {
        Node gateway = world.add(first);
        Node client = connect(gateway);

        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofSeconds(1));
        assertAllThree(client, gateway);

        int laboratory = towards(LABORATORY, gateway, client);
        gateway.give(new Input.CloseChildSa(laboratory));
        world.advance(Duration.ofSeconds(30));
        assertAllThree(client, gateway);
    }

    /// The gateway's inbound SPI of what reaches `remote`.
    private static int towards(TrafficSelector remote, Node gateway, Node client) {
        int spi = towards(remote, client).outboundSpi();
        assertThat(gateway.installed()).anyMatch(one -> one.inboundSpi() == spi);
        return spi;
    }

    @Test
    void oneThatTheGatewayDeletesIsSetUpAgainAndOneThatItsOwnerClosesIsNot() {
        Node gateway = world.add(first);
        Node client = connect(gateway);

        gateway.give(new Input.CloseChildSa(towards(PRINTERS, gateway, client)));
        world.advance(Duration.ofMillis(100));
        assertThat(client.installed()).hasSize(2);
        world.advance(Duration.ofSeconds(30));
        assertAllThree(client, gateway);

        client.give(new Input.CloseChildSa(towards(PRINTERS, client).inboundSpi()));
        world.advance(Duration.ofMinutes(5));
        assertThat(client.installed()).hasSize(2);
        assertThat(gateway.installed()).hasSize(2);
    }

    @Test
    void theFirstOneIsMissedEvenWhileOthersStand() {
        Node gateway = world.add(first);
        Node client = connect(gateway);

        gateway.give(new Input.CloseChildSa(towards(OFFICE, gateway, client)));
        world.advance(Duration.ofSeconds(30));

        assertAllThree(client, gateway);
        assertThat(client.lastTicket().session().childSas().getFirst().responderSelectors())
                .as("the default one")
                .containsExactly(OFFICE);
    }

    @Test
    void whatTheGatewayRefusesIsSaidAndTheOthersStand() {
        first.localSelectors = List.of(OFFICE, PRINTERS);
        Node gateway = world.add(first);

        Node client = connect(gateway);
        world.advance(Duration.ofMinutes(5));

        assertThat(client.installed()).hasSize(2);
        assertThat(client.events(Event.ChildSaRefused.class))
                .hasSize(1)
                .allMatch(event -> event.detail().contains("TS_UNACCEPTABLE"));
    }

    @Test
    void theyFollowAChildlessBeginning() {
        clientSettings.life = LifePolicy.UNLIMITED.withChildless(Childless.REQUIRE);
        first.life = LifePolicy.UNLIMITED.withChildless(Childless.ALLOW);
        Node gateway = world.add(first);

        assertAllThree(connect(gateway), gateway);
    }

    @Test
    void aWireThatLosesAThirdStillLeadsToAllOnce() {
        for (int seed = 1; seed <= 20; seed++) {
            World lossy = new World(seed);
            Node gateway = lossy.add(first);
            Node client = lossy.add(clientSettings);
            int[] count = {seed};
            lossy.setFate(_ -> count[0]++ % 3 == 0 ? Fate.lost() : Fate.delivered());

            client.initiate(1, clientSettings.profile(), gateway);
            lossy.advance(Duration.ofMinutes(2));

            assertAllThree(client, gateway);
        }
    }
}
