package dev.postern.ike.states;

import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.Input;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Authority;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.pki.RevocationSources;
import dev.postern.wire.ExchangeType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// How an IKE SA gets into each state: an exchange that stops because a message is lost, or because
/// nobody answers a question.
final class Situations {
    private final World world = new World(7);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private Situations() {
        gatewaySettings.keys.put(clientSettings.identity, clientSettings.preSharedKey);
    }

    /// A fresh IKE SA for each state, in the order of an IKE SA's life.
    static Map<String, Supplier<Situation>> all() {
        Map<String, Supplier<Situation>> all = new LinkedHashMap<>();
        all.put("SaInitInitiator", () -> new Situations().client(ExchangeType.IKE_SA_INIT));
        all.put(
                "IntermediateInitiator",
                () -> new Situations().hybrid().client(ExchangeType.IKE_INTERMEDIATE));
        all.put("AuthInitiator", () -> new Situations().client(ExchangeType.IKE_AUTH));
        all.put(
                "ResumeInitiator",
                () -> new Situations().resuming(ExchangeType.IKE_SESSION_RESUME_1RTT));
        all.put(
                "OpaqueResumeInitiator",
                () -> new Situations().opaque().resuming(ExchangeType.IKE_SESSION_RESUME));
        all.put("HalfOpen", () -> new Situations().gateway(ExchangeType.IKE_AUTH));
        all.put("AwaitingLease", () -> new Situations().unleased());
        all.put("AwaitingRevocation", () -> new Situations().unaskedOfRevocation());
        all.put("Provisional", () -> new Situations().provisional());
        all.put("Established, at the client", () -> new Situations().established(true));
        all.put("Established, at the gateway", () -> new Situations().established(false));
        all.put("Deleting", () -> new Situations().deleting());
        return all;
    }

    private Situations hybrid() {
        gatewaySettings.ikeSuites =
                List.of(SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519-mlkem768"));
        clientSettings.ikeSuites = gatewaySettings.ikeSuites;
        return this;
    }

    private Situations opaque() {
        clientSettings.resumption = Suites.RFC_5723;
        gatewaySettings.resumption = Suites.RFC_5723;
        return this;
    }

    private static Fate without(ExchangeType lost) {
        return datagram -> datagram.header().exchange() == lost ? Fate.lost() : Fate.delivered();
    }

    private Situation client(ExchangeType lost) {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        world.setFate(without(lost));
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return new Situation(world, client, 1);
    }

    private Situation gateway(ExchangeType lost) {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        world.setFate(without(lost));
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return new Situation(world, gateway, -1);
    }

    private Situation unleased() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        gateway.pool().fallSilent();
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return new Situation(world, gateway, -1);
    }

    private Situation unaskedOfRevocation() {
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
        return unleased();
    }

    private Situation established(boolean atClient) {
        Situation client = client(ExchangeType.IKE_SESSION_RESUME);
        return atClient ? client : new Situation(world, gatewayOf(client), -1);
    }

    private Node gatewayOf(Situation client) {
        return world.nodes().stream()
                .filter(node -> node != client.node())
                .findFirst()
                .orElseThrow();
    }

    private Situation resuming(ExchangeType lost) {
        Situation first = established(true);
        ResumableSession ticket = first.node().lastTicket();
        Node gateway = gatewayOf(first);
        first.node().give(new Input.Close(1, true));
        world.setFate(without(lost));
        first.node().resume(2, clientSettings.profile(), gateway, ticket);
        world.settle();
        return new Situation(world, first.node(), 2);
    }

    private Situation provisional() {
        Situation first = established(true);
        ResumableSession ticket = first.node().lastTicket();
        Node gateway = gatewayOf(first);
        first.node().give(new Input.Close(1, true));
        world.setFate(without(ExchangeType.INFORMATIONAL));
        first.node().resume(2, clientSettings.profile(), gateway, ticket);
        world.settle();
        return new Situation(world, gateway, -2);
    }

    private Situation deleting() {
        Situation first = established(true);
        world.setFate(without(ExchangeType.INFORMATIONAL));
        first.node().give(new Input.Close(1, false));
        world.settle();
        return first;
    }
}
