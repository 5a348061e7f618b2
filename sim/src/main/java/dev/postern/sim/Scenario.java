package dev.postern.sim;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A story told step by step, under the checkers of every run:
///
///     Scenario.given(2, 1).connected()
///             .when("gw-a crashes", s -> s.crash("gw-a"))
///             .then("""
///                     c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0
///                     c1 <-- gw-b  IKE_SESSION_RESUME_1RTT response 1|0
///                     c1 --> gw-b  ESP
///                     """)
///             .isAt("c1", "gw-b");
///
/// Between two arrows of a story others may pass: retransmissions, checks, packets.
public final class Scenario implements AutoCloseable {
    private static final long STEP_NANOS = 50 * Now.NANOS_PER_MILLI;
    private static final long PATIENCE_NANOS = 60 * Now.NANOS_PER_SECOND;
    private static final long SEED = 4_2_3;

    private final Simulation simulation;
    private final Story told = new Story();
    private final Standing standing = new Standing();
    private final Insight insight = new Insight();
    private final List<Datagram> heard = new ArrayList<>();
    private int since;
    private int heardBefore;

    /// What a party may wish to do with its newest SAs.
    public enum Move {
        /// A further one.
        CREATE_CHILD_SA,
        REKEY_CHILD_SA,
        CLOSE_CHILD_SA,
        REKEY_IKE_SA,
        CLOSE_IKE_SA
    }

    private Scenario(Setting setting) {
        simulation =
                new Simulation(
                        setting.plan(SEED),
                        Checkers.all(),
                        List.of(told, standing, insight, (happening, _) -> hear(happening)));
        simulation.domain().clientsSpeak(setting.standby());
        simulation.open();
    }

    public static Scenario given(Setting setting) {
        return new Scenario(setting);
    }

    /// Gateways `gw-a` and on, clients `c1` and on, which prefer them in turn; tickets by value.
    public static Scenario given(int gateways, int clients) {
        return given(Setting.of(gateways, clients));
    }

    /// The same with sessions in the gateways' store.
    public static Scenario givenStore(int gateways, int clients) {
        return given(Setting.of(gateways, clients).kept(Setting.Kept.BY_REFERENCE));
    }

    /// The same with SAs that live so long.
    public static Scenario givenLifetimes(int gateways, int clients, Lifetimes lifetimes) {
        return given(Setting.of(gateways, clients).living(lifetimes));
    }

    private Addresses addresses() {
        return simulation.plan().terms().addresses();
    }

    private void hear(Happening happening) {
        if (happening instanceof Happening.Sent sent
                && sent.party().role() != Party.Role.ATTACKER) {
            heard.add(sent.datagram());
        }
    }

    /// Clients that start from now on want a second Child SA beside their first.
    public Scenario withFurtherChildSa() {
        simulation.domain().clientsWantAnother();
        return this;
    }

    /// Waits until every client has packets flowing both ways.
    public Scenario connected() {
        long limit = simulation.now() + PATIENCE_NANOS;
        while (!simulation.clients().stream().allMatch(simulation::isConnected)) {
            if (simulation.now() > limit) {
                throw new AssertionError("not everybody is connected after 60 s:\n" + told);
            }
            advance();
        }
        return this;
    }

    /// Something happens; the story that `then` compares begins here.
    public Scenario when(String what, UnaryOperator<Scenario> happening) {
        since = told.size();
        heardBefore = heard.size();
        standing.forget();
        told.note(what);
        return happening.apply(this);
    }

    /// Waits until these arrows have been seen, in this order.
    public Scenario then(String story) {
        List<String> wanted = story.lines().map(String::strip).toList();
        long limit = simulation.now() + PATIENCE_NANOS;
        while (!told.contain(since, wanted)) {
            if (simulation.now() > limit) {
                throw new AssertionError("the story did not happen:\n" + story + "\nbut:\n" + told);
            }
            advance();
        }
        return this;
    }

    /// No arrow of this kind was seen since the last `when`.
    public Scenario never(String arrow) {
        if (told.contain(since, List.of(arrow))) {
            throw new AssertionError("there is " + arrow + " in:\n" + told);
        }
        return this;
    }

    public Scenario after(Duration time) {
        simulation.runUntil(simulation.now() + time.toNanos());
        return this;
    }

    public Scenario isAt(String client, String gateway) {
        long limit = simulation.now() + PATIENCE_NANOS;
        while (!client(client).gateway().equals(gateway)) {
            if (simulation.now() > limit) {
                throw new AssertionError(
                        client + " is at " + client(client).gateway() + ":\n" + told);
            }
            advance();
        }
        return this;
    }

    /// How often a party has counted this in its present life.
    public long count(String party, Counter counter) {
        IkeEndpoint endpoint = endpoint(party);
        return endpoint == null ? 0 : endpoint.counters().get(counter);
    }

    /// IKE SAs that a party holds, in any state.
    public int size(String party) {
        IkeEndpoint endpoint = endpoint(party);
        return endpoint == null ? 0 : endpoint.size();
    }

