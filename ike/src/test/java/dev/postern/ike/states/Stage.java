package dev.postern.ike.states;

import dev.postern.ike.Answer;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.TicketServiceByHand;
import dev.postern.ike.world.World;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.ticket.ServedTickets;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A gateway and a client, whose exchange stops where a message is lost or where nobody answers a
/// question: the IKE SA is in the state that is looked at.
final class Stage {
    static final long SEED = 7;

    /// Another draw of the nonces.
    static final long OTHER_SEED = 9;

    private final World world;
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();
    private final TicketServiceByHand service = new TicketServiceByHand("vpn.example");
    private @Nullable Node knownGateway;
    private @Nullable Node knownClient;
    private final List<Datagram> lost = new ArrayList<>();

    Stage() {
        this(SEED);
    }

    Stage(long seed) {
        world = new World(seed);
        gatewaySettings.logsKeys = true;
        clientSettings.logsKeys = true;
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
    }

    Stage hybrid() {
        gatewaySettings.ikeSuites =
                List.of(SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519-mlkem768"));
        clientSettings.ikeSuites = gatewaySettings.ikeSuites;
        return this;
    }

    Stage opaque() {
        clientSettings.resumption = Suites.RFC_5723;
        gatewaySettings.resumption = Suites.RFC_5723;
        return this;
    }

    Stage eap() {
        gatewaySettings.eap =
                new EapPolicy(GatewaySettings.key("what proves the gateway"), false, true);
        clientSettings.eap = gatewaySettings.eap;
        return this;
    }

    Stage byReference() {
        gatewaySettings.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE);
        return this;
    }

    Stage served() {
        gatewaySettings.tickets = new ServedTickets();
        gateway().seatTicketService(service);
        return this;
    }

    private Node gateway() {
        Node known = knownGateway;
        if (known == null) {
            known = world.add(gatewaySettings);
            knownGateway = known;
        }
        return known;
    }

    private Node client() {
        Node known = knownClient;
        if (known == null) {
            gateway();
            known = world.add(clientSettings);
            knownClient = known;
        }
        return known;
    }

    /// From now on these do not arrive; the first of them, whole, is what is waited for.
    private void lose(Predicate<Datagram> which) {
        lost.clear();
        world.setFate(datagram -> {
            if (!which.test(datagram)) {
                return Fate.delivered();
            }
            boolean another =
                    !lost.isEmpty()
                            && datagram.header().messageId()
                                    != lost.getFirst().header().messageId();
            if (!another) {
                lost.add(datagram);
            }
            return Fate.lost();
        });
    }

    private void lose(ExchangeType exchange) {
        lose(datagram -> datagram.header().exchange() == exchange);
    }

    Situation at(Node node, long handle) {
        return Situation.of(world, node, handle).waitingFor(lost);
    }

    private void connect() {
        client().initiate(1, clientSettings.profile(), gateway());
        world.settle();
    }

    /// The first IKE SA is gone at the client, silently; its session goes on at the same gateway.
    private void resume() {
        ResumableSession ticket = client().lastTicket();
        client().give(new Input.Close(1, true));
        client().resume(2, clientSettings.profile(), gateway(), ticket);
        world.settle();
    }

    Situation client(ExchangeType without) {
        lose(without);
        connect();
        return at(client(), 1);
    }

    Situation gateway(ExchangeType without) {
        lose(without);
        connect();
        return at(gateway(), -1);
    }

    Situation refused() {
        clientSettings.preSharedKey = GatewaySettings.key("another one than the gateway's");
        connect();
        return at(gateway(), -1);
    }

    /// The method's one end is silent; it speaks again when it is too late.
    Situation unansweredEap(boolean atClient) {
        EapByHand method = new EapByHand();
        if (atClient) {
            gateway().seatEapServer(method::serve);
        }
        connect();
        method.seat(gateway(), client());
        return at(atClient ? client() : gateway(), atClient ? 1 : -1).unanswered();
    }

    /// The method goes on until the client's IKE_AUTH with this Message ID is lost.
    Situation eapWithout(int messageId, boolean atClient) {
        new EapByHand().seat(gateway(), client());
        lose(datagram ->
                datagram.header().exchange() == ExchangeType.IKE_AUTH
                        && datagram.header().messageId() == messageId);
        connect();
        return at(atClient ? client() : gateway(), atClient ? 1 : -1);
    }

    Situation unleased() {
        gateway().pool().fallSilent();
        connect();
        return at(gateway(), -1).unanswered();
    }

    Situation unleasedResume() {
        connect();
        gateway().pool().fallSilent();
        resume();
        return at(gateway(), -2).unanswered();
    }

