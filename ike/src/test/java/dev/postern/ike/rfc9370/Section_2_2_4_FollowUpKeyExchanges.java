package dev.postern.ike.rfc9370;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Rekeyings with additional key exchanges, each in an IKE_FOLLOWUP_KE exchange of its own, between
/// two of us; [Section_2_2_4_FollowUpKeysByHand] computes the keys from the text.
class Section_2_2_4_FollowUpKeyExchanges {
    private static final String HYBRID = "aes256gcm16-prfsha384-x25519-mlkem768";
    private static final String TWICE = "aes256gcm16-prfsha384-ecp384-mlkem512-x25519";
    private static final String CLASSIC = "aes256gcm16-prfsha384-x25519";
    private static final Duration LINGER = Duration.ofSeconds(8);
    private static final long MILLI = 1_000_000L;

    private World world = new World(224);
    private GatewaySettings gatewaySettings = new GatewaySettings('a');
    private ClientSettings clientSettings = new ClientSettings();

    private record Pair(Node client, Node gateway) {
        Node node(boolean byClient) {
            return byClient ? client : gateway;
        }

        void rekeyIkeSa(boolean byClient) {
            Node node = node(byClient);
            node.give(new Input.RekeyIkeSa(node.lastEstablished().handle()));
        }

        void rekeyChildSa(boolean byClient) {
            Node node = node(byClient);
            node.give(new Input.RekeyChildSa(node.installed().getLast().inboundSpi()));
        }
    }

    private Pair connect(String... names) {
        List<IkeSuite> suites = Suites.ike(names);
        gatewaySettings.ikeSuites = suites;
        clientSettings.ikeSuites = suites;
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return new Pair(client, gateway);
    }

    private long requests(ExchangeType exchange) {
        return world.carried().stream()
                .map(Datagram::header)
                .filter(h -> h.exchange() == exchange && !h.response())
                .map(h -> h.spiI() + ":" + h.fromInitiator() + h.messageId())
                .distinct()
                .count();
    }