    private @Nullable IkeEndpoint endpoint(String party) {
        return party.startsWith("gw") ? gateway(party).endpoint() : client(party).endpoint();
    }

    public Scenario fault(Fault fault) {
        simulation.faults().inject(fault);
        return this;
    }

    /// A party begins something on its own account.
    public Scenario begins(String party, Move move) {
        Input wish = standing.wish(party, move);
        simulation.gateways().stream()
                .filter(each -> each.name().equals(party))
                .forEach(each -> each.give(wish));
        simulation.clients().stream()
                .filter(each -> each.name().equals(party))
                .forEach(each -> each.give(wish));
        return this;
    }

    /// How clients have arrived at their gateways since the last `when`.
    public List<Event.Origin> arrivals() {
        return standing.arrivals();
    }

    /// How many IKE SAs clients have lost since the last `when`.
    public int lost() {
        return standing.closed();
    }

    /// How many SAs of a party have leapt in their sequence numbers since the last `when`.
    public int leaps(String party) {
        return standing.leaps(party);
    }

    /// How often clients were called to another gateway by words that hold, in the whole story.
    public int orders() {
        return standing.orders();
    }

    public Scenario crash(String gateway) {
        gateway(gateway).crash(true);
        return this;
    }

    public Scenario revive(String gateway) {
        gateway(gateway).start();
        return this;
    }

    /// Child SAs in the data plane of a party.
    public int associations(String party) {
        int atGateways =
                simulation.gateways().stream()
                        .filter(each -> each.name().equals(party))
                        .mapToInt(SimulatedGateway::associations)
                        .sum();
        return atGateways
                + simulation.clients().stream()
                        .filter(each -> each.name().equals(party))
                        .mapToInt(SimulatedClient::associations)
                        .sum();
    }

    /// A gateway's TGS keys are gone; it has one of its own from now on.
    public Scenario loseTicketKeys(String gateway) {
        gateway(gateway).keys().replaceAll(List.of(TicketKeys.key(SEED, gateway + " alone", 1)));
        return this;
    }

    public Scenario wallClockWrongBy(String gateway, int seconds) {
        gateway(gateway).clock().showWrongBy(seconds);
        return this;
    }

    /// The attacker sends the newest datagram again whose arrow this is, changed by `change`.
    public Scenario replay(String arrow, UnaryOperator<byte[]> change) {
        Datagram datagram = newest(arrow);
        return inject(datagram.from(), datagram.to(), change.apply(datagram.octets().clone()));
    }

    /// The attacker sends the sender of the newest datagram whose arrow this is what `answer` makes
    /// of it, in the name of its receiver.
    public Scenario reply(String arrow, UnaryOperator<byte[]> answer) {
        Datagram datagram = newest(arrow);
        return inject(datagram.to(), datagram.from(), answer.apply(datagram.octets().clone()));
    }

    /// Somebody at the attacker's address sends a gateway this message.
    public Scenario send(String gateway, byte[] message) {
        InetSocketAddress to = addresses().gateway(gateway(gateway).index());
        byte[] octets = Datagram.ike(addresses().attacker(), to, message).octets();
        return inject(addresses().attacker(), to, octets);
    }

    private Scenario inject(InetSocketAddress from, InetSocketAddress to, byte[] octets) {
        Datagram sent = new Datagram(from, to, octets);
        simulation.network().inject(simulation.faults().attacker(), sent);
        return after(Duration.ofMillis(50));
    }

    /// Whether a message whose arrow this is was sent since the last `when`.
    public boolean hasSaid(String arrow) {
        return told.contain(since, List.of(arrow));
    }

    /// What the first message since the last `when` says inside whose arrow this is ([Insight]).
    public String said(String arrow) {
        return heard.stream()
                .skip(heardBefore)
                .filter(datagram -> told.of(datagram).equals(arrow))
                .findFirst()
                .map(insight::of)
                .orElseThrow(() -> new AssertionError("nobody has said " + arrow + ":\n" + told));
    }

    /// The newest message whose arrow this is.
    public byte[] message(String arrow) {
        return newest(arrow).ikeMessage();
    }

    private Datagram newest(String arrow) {
        return heard.reversed().stream()
                .filter(datagram -> told.of(datagram).equals(arrow))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody has heard " + arrow));
    }

    /// The session that a client would resume next.
    public ResumableSession session(String client) {
        ResumableSession session = client(client).newestTicket();
        if (session == null) {
            throw new AssertionError(client + " has no ticket");
        }
        return session;
    }

    private void advance() {
        simulation.runUntil(simulation.now() + STEP_NANOS);
    }

    private SimulatedGateway gateway(String name) {
        return simulation.gateways().stream()
                .filter(gateway -> gateway.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no gateway " + name));
    }

    private SimulatedClient client(String name) {
        return simulation.clients().stream()
                .filter(client -> client.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no client " + name));
    }

    @Override
    public void close() {
        simulation.close();
    }
}