    Situation unaskedOfRevocation() {
        Authority authority = Authority.root("Lab CA");
        gatewaySettings.certificates =
                new CertificatePolicy(
                        authority.issue(gatewaySettings.identity(), "P-256"),
                        authority.anchors(),
                        List.of(),
                        CertificatePolicy.Revocation.STRICT,
                        RevocationSources.OF_CERTIFICATES);
        clientSettings.certificates =
                new CertificatePolicy(
                        authority.issue(clientSettings.identity, "P-256"),
                        authority.anchors(),
                        List.of(),
                        CertificatePolicy.Revocation.OFF);
        connect();
        RevocationEvidence nobodyRevoked = authority.revoking();
        gateway().seatRevocation(_ -> new Answer.RevocationFound(nobodyRevoked));
        return at(gateway(), -1).unanswered();
    }

    Situation unstored() {
        gatewaySettings.store.fallSilent();
        connect();
        return at(gateway(), -1).unanswered();
    }

    Situation unfetched() {
        connect();
        gatewaySettings.store.fallSilent();
        resume();
        return at(gateway(), -2).unanswered();
    }

    /// The record is there; whether its count may be raised is not answered.
    Situation unraised() {
        Situation unfetched = unfetched();
        Effect.Raise fetch = unfetched.asked();
        Answer found = fetch == null ? null : gateway().answerTo(fetch.ask());
        if (fetch == null || found == null) {
            throw new AssertionError("a resume by reference asks for its record");
        }
        gateway().give(new Input.Answered(fetch.askId(), found));
        return at(gateway(), -2).unanswered();
    }

    Situation unopened() {
        connect();
        service.fallSilent();
        resume();
        return at(gateway(), -2).unanswered();
    }

    Situation unsealed() {
        service.fallSilent();
        connect();
        return at(gateway(), -1).unanswered();
    }

    Situation established(boolean atClient) {
        connect();
        return at(atClient ? client() : gateway(), atClient ? 1 : -1);
    }

    Situation resuming(ExchangeType without) {
        connect();
        lose(without);
        resume();
        return at(client(), 2);
    }

    Situation provisional() {
        connect();
        lose(ExchangeType.INFORMATIONAL);
        resume();
        return at(gateway(), -2);
    }

    /// The client has begun this, and its request is lost.
    Situation during(Input begun) {
        connect();
        return begin(begun);
    }

    Situation begin(Input begun) {
        Situation situation = at(client(), 1);
        lose(datagram -> true);
        client().give(begun);
        world.settle();
        return situation.waitingFor(lost);
    }

    Situation duringRekeyingOfAChildSa() {
        connect();
        return begin(new Input.RekeyChildSa(client().installed().getFirst().inboundSpi()));
    }

    /// Both rekey at once; the gateway's request arrived, and made a second IKE SA at the client.
    Situation rival(boolean peerHasSeenOurs) {
        connect();
        lose(datagram -> true);
        client().give(new Input.RekeyIkeSa(1));
        Datagram ours = world.carried().getLast();
        gateway().give(new Input.RekeyIkeSa(-1));
        world.deliver(world.carried().getLast());
        Datagram answer = world.carried().getLast();
        return at(client(), 1)
                .inState("Unadopted")
                .waitingFor(List.of(peerHasSeenOurs ? ours : answer));
    }

    Situation replaced(boolean atClient) {
        connect();
        lose(ExchangeType.INFORMATIONAL);
        client().give(new Input.RekeyIkeSa(1));
        world.settle();
        return at(atClient ? client() : gateway(), atClient ? 1 : -1).inState("Replaced");
    }

    /// At another gateway, which has told the client to come.
    Situation restored() {
        NotaryByHand notary = new NotaryByHand();
        GatewaySettings otherSettings = new GatewaySettings('b');
        gatewaySettings.standby =
                StandbyPolicy.DEFAULT.protecting(Set.of(gatewaySettings.profileName));
        otherSettings.standby = gatewaySettings.standby;
        Octets token =
                notary.sign(gatewaySettings, NotaryByHand.voucher(gatewaySettings, otherSettings));
        gateway().give(new Input.HoldVouchers(notary.held(gatewaySettings, otherSettings)));
        client().seatNotary(notary::answer);
        connect();
        gateway().die();
        Node other = world.add(otherSettings);
        other.give(
                new Input.Succeed(
                        gateway().standby().records(),
                        1,
                        NotaryByHand.succession(otherSettings, token)));
        world.advance(Duration.ofMillis(100));
        lose(datagram -> true);
        client().resume(2, clientSettings.profile(), other, client().lastTicket());
        return at(other, -1);
    }

    Situation closed() {
        Situation established = established(false);
        gateway().give(new Input.Close(-1, true));
        return established;
    }
}
