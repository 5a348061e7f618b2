package dev.postern.ike.rfc5723;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The five notifications, in the exchanges in which section 4.1 lets a client ask for a ticket.
class Section_7_Notifications {
    private static final Payload ASKED = Payload.Notify.of(NotifyType.TICKET_REQUEST);
    private static final long NEW_SPI = 0x5151_5151_5151_5151L;
    private static final int PATIENCE_SECONDS = 16;

    private final World world = new World(723);
    private final GatewaySettings settings = new GatewaySettings('a');
    private final ClientSettings client = new ClientSettings();

    Section_7_Notifications() {
        settings.resumption = Suites.RFC_5723;
        client.resumption = Suites.RFC_5723;
    }

    private static Payload.Notify found(List<Payload> payloads, NotifyType type) {
        Payload.Notify notify = Message.findNotify(payloads, type);
        if (notify == null) {
            throw new AssertionError("no " + type + " among " + payloads);
        }
        return notify;
    }

    private static Session opened(Payload.Notify opaque) {
        Octets ticket = opaque.data().slice(4, opaque.data().length());
        if (World.sealer(1).open(ticket, Session.Kind.RFC_5723) instanceof OpenedTicket ours) {
            return ours.session();
        }
        throw new AssertionError("the ticket does not open");
    }

    // ---- form ----

    @Test
    void protocolIdAndSpiSizeAreZeroAndOnlyTicketsHaveData() {
        Node gateway = world.add(settings);
        Node node = world.add(client);
        node.initiate(1, client.profile(), gateway);
        world.settle();
        OpaqueResumeByHand bad = new OpaqueResumeByHand(world, gateway, node.lastTicket(), 1);
        bad.ticket = Octets.of(new byte[60]);
        Payload.Notify nack =
                found(bad.sendFirst().getFirst().message().payloads(), NotifyType.TICKET_NACK);
        Octets ticket = node.lastTicket().ticket();
        int before = world.carried().size();
        node.resume(2, client.profile(), gateway, node.lastTicket());
        Payload.Notify presented =
                found(world.carried().get(before).message().payloads(), NotifyType.TICKET_OPAQUE);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 2).begin();
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.add(ASKED);
        Payload.Notify granted =
                found(peer.request(ExchangeType.IKE_AUTH, 1, auth), NotifyType.TICKET_LT_OPAQUE);

