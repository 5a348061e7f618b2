package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.Identity;

/// Two gateways of one secure domain and a client that may resume at both: where most claims of the
/// profile begin.
final class Resumption {
    static final Identity A = Identity.fqdn("gw-a.example");
    static final Identity B = Identity.fqdn("gw-b.example");

    final World world;
    final GatewaySettings aSettings = new GatewaySettings('a');
    final GatewaySettings bSettings = new GatewaySettings('b');
    final ClientSettings settings = new ClientSettings();
    private long lastHandle;

    Resumption(long seed) {
        world = new World(seed);
    }

    /// Nodes are made when they are first asked for, so that settings can change before.
    private final java.util.Map<String, Node> nodes = new java.util.HashMap<>();

    Node a() {
        return nodes.computeIfAbsent("a", _ -> world.add(aSettings));
    }

    Node b() {
        return nodes.computeIfAbsent("b", _ -> world.add(bSettings));
    }

    Node client() {
        return nodes.computeIfAbsent("c", _ -> world.add(settings));
    }

    /// A full exchange with gw-a; the ticket of it.
    ResumableSession connect() {
        lastHandle++;
        client().initiate(lastHandle, settings.profile(), a());
        world.settle();
        assertThat(client().events(Event.TicketReceived.class)).isNotEmpty();
        return client().lastTicket();
    }

    /// The same, where the client resumes by this protocol alone.
    ResumableSession connect(Session.Kind kind) {
        settings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
        ResumableSession ticket = connect();
        assertThat(ticket.session().kind()).isEqualTo(kind);
        return ticket;
    }

    /// Begins a resume; nothing has arrived yet.
    long begin(Node gateway, ResumableSession session) {
        lastHandle++;
        client().resume(lastHandle, settings.profile(), gateway, session);
        return lastHandle;
    }

    /// A resume, and all that follows from it.
    long resume(Node gateway, ResumableSession session) {
        long handle = begin(gateway, session);
        world.settle();
        return handle;
    }

    ResumeByHand byHand(ResumableSession session, int number) {
        return new ResumeByHand(session, B, number);
    }
}
