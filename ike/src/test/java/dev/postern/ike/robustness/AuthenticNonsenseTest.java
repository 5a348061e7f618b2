package dev.postern.ike.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.WireWriter;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Nonsense under the right keys: true payloads with changed bodies, left out, doubled and
/// shuffled. The holder of a key may end its own IKE SA with it, and nothing else.
class AuthenticNonsenseTest {
    private final World world = new World(61);
    private final GatewaySettings settings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings("c08");
    private final Node gateway = world.add(settings);
    private final Node bystander = world.add(clientSettings);
    private final Random random = new Random(61);

    AuthenticNonsenseTest() {
        clientSettings.host = 8;
        clientSettings.preSharedKey = GatewaySettings.key("another key of another client");
    }

    private void connectBystander() {
        bystander.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        assertThat(bystander.installed()).hasSize(1);
    }

    private void assertBystanderUndisturbed() {
        int alive = bystander.events(Event.PeerAlive.class).size();
        bystander.give(new Input.Probe(1, clientSettings.resumeSchedule));
        world.settle();
        assertThat(bystander.events(Event.PeerAlive.class)).hasSize(alive + 1);
        assertThat(bystander.installed()).hasSize(1);
    }

    /// A payload of a known type with a body that may be anything.
    private Payload mutated(Payload payload) {
        WireWriter writer = new WireWriter();
        PayloadCodec.encodeChain(writer, List.of(payload), 0);
        byte[] chain = writer.toArray();
        byte[] body = java.util.Arrays.copyOfRange(chain, 4, chain.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                if (body.length > 0) {
                    body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> body = java.util.Arrays.copyOf(body, random.nextInt(body.length + 4));
            case 2 -> {
                if (body.length > 0) {
                    body[random.nextInt(Math.min(8, body.length))] = (byte) random.nextInt(256);
                }
            }
            default -> {
                body = new byte[random.nextInt(40)];
                random.nextBytes(body);
            }
        }
        return new Payload.Unknown(payload.typeCode(), random.nextInt(8) == 0, Octets.of(body));
    }

    private List<Payload> nonsense(List<Payload> sense) {
        List<Payload> payloads = new ArrayList<>(sense);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !payloads.isEmpty(); i++) {
            int at = random.nextInt(payloads.size());
            switch (random.nextInt(6)) {
                case 0 -> payloads.remove(at);
                case 1 -> payloads.add(payloads.get(at));
                case 2 -> Collections.shuffle(payloads, random);
                case 3 ->
                        payloads.add(
                                new Payload.Unknown(
                                        random.nextInt(256) | 1,
                                        random.nextBoolean(),
                                        Octets.of(new byte[random.nextInt(20)])));
                default -> payloads.set(at, mutated(payloads.get(at)));
            }
        }
        return payloads;
    }

    @Test
    void nonsenseInIkeAuth() {
        connectBystander();
        int answers = 0;
        for (int i = 0; i < 400; i++) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, i).begin();
            List<Payload> auth = nonsense(peer.authPayloads());
            answers += peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 1, auth)).size();
            if (i % 100 == 0) {
                world.advance(Duration.ofSeconds(31));
            }
        }
        assertThat(answers).as("each well-protected request is answered").isEqualTo(400);
        assertBystanderUndisturbed();
    }

    @Test
    void nonsenseInAnEstablishedIkeSa() {
        connectBystander();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 0).establish();
        int messageId = 2;
        List<Payload> sense =
                List.of(
                        new Payload.Delete(3, List.of(Octets.ofInt(0x1234_5678))),
                        InitiatorByHand.esp(0xc0ffee02),
                        new Payload.Nonce(Octets.of(new byte[32])),
                        Payload.Notify.of(dev.postern.wire.NotifyType.REKEY_SA),
                        new Payload.Configuration(1, List.of()),
                        new Payload.VendorId(Octets.ofAscii("somebody")));
        int ended = 0;
        for (int i = 0; i < 5_000; i++) {
            ExchangeType exchange =
                    random.nextInt(3) == 0
                            ? ExchangeType.CREATE_CHILD_SA
                            : ExchangeType.INFORMATIONAL;
            byte[] request = peer.seal(exchange, false, messageId, nonsense(sense));
            assertThat(peer.send(request)).hasSize(1);
            messageId++;
            if (gateway.endpoint().size() == 1) {
                ended++;
                peer = new InitiatorByHand(world, gateway, ended).establish();
                messageId = 2;
            }
        }
        assertThat(ended).as("some of it was fatal to its sender").isPositive();
        assertBystanderUndisturbed();
    }

    @Test
    void nonsenseInAResumeRequest() {
        connectBystander();
        ResumableSession ticket = bystander.lastTicket();
        int answers = 0;
        for (int i = 0; i < 2_000; i++) {
            ResumeByHand request = new ResumeByHand(ticket, Identity.fqdn("gw-a.example"), i % 100);
            request.spiI = 0x5500_0000L + i;
            request.inner = nonsense(request.inner);
            answers += request.send(world, gateway).size();
            if (i % 50 == 0) {
                world.advance(Duration.ofSeconds(31));
            }
        }
        assertThat(answers).isEqualTo(2_000);
        assertThat(gateway.events(Event.SessionConfirmed.class)).isEmpty();
        assertBystanderUndisturbed();
    }

    @Test
    void nonsenseInTheAnswerToAResume() {
        connectBystander();
        ResumableSession ticket = bystander.lastTicket();
        Node silent = world.add(new GatewaySettings('b'));
        silent.die();
        List<Payload> sense =
                List.of(
                        new Payload.IdResponder(Identity.fqdn("gw-b.example")),
                        InitiatorByHand.esp(0xdecade02),
                        new Payload.Nonce(Octets.of(new byte[32])),
                        new Payload.TsInitiator(
                                List.of(
                                        dev.postern.wire.TrafficSelector.host(
                                                dev.postern.ike.world.Net.ip(10, 77, 0, 2)))),
                        new Payload.TsResponder(
                                List.of(dev.postern.ike.world.Net.subnet(10, 1, 0, 0, 16))),
                        new Payload.Configuration(2, List.of()),
                        Payload.Notify.of(
                                dev.postern.wire.NotifyType.IKEV2_TICKET, Octets.of(new byte[90])));
        for (int i = 0; i < 1_500; i++) {
            long handle = 100L + i;
            bystander.resume(handle, clientSettings.profile(), silent, ticket);
            Header request = world.carried().getLast().header();
            byte[] answer = ResumeByHand.response(ticket, request, 1 + i, nonsense(sense));
            world.deliver(new Datagram(silent.address(), bystander.address(), answer));
            bystander.give(new Input.Close(handle, true));
            world.settle();
        }
        assertBystanderUndisturbed();
        assertThat(bystander.endpoint().size()).isEqualTo(1);
    }

    @Test
    void nonsenseInTheAnswerToIkeAuth() {
        connectBystander();
        for (int i = 0; i < 200; i++) {
            World other = new World(700 + i);
            ClientSettings seven = new ClientSettings();
            seven.resumption = Suites.BOTH_PROTOCOLS;
            Node seat = other.add(new GatewaySettings('a'));
            Node client = other.add(seven);
            client.initiate(1, seven.profile(), seat);
            GatewayByHand byHand = new GatewayByHand(other, client, seat).begin();
            byHand.answerAuth(nonsense(byHand.authPayloads()));
            boolean up = !client.installed().isEmpty();
            boolean closed = !client.events(Event.IkeSaClosed.class).isEmpty();
            assertThat(up || closed).as("an authentic answer decides").isTrue();
        }
    }
}
