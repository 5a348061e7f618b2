package dev.postern.ike.robustness;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Random octets, and true messages flipped, cut and spliced, into endpoints in every state:
/// nothing is thrown, every datagram is accounted for, and what was established keeps working. The
/// nodes throw on every bug of ours, so a test that returns has seen none.
class HostileInputTest {
    private static final Path STRANGER =
            new Path(
                    Net.port4500(Net.ip(192, 0, 2, 1)),
                    Net.port4500(Net.ip(203, 0, 113, 250)),
                    true);

    private final World world = new World(41);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings settings = new ClientSettings();
    private final List<byte[]> corpus = new ArrayList<>();

    /// A gateway and a client with IKE SAs in every state, and every message that led there.
    private Node[] everyState() {
        Node gateway = world.add(gatewaySettings);
        Node other = world.add(new GatewaySettings('b'));
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        ResumableSession ticket = client.lastTicket();
        // Provisional, and waiting for an address.
        ResumeByHand provisional = new ResumeByHand(ticket, Identity.fqdn("gw-a.example"), 1);
        provisional.send(world, gateway);
        // Half-open after IKE_SA_INIT and after exchange 38, refused, established, deleting.
        new InitiatorByHand(world, gateway, 1).begin();
        ClientSettings second = new ClientSettings("c08");
        second.host = 8;
        second.preSharedKey = GatewaySettings.key("another key of another client");
        second.resumption = Suites.RFC_5723;
        Node clientEight = world.add(second);
        clientEight.initiate(1, second.profile(), gateway);
        world.settle();
        new OpaqueResumeByHand(world, gateway, clientEight.lastTicket(), 1).begin();
        InitiatorByHand refused = new InitiatorByHand(world, gateway, 2);
        refused.identity = Identity.fqdn("nobody.example");
        refused.begin();
        refused.request(ExchangeType.IKE_AUTH, 1, refused.authPayloads());
        InitiatorByHand deleting = new InitiatorByHand(world, gateway, 3).establish();
        gateway.give(new Input.Close(gateway.lastEstablished().handle(), false));
        deleting.send(deleting.seal(ExchangeType.INFORMATIONAL, false, 2, List.of()));
        // Initiators that wait for each kind of first answer.
        other.die();
        client.initiate(10, settings.profile(), other);
        client.resume(11, settings.profile(), other, ticket);
        clientEight.resume(12, second.profile(), other, clientEight.lastTicket());
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();
        for (Datagram datagram : world.carried()) {
            corpus.add(datagram.octets());
        }
        return new Node[] {gateway, client, clientEight};
    }

    private static long total(Node node) {
        long total = 0;
        for (Counter counter : Counter.values()) {
            total += node.count(counter);
        }
        return total;
    }

    /// Gives an input, and demands that it is counted or acted on.
    private void feed(Node node, byte[] octets) {
        long before = total(node);
        List<Effect> effects = node.give(new Input.Datagram(STRANGER, octets));
        assertThat(total(node) > before || !effects.isEmpty())
                .as("a datagram of %d octets left no trace", octets.length)
                .isTrue();
    }