    /// Interop: hybrid rekeying of an IKE SA by IKE_FOLLOWUP_KE (RFC 9370) | Postern | both
    /// initiate
    @ParameterizedTest
    @CsvSource({HYBRID + ", true", HYBRID + ", false", TWICE + ", true", TWICE + ", false"})
    void eitherPeerRekeysTheIkeSa(String suite, boolean byClient) {
        Pair peers = connect(suite);

        peers.rekeyIkeSa(byClient);
        world.settle();

        int additional = clientSettings.ikeSuites.getFirst().additional().size();
        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isEqualTo(additional);
        assertServes(peers);
        assertThat(peers.client().events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(peers.gateway().events(Event.IkeSaRekeyed.class)).hasSize(1);
        peers.rekeyIkeSa(byClient);
        world.settle();
        assertThat(peers.client().events(Event.IkeSaRekeyed.class))
                .as("the successor knows that the peer speaks it")
                .hasSize(2);
        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isEqualTo(2L * additional);
    }

    /// Interop: hybrid rekeying of a Child SA by IKE_FOLLOWUP_KE (RFC 9370) | Postern | both
    /// initiate
    @ParameterizedTest
    @CsvSource({HYBRID + ", true", HYBRID + ", false", TWICE + ", true", TWICE + ", false"})
    void eitherPeerRekeysAChildSa(String suite, boolean byClient) {
        Pair peers = connect(suite);

        peers.rekeyChildSa(byClient);
        world.advance(LINGER);

        int additional = clientSettings.ikeSuites.getFirst().additional().size();
        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isEqualTo(additional);
        assertTunnel(peers.client(), peers.gateway());
        assertThat(peers.client().installed()).hasSize(1);
        assertThat(peers.gateway().installed()).hasSize(1);
    }

    @Test
    void aFurtherChildSaIsMadeWithThem() {
        Pair peers = connect(HYBRID);

        peers.client()
                .give(
                        new Input.CreateChildSa(
                                1,
                                peers.client().installed().getFirst().local(),
                                peers.client().installed().getFirst().remote()));
        world.settle();

        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isEqualTo(1);
        assertThat(peers.client().installed()).hasSize(2);
        assertTunnel(peers.client(), peers.gateway());
    }

    @Test
    void nothingIsInstalledBeforeTheLastOne() {
        Pair peers = connect(HYBRID);
        world.setFate(d ->
                d.header().exchange() == ExchangeType.IKE_FOLLOWUP_KE
                        ? Fate.lost()
                        : Fate.DELIVER.of(d));

        peers.rekeyChildSa(true);
        world.advance(Duration.ofSeconds(3));

        assertThat(peers.client().installed()).hasSize(1);
        assertThat(peers.gateway().installed()).hasSize(1);
    }

    @Test
    void aChildSaWithoutKeyExchangesNeedsNone() {
        clientSettings.life = clientSettings.life.withChildKeyExchange(ChildKeyExchange.NEVER);
        Pair peers = connect(HYBRID);

        peers.rekeyChildSa(true);
        world.advance(LINGER);

        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isZero();
        assertTunnel(peers.client(), peers.gateway());
    }

    /// Section 2.2.1: a peer that has not agreed on any before need not know the transform types.
    @Test
    void aSessionWithoutThemIsRekeyedWithoutThem() {
        gatewaySettings.ikeSuites = Suites.ike(CLASSIC);
        clientSettings.ikeSuites = Suites.ike(CLASSIC, HYBRID);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        Pair peers = new Pair(client, gateway);

        peers.rekeyIkeSa(true);
        world.settle();

        assertServes(peers);
        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isZero();
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lostAndDoubledMessagesDoNoHarm(boolean ikeSa) {
        Pair peers = connect(TWICE);
        List<Datagram> seen = new ArrayList<>();
        world.setFate(datagram -> {
            seen.add(datagram);
            return seen.size() % 3 == 0 ? Fate.lost() : Fate.twice();
        });

        if (ikeSa) {
            peers.rekeyIkeSa(true);
        } else {
            peers.rekeyChildSa(true);
        }
        world.advance(Duration.ofSeconds(30));
        world.setFate(Fate.DELIVER);

        assertTunnel(peers.client(), peers.gateway());
        assertServes(peers);
        assertThat(peers.client().installed()).hasSize(1);
        assertThat(peers.gateway().endpoint().size()).isEqualTo(1);
    }

    /// Both peers rekey at once: the exchange with the lowest nonce stops, and the other goes on.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoRekeyingsTheOneWithTheLowestNonceStops(boolean ikeSa) {
        int clientWins = 0;
        for (int seed = 0; seed < 12; seed++) {
            Pair peers = anew(seed);
            for (boolean byClient : new boolean[] {true, false}) {
                if (ikeSa) {
                    peers.rekeyIkeSa(byClient);
                } else {
                    peers.rekeyChildSa(byClient);
                }
            }
            world.advance(LINGER);

            assertThat(peers.client().count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(peers.gateway().count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).as("one series").isEqualTo(1);
            assertThat(peers.client().installed()).hasSize(1);
            assertTunnel(peers.client(), peers.gateway());
            assertServes(peers);
            clientWins += isClientsSeries(peers) ? 1 : 0;
        }
        assertThat(clientWins).as("the nonces decide").isBetween(1, 11);
    }

    private boolean isClientsSeries(Pair peers) {
        return world.carried().stream()
                .filter(d ->
                        d.header().exchange() == ExchangeType.IKE_FOLLOWUP_KE
                                && !d.header().response())
                .allMatch(d -> d.from().equals(peers.client().address()));
    }

    private Pair anew(long seed) {
        world = new World(seed);
        gatewaySettings = new GatewaySettings('a');
        clientSettings = new ClientSettings();
        return connect(HYBRID);
    }

    /// In every order of arrival of the first four messages, some of them lost.
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whateverCrossesBothPeersComeToTheSame(boolean clientsIkeSa, boolean gatewaysIkeSa) {
        long[] delays = {5 * MILLI, 60 * MILLI, 130 * MILLI, -1};
        for (int fates = 3; fates < 192; fates += 7) {
            Pair peers = anew(fates);
            String label = "fates " + fates;
            int all = fates;
            int[] seen = {0};
            world.setFate(datagram -> {
                int index = seen[0]++;
                long delay = index < 4 ? delays[(all >> (2 * index)) & 3] : 5 * MILLI;
                return delay < 0 ? Fate.lost() : List.of(delay);
            });
            if (clientsIkeSa) {
                peers.rekeyIkeSa(true);
            } else {
                peers.rekeyChildSa(true);
            }
            world.advance(Duration.ofMillis(fates % 2 == 0 ? 0 : 20));
            if (gatewaysIkeSa) {
                peers.rekeyIkeSa(false);
            } else {
                peers.rekeyChildSa(false);
            }
            world.advance(Duration.ofSeconds(90));

            assertThat(peers.client().installed()).as(label).hasSize(1);
            assertThat(peers.gateway().installed()).as(label).hasSize(1);
            assertTunnel(peers.client(), peers.gateway());
            assertThat(peers.client().endpoint().size()).as(label).isEqualTo(1);
            assertThat(peers.gateway().endpoint().size()).as(label).isEqualTo(1);
            assertServes(peers);
            assertThat(peers.client().count(Counter.INTERNAL_ERROR)).as(label).isZero();
            assertThat(peers.gateway().count(Counter.INTERNAL_ERROR)).as(label).isZero();
        }
    }

    /// The peer forgets a series that takes too long, again and again.
    @Test
    void aPeerThatFindsNoStateThreeTimesIsLeft() {
        clientSettings.exchangeSchedule = new RetransmissionSchedule(40_000 * MILLI, 1.0, 3);
        Pair peers = connect(HYBRID);
        world.setFate(d ->
                d.header().exchange() == ExchangeType.IKE_FOLLOWUP_KE && !d.header().response()
                        ? List.of(25_000 * MILLI)
                        : Fate.DELIVER.of(d));

        peers.rekeyChildSa(true);
        world.advance(Duration.ofSeconds(30));
        assertThat(peers.gateway().count(Counter.REFUSED_STATE_NOT_FOUND)).isEqualTo(1);
        assertThat(peers.client().events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofSeconds(150));

        assertThat(peers.gateway().count(Counter.REFUSED_STATE_NOT_FOUND)).isEqualTo(3);
        assertThat(peers.client().lastClosed().reason()).isEqualTo(CloseReason.SYNTAX);
        assertThat(peers.gateway().lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
    }

    /// One round trip has no place for them: the IKE SA is rekeyed right after.
    @Test
    void aResumeWithAKeyExchangeIsFollowedByAHybridOne() {
        clientSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        gatewaySettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        Pair peers = connect(HYBRID);
        peers.client()
                .resume(2, clientSettings.profile(), peers.gateway(), peers.client().lastTicket());
        world.settle();
        peers.gateway()
                .give(new Input.PacketVerified(peers.gateway().installed().getLast().inboundSpi()));

        world.advance(LINGER);

        assertThat(requests(ExchangeType.IKE_FOLLOWUP_KE)).isEqualTo(1);
        assertThat(peers.client().events(Event.IkeSaRekeyed.class)).hasSize(1);
    }

    private void assertServes(Pair peers) {
        for (boolean byClient : new boolean[] {true, false}) {
            Node node = peers.node(byClient);
            int before = node.events(Event.PeerAlive.class).size();
            node.give(
                    new Input.Probe(
                            node.lastEstablished().handle(), RetransmissionSchedule.STANDARD));
            world.advance(Duration.ofSeconds(2));
            assertThat(node.events(Event.PeerAlive.class))
                    .as("check by %s", node)
                    .hasSize(before + 1);
        }
    }
}
