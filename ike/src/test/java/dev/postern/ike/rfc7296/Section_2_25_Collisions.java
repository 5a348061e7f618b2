package dev.postern.ike.rfc7296;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Tunnels;
import dev.postern.ike.world.World;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Exchanges of both peers that cross (sections 2.8.1, 2.8.2 and 2.25), in every order of arrival
/// of the first four messages, some of them lost: whatever happens, both peers come to the same
/// Child SAs under one IKE SA, or to none.
class Section_2_25_Collisions {
    private static final long MILLI = 1_000_000L;

    /// How long each of the first messages takes; -1 is lost.
    private static final long[] DELAYS = {5 * MILLI, 60 * MILLI, 130 * MILLI, -1};

    private static final int FATES = 4 * 4 * 4 * 4;
    private static final int SHARDS = 4;

    enum Move {
        REKEY_CHILD,
        REKEY_IKE,
        CREATE_CHILD,
        CLOSE_CHILD,
        CLOSE_IKE,
        PROBE,
        NOTHING
    }

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Move ours : Move.values()) {
            for (Move theirs : Move.values()) {
                if (ours != Move.NOTHING && ours != Move.PROBE) {
                    pairs.add(Arguments.of(ours, theirs));
                }
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothPeersComeToTheSame(Move ofClient, Move ofGateway) {
        int shard = Math.floorMod(seedOf(ofClient, ofGateway), SHARDS);
        for (int fates = shard; fates < FATES; fates += SHARDS) {
            run(ofClient, ofGateway, fates, fates % 8 < 4 ? 0 : 20 * MILLI);
        }
    }

    @Test
    void ofTwoNewChildSasTheOneWithTheLowestNonceGoesAndItsMakerDeletesIt() {
        int clientWins = 0;
        for (int seed = 0; seed < 20; seed++) {
            World world = new World(seed);
            Node gateway = world.add(new GatewaySettings('a'));
            ClientSettings settings = new ClientSettings();
            Node client = world.add(settings);
            client.initiate(1, settings.profile(), gateway);
            world.settle();

            move(client, Move.REKEY_CHILD);
            move(gateway, Move.REKEY_CHILD);
            world.advance(Duration.ofSeconds(8));

            assertThat(client.count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(gateway.count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(client.installed()).hasSize(1);
            assertSameChildSas(client, gateway, "seed " + seed);
            int left = client.installed().getFirst().inboundSpi();
            if (client.events(Event.ChildSaEstablished.class).getLast().inboundSpi() == left
                    && client.events(Event.ChildSaEstablished.class).size() == 2) {
                clientWins++;
            }
        }
        assertThat(clientWins).as("the nonces decide").isBetween(1, 19);
    }

    @Test
    void ofTwoNewIkeSasTheOneWithTheLowestNonceGoes() {
        for (int seed = 0; seed < 20; seed++) {
            World world = new World(seed);
            Node gateway = world.add(new GatewaySettings('a'));
            ClientSettings settings = new ClientSettings();
            Node client = world.add(settings);
            client.initiate(1, settings.profile(), gateway);
            world.settle();

            move(client, Move.REKEY_IKE);
            move(gateway, Move.REKEY_IKE);
            world.settle();

            assertThat(client.count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(gateway.count(Counter.REKEY_COLLISION)).isEqualTo(1);
            assertThat(client.endpoint().size()).isEqualTo(1);
            assertThat(gateway.endpoint().size()).isEqualTo(1);
            assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
            assertServes(world, client, gateway, "seed " + seed);
        }
    }

    private static int seedOf(Move ofClient, Move ofGateway) {
        return ofClient.name().hashCode() * 7 + ofGateway.name().hashCode();
    }

    private static void run(Move ofClient, Move ofGateway, int fates, long lag) {
        String label = ofClient + " / " + ofGateway + ", fates " + fates + ", lag " + lag;
        World world = new World(fates * 31L + seedOf(ofClient, ofGateway));
        Node gateway = world.add(new GatewaySettings('a'));
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        int[] seen = {0};
        world.setFate(datagram -> fate(seen, fates, datagram));

        move(client, ofClient);
        world.advance(Duration.ofNanos(lag));
        Move begun = gateway.installed().isEmpty() ? Move.NOTHING : ofGateway;
        move(gateway, begun);
        world.advance(Duration.ofSeconds(90));

        boolean ikeClosed = ofClient == Move.CLOSE_IKE || begun == Move.CLOSE_IKE;
        assertThat(client.endpoint().size()).as(label).isEqualTo(ikeClosed ? 0 : 1);
        assertThat(gateway.endpoint().size()).as(label).isEqualTo(ikeClosed ? 0 : 1);
        assertSameChildSas(client, gateway, label);
        if (!ikeClosed) {
            assertCount(ofClient, begun, client, label);
            assertServes(world, client, gateway, label);
        }
        assertThat(client.count(Counter.INTERNAL_ERROR)).as(label).isZero();
    }

    private static List<Long> fate(int[] seen, int fates, Datagram datagram) {
        int index = seen[0]++;
        if (index >= 4) {
            return Fate.DELIVER.of(datagram);
        }
        long delay = DELAYS[(fates >> (2 * index)) & 3];
        if (index == 3 && delay < 0) {
            // Four losses in a row are a dead peer.
            return List.of(200 * MILLI);
        }
        return delay < 0 ? List.of() : List.of(delay);
    }

    private static void move(Node node, Move move) {
        long handle = node.lastEstablished().handle();
        if (move == Move.NOTHING) {
            return;
        }
        ChildSaInstallation child = node.installed().getFirst();
        switch (move) {
            case REKEY_CHILD -> node.give(new Input.RekeyChildSa(child.inboundSpi()));
            case REKEY_IKE -> node.give(new Input.RekeyIkeSa(handle));
            case CREATE_CHILD ->
                    node.give(new Input.CreateChildSa(handle, child.local(), child.remote()));
            case CLOSE_CHILD -> node.give(new Input.CloseChildSa(child.inboundSpi()));
            case CLOSE_IKE -> node.give(new Input.Close(handle, false));
            case PROBE -> node.give(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
            case NOTHING -> {}
        }
    }

    /// Each Child SA of one peer has its counterpart at the other, with the same keys.
    private static void assertSameChildSas(Node client, Node gateway, String label) {
        assertThat(client.installed()).as(label).hasSameSizeAs(gateway.installed());
        for (ChildSaInstallation ours : client.installed()) {
            ChildSaInstallation theirs =
                    gateway.installed().stream()
                            .filter(t -> t.inboundSpi() == ours.outboundSpi())
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no counterpart: " + label));
            Tunnels.assertMirrored(ours, theirs);
            assertThat(client.isActive(ours)).as("client seals, %s", label).isTrue();
            assertThat(gateway.isActive(theirs)).as("gateway seals, %s", label).isTrue();
        }
    }

    /// A client that did not close its last Child SA itself asks for another.
    ///
    /// @param b what the gateway did; nothing, where it had no Child SA left to begin with
    private static void assertCount(Move a, Move b, Node client, String label) {
        int further = (a == Move.CREATE_CHILD ? 1 : 0) + (b == Move.CREATE_CHILD ? 1 : 0);
        boolean closed = a == Move.CLOSE_CHILD || b == Move.CLOSE_CHILD;
        boolean rekeyed = a == Move.REKEY_CHILD || b == Move.REKEY_CHILD;
        int most = 1 + further;
        // A Delete that meets a rekeying may hit the old one or come too late for it.
        int least = closed ? further : most;
        assertThat(client.installed().size()).as(label).isBetween(least, most);
        if (closed && !rekeyed) {
            boolean restored = further == 0 && a != Move.CLOSE_CHILD;
            assertThat(client.installed()).as(label).hasSize(restored ? 1 : further);
        }
    }

    /// The IKE SA that is left is one and the same.
    private static void assertServes(World world, Node client, Node gateway, String label) {
        int ours = client.events(Event.PeerAlive.class).size();
        int theirs = gateway.events(Event.PeerAlive.class).size();
        probe(client);
        probe(gateway);
        world.advance(Duration.ofSeconds(2));
        assertThat(client.events(Event.PeerAlive.class))
                .as("client's check, %s", label)
                .hasSize(ours + 1);
        assertThat(gateway.events(Event.PeerAlive.class))
                .as("gateway's check, %s", label)
                .hasSize(theirs + 1);
    }

    private static void probe(Node node) {
        node.give(
                new Input.Probe(node.lastEstablished().handle(), RetransmissionSchedule.STANDARD));
    }
}