        for (Payload.Notify one : List.of(nack, presented, granted)) {
            assertThat(one.protocol()).isZero();
            assertThat(one.spi()).isEqualTo(Octets.EMPTY);
        }
        assertThat(nack.data()).isEqualTo(Octets.EMPTY);
        assertThat(presented.data()).isEqualTo(ticket);
    }

    @Test
    void theLifetimeInSecondsEndsWithTheTicketAndNeverAfterTheReauthentication() {
        for (long reauthentication : new long[] {0, 600}) {
            World fresh = new World(724);
            settings.life = LifePolicy.UNLIMITED.withReauthentication(reauthentication);
            InitiatorByHand peer = new InitiatorByHand(fresh, fresh.add(settings), 1).begin();
            List<Payload> auth = new ArrayList<>(peer.authPayloads());
            auth.add(ASKED);
            Payload.Notify granted =
                    found(
                            peer.request(ExchangeType.IKE_AUTH, 1, auth),
                            NotifyType.TICKET_LT_OPAQUE);
            long seconds = reauthentication == 0 ? Suites.LIFETIME_SECONDS : reauthentication;
            assertThat(granted.data().toInt()).isEqualTo((int) seconds);
            assertThat(opened(granted).expiresAt()).isEqualTo(fresh.now().epochSeconds() + seconds);
        }
    }

    // ---- TICKET_REQUEST in CREATE_CHILD_SA ----

    private final KeyAgreement agreement =
            Suites.IKE_DEFAULT.getFirst().keyExchange().generate(new SeededEntropy(725));
    private final byte[] ni = new SeededEntropy(726).octets(32);

    /// The client's CREATE_CHILD_SA for a new IKE SA.
    private List<Payload> rekeying(InitiatorByHand peer, Payload... more) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(
                new Payload.SecurityAssociation(
                        List.of(peer.suite.toProposal(1).withSpi(Octets.ofLong(NEW_SPI)))));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.add(peer.keyExchange(agreement.publicData()));
        payloads.addAll(List.of(more));
        return payloads;
    }

    @Test
    void aClientThatAsksWhileItRekeysGetsTheTicketOfTheNewIkeSa()
            throws InvalidKeyExchangeException {
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] oldSkD = peer.skD();

        List<Payload> answer = peer.request(ExchangeType.CREATE_CHILD_SA, 2, rekeying(peer, ASKED));

        Session session = opened(found(answer, NotifyType.TICKET_LT_OPAQUE));
        assertThat(session.generation()).isEqualTo(1);
        assertThat(session.childSas()).as("they go over to the new IKE SA").hasSize(1);
        // RFC 7296 section 2.18, from the text.
        byte[] nr = InitiatorByHand.find(answer, Payload.Nonce.class).data().array();
        byte[] kr = InitiatorByHand.find(answer, Payload.KeyExchange.class).data().array();
        long spiR =
                InitiatorByHand.find(answer, Payload.SecurityAssociation.class)
                        .proposals()
                        .getFirst()
                        .spi()
                        .toLong(0);
        try (SecretBytes shared = agreement.agree(kr)) {
            byte[] skeyseed =
                    KeyDerivation.rekeyedSkeyseed(
                            peer.suite.prf(), oldSkD, shared.expose(), ni, nr);
            byte[] material =
                    KeyDerivation.ikeKeyMaterial(
                            peer.suite.prf(), skeyseed, ni, nr, NEW_SPI, spiR, oldSkD.length);
            assertThat(Arrays.equals(session.secret().expose(), material)).isTrue();
        }
    }

    @Test
    void oneThatDoesNotAskGetsNone() {
        InitiatorByHand peer = new InitiatorByHand(world, world.add(settings), 1).establish();
        List<Payload> answer = peer.request(ExchangeType.CREATE_CHILD_SA, 2, rekeying(peer));
        assertThat(answer).noneMatch(Payload.Notify.class::isInstance);
    }

    @Test
    void aGatewayThatGivesNoneSaysTicketNackAndTheRekeyingStands() {
        for (ResumptionPolicy none :
                List.of(
                        ResumptionPolicy.DISABLED,
                        Suites.ONE_ROUND_TRIP,
                        Suites.RFC_5723.storing(TicketStorage.BY_REFERENCE))) {
            settings.resumption = none;
            World fresh = new World(727);
            Node gateway = fresh.add(settings);
            InitiatorByHand peer = new InitiatorByHand(fresh, gateway, 1).establish();
            List<Payload> answer =
                    peer.request(ExchangeType.CREATE_CHILD_SA, 2, rekeying(peer, ASKED));
            assertThat(Message.findNotify(answer, NotifyType.TICKET_NACK)).isNotNull();
            assertThat(Message.findNotify(answer, NotifyType.TICKET_LT_OPAQUE)).isNull();
            assertThat(gateway.events(Event.IkeSaRekeyed.class)).hasSize(1);
        }
    }

    @Test
    void whileBothPeersRekeyTheTicketIsPutOff() {
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        world.setFate(sent ->
                sent.from().equals(gateway.address()) && !sent.header().response()
                        ? Fate.lost()
                        : Fate.delivered());
        gateway.give(new Input.RekeyIkeSa(gateway.lastEstablished().handle()));

        List<Datagram> back =
                peer.send(peer.seal(ExchangeType.CREATE_CHILD_SA, false, 2, rekeying(peer, ASKED)));

        List<Payload> answer =
                peer.open(
                        back.stream()
                                .filter(one -> one.header().response())
                                .findFirst()
                                .orElseThrow());
        Payload.Notify later = found(answer, NotifyType.TICKET_ACK);
        assertThat(later.data()).isEqualTo(Octets.EMPTY);
        assertThat(Message.findNotify(answer, NotifyType.TICKET_LT_OPAQUE)).isNull();
    }

    @Test
    void aClientThatAsksWithAFurtherChildSaGetsTheTicketOfTheSessionWithBoth() {
        InitiatorByHand peer = new InitiatorByHand(world, world.add(settings), 1).establish();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(InitiatorByHand.esp(0xc0ffee02));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.add(new Payload.TsInitiator(List.of(Net.subnet(0, 0, 0, 0, 0))));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
        payloads.add(ASKED);
        List<Payload> answer = peer.request(ExchangeType.CREATE_CHILD_SA, 2, payloads);
        assertThat(opened(found(answer, NotifyType.TICKET_LT_OPAQUE)).childSas()).hasSize(2);
    }

    // ---- TICKET_ACK, at a client ----

    private GatewayByHand putOff(Node node) {
        Node seat = world.add(settings);
        GatewayByHand gateway = new GatewayByHand(world, node, seat);
        node.initiate(1, client.profile(), seat);
        gateway.begin();
        List<Payload> answer = new ArrayList<>(gateway.authPayloads());
        answer.add(Payload.Notify.of(NotifyType.TICKET_ACK));
        gateway.answerAuth(answer);
        assertThat(node.events(Event.IkeSaEstablished.class)).hasSize(1);
        return gateway;
    }

    /// The TICKET_REQUEST in the client's last message; null where it is something else.
    private Payload.@Nullable Notify question(GatewayByHand gateway) {
        Datagram last = gateway.received();
        return last.header().exchange() == ExchangeType.INFORMATIONAL && !last.header().response()
                ? Message.findNotify(gateway.open(last), NotifyType.TICKET_REQUEST)
                : null;
    }

    @Test
    void aClientThatWasPutOffAsksAgainInAnInformationalExchange() {
        Node node = world.add(client);
        GatewayByHand gateway = putOff(node);
        assertThat(question(gateway)).as("not at once").isNull();

        world.advance(Duration.ofSeconds(PATIENCE_SECONDS));

        assertThat(question(gateway)).isEqualTo(ASKED);
        byte[] data = {0, 0, 0, 60, 1, 2, 3, 4};
        gateway.send(
                gateway.seal(
                        ExchangeType.INFORMATIONAL,
                        true,
                        2,
                        List.of(Payload.Notify.of(NotifyType.TICKET_LT_OPAQUE, Octets.of(data)))));
        ResumableSession ticket = node.lastTicket();
        assertThat(ticket.ticket()).isEqualTo(Octets.of(new byte[] {1, 2, 3, 4}));
        assertThat(ticket.validUntil()).isEqualTo(world.now().epochSeconds() + 60);
    }

    @Test
    void andNotForEver() {
        Node node = world.add(client);
        GatewayByHand gateway = putOff(node);
        for (int asked = 0; asked < 3; asked++) {
            world.advance(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(question(gateway)).as("question %d", asked).isEqualTo(ASKED);
            int id = MessageId.of(0, 2 + asked);
            assertThat(gateway.received().header().messageId()).isEqualTo(id);
            gateway.send(
                    gateway.seal(
                            ExchangeType.INFORMATIONAL,
                            true,
                            id,
                            List.of(Payload.Notify.of(NotifyType.TICKET_ACK))));
        }
        int before = world.carried().size();
        world.advance(Duration.ofMinutes(5));
        assertThat(world.carried()).hasSize(before);
        assertThat(node.events(Event.TicketReceived.class)).isEmpty();
        assertThat(node.count(Counter.INTERNAL_ERROR)).isZero();
    }
}