    private void assertStillWorking(Node[] nodes) {
        world.settle();
        for (int i = 1; i <= 2; i++) {
            int alive = nodes[i].events(dev.postern.ike.Event.PeerAlive.class).size();
            nodes[i].give(new Input.Probe(1, RetransmissionSchedule.QUICK));
            world.settle();
            assertThat(nodes[i].events(dev.postern.ike.Event.PeerAlive.class).size())
                    .as("%s gets its answer", nodes[i])
                    .isGreaterThan(alive);
            assertThat(nodes[i].installed()).isNotEmpty();
        }
        assertThat(nodes[0].count(Counter.INTERNAL_ERROR)).isZero();
        assertThat(nodes[1].count(Counter.INTERNAL_ERROR)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void randomOctetsDisturbNobody(long seed) {
        Node[] nodes = everyState();
        Random random = new Random(seed);
        for (int i = 0; i < 60_000; i++) {
            byte[] octets = new byte[random.nextInt(i % 50 == 0 ? 3_000 : 120)];
            random.nextBytes(octets);
            feed(nodes[i % nodes.length], octets);
        }
        assertStillWorking(nodes);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void randomOctetsBehindATrueHeaderDisturbNobody(long seed) {
        Node[] nodes = everyState();
        Random random = new Random(seed);
        for (int i = 0; i < 60_000; i++) {
            byte[] model = corpus.get(random.nextInt(corpus.size()));
            byte[] octets = new byte[28 + random.nextInt(200)];
            random.nextBytes(octets);
            System.arraycopy(model, 0, octets, 0, 28);
            octets[16] = (byte) (random.nextInt(4) == 0 ? 46 : 33 + random.nextInt(22));
            setLength(octets);
            feed(nodes[i % nodes.length], octets);
        }
        assertStillWorking(nodes);
    }

    private static void setLength(byte[] octets) {
        octets[24] = 0;
        octets[25] = 0;
        octets[26] = (byte) (octets.length >>> 8);
        octets[27] = (byte) octets.length;
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void trueMessagesFlippedCutAndSplicedDisturbNobody(long seed) {
        Node[] nodes = everyState();
        Random random = new Random(seed);
        for (int i = 0; i < 60_000; i++) {
            byte[] mutant = mutate(random);
            feed(nodes[random.nextInt(nodes.length)], mutant);
        }
        assertStillWorking(nodes);
    }

    private byte[] mutate(Random random) {
        byte[] octets = corpus.get(random.nextInt(corpus.size())).clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(6)) {
                case 0 -> octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
                case 2 -> octets = Arrays.copyOf(octets, 29 + random.nextInt(octets.length));
                case 3 -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    int from = random.nextInt(Math.min(octets.length, other.length));
                    System.arraycopy(
                            other,
                            from,
                            octets,
                            from,
                            Math.min(octets.length, other.length) - from);
                }
                case 4 -> octets[16 + random.nextInt(12)] ^= (byte) (1 << random.nextInt(8));
                default ->
                        octets[28 + random.nextInt(Math.min(16, octets.length - 28))] =
                                (byte) random.nextInt(256);
            }
        }
        if (random.nextInt(4) != 0) {
            setLength(octets);
        }
        return octets;
    }

    @Test
    void everyPrefixAndEveryFlippedBitOfEveryMessageDisturbsNobody() {
        Node[] nodes = everyState();
        for (byte[] message : List.copyOf(corpus)) {
            for (int length = 0; length < message.length; length++) {
                byte[] prefix = Arrays.copyOf(message, length);
                feed(nodes[0], prefix);
                feed(nodes[1], prefix);
            }
            for (int bit = 0; bit < message.length * 8; bit += 3) {
                byte[] flipped = message.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit & 7));
                feed(nodes[bit % nodes.length], flipped);
            }
        }
        assertStillWorking(nodes);
    }

    @Test
    void everyMessageReplayedManyTimesDisturbsNobody() {
        Node[] nodes = everyState();
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            feed(nodes[random.nextInt(nodes.length)], corpus.get(random.nextInt(corpus.size())));
        }
        assertStillWorking(nodes);
        world.advance(Duration.ofSeconds(40));
        assertThat(nodes[0].endpoint().provisional()).isZero();
        assertThat(nodes[0].endpoint().halfOpen()).isZero();
        assertThat(nodes[0].endpoint().size()).as("the two true clients").isEqualTo(2);
    }

    @Test
    void nothingIsLeftInTheTablesWhenEverybodyHasGone() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(settings);
        for (int i = 1; i <= 50; i++) {
            client.initiate(i, settings.profile(), gateway);
            world.settle();
            assertTunnel(client, gateway);
            client.give(new Input.Close(i, false));
            world.settle();
        }
        world.advance(Duration.ofSeconds(60));
        assertThat(gateway.endpoint().size()).isZero();
        assertThat(client.endpoint().size()).isZero();
        assertThat(gateway.endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(client.endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(gateway.installed()).isEmpty();
    }
}
