package dev.postern.sim;

import dev.postern.ike.Now;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One run: clients, gateways, clocks, network and faults in one loop on one thread. Safety first,
/// while things go wrong; then everything is healed; then everybody must be connected within
/// [#HEALING_BOUND_NANOS].
public final class Simulation implements World {
    /// From the healing until every client has packets flowing both ways, at most. A client waits 8
    /// s at most between two rounds, a full exchange gives up after 5.9 s per gateway of at most
    /// four, and half-open IKE SAs that a flood has left end after 6 s.
    public static final long HEALING_BOUND_NANOS = 60 * Now.NANOS_PER_SECOND;

    /// How long all must stay connected without a further switch.
    public static final long QUIET_NANOS = 5 * Now.NANOS_PER_SECOND;

    private static final long FRESH_NANOS = 2 * Now.NANOS_PER_SECOND;
    private static final long CHECK_NANOS = 250_000_000;

    /// Inputs at one instant, above which time stands still.
    private static final int STANDSTILL = 20_000;

    private final Plan plan;
    private final Agenda agenda = new Agenda();
    private final Domain domain;
    private final Network network;
    private final Conditions conditions = new Conditions();
    private final Faults faults;
    private final List<StoreModel> stores = new ArrayList<>();
    private final Scratch scratch = new Scratch();
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<Checker> checkers;
    private final List<Observer> observers = new ArrayList<>();
    private final Fingerprint fingerprint = new Fingerprint();
    private final Counts counts = new Counts();
    private final Operator operator = new Operator(this);
    private final GridModel grid;
    private final BridgeModel bridge;
    private final Notary notary;
    private final SharedAddress shared = new SharedAddress(this);
    private int atThisInstant;

    public Simulation(Plan plan, List<Checker> checkers, List<Observer> observers) {
        this.plan = plan;
        this.checkers = List.copyOf(checkers);
        this.observers.add(fingerprint);
        this.observers.add(counts);
        this.observers.add(operator);
        this.observers.addAll(observers);
        this.domain = new Domain(plan);
        this.grid = new GridModel(this);
        this.bridge = new BridgeModel(this);
        for (int site = 0; site < Math.max(1, plan.sites()); site++) {
            stores.add(new StoreModel(conditions));
        }
        this.notary = new Notary(plan, domain);
        Attacker attacker = new Attacker(plan);
        this.network = new Network(agenda, this, conditions, attacker);
        for (int i = 0; i < plan.gateways(); i++) {
            TicketKeys keys = new TicketKeys(TicketKeys.key(plan.seed(), "domain", 0));
            SimulatedGateway gateway = new SimulatedGateway(this, i, Party.Role.GATEWAY, keys);
            gateways.add(gateway);
            if (plan.front(i) == i) {
                network.attachGateway(i, gateway::receive);
            }
        }
        if (plan.alliance().contending()) {
            network.attachGateway(plan.front(0), shared::receive);
        }
        for (int i = 0; i < plan.clients(); i++) {
            SimulatedClient client = new SimulatedClient(this, i);
            clients.add(client);
            network.attachClient(i, client::receive);
        }
        this.faults = new Faults(this, conditions, attacker);
    }

    /// Runs the plan of a seed under all checkers.
    public static Outcome run(long seed) {
        return run(PlanMaker.of(seed));
    }

    public static Outcome run(Plan plan) {
        return new Simulation(plan, Checkers.all(), List.of()).run();
    }

    /// Runs to the end or to the first violation, which the outcome tells, and wipes all keys.
    ///
    /// @throws AssertionError where an observer fails, which says nothing of the run
    public Outcome run() {
        try {
            return outcome();
        } finally {
            close();
        }
    }

    private Outcome outcome() {
        Violation violation = null;
        try {
            safety();
            heal();
            liveness();
        } catch (Violation found) {
            violation = found;
        } catch (RuntimeException bug) {
            violation = asViolation(bug);
        }
        if (violation != null) {
            show(new Happening.Violated(violation));
        }
        return new Outcome(
                plan,
                violation,
                fingerprint.value(),
                agenda.now(),
                faults.injected(),
                fingerprint.steps(),
                fingerprint.datagrams(),
                counts.resumed(),
                counts.established(),
                fingerprint.packets());
    }

    /// Wipes all keys.
    void close() {
        gateways.forEach(gateway -> gateway.crash(true));
        clients.forEach(SimulatedClient::crash);
        faults.close();
    }

    private static Violation asViolation(RuntimeException bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        String place = trace.length == 0 ? "an unknown place" : trace[0].toString();
        Violation violation = new Violation(Checkers.NO_INTERNAL_ERRORS, bug + " at " + place);
        violation.initCause(bug);
        return violation;
    }

    /// Starts gateways and, one after the other, clients.
    void open() {
        gateways.forEach(SimulatedGateway::start);
        for (int i = 0; i < clients.size(); i++) {
            SimulatedClient client = clients.get(i);
            agenda.in(i * 37_000_000L, () -> client.start(false));
        }
    }

    private void safety() {
        open();
        faults.schedule();
        runUntil(plan.safetyMillis() * Now.NANOS_PER_MILLI);
    }

    private void heal() {
        faults.end();
        gateways.forEach(SimulatedGateway::start);
        clients.forEach(client -> client.start(false));
        tell(new Happening.Healed());
    }

    /// Everybody must be connected within the bound, and stay so. Where an exchange that had begun
    /// among the faults fails only now, a client may fall silent once more, within the bound.
    private void liveness() {
        long bound = agenda.now() + HEALING_BOUND_NANOS;
        while (!staysConnected()) {
            if (agenda.now() > bound) {
                throw new Violation(
                        Checkers.EVERYBODY_IS_CONNECTED,
                        disconnected()
                                + " without traffic "
                                + HEALING_BOUND_NANOS / Now.NANOS_PER_SECOND
                                + " s after the last fault");
            }
        }
        tell(new Happening.Ended());
    }

    /// Goes on until somebody is not connected, or all were for [#QUIET_NANOS].
    private boolean staysConnected() {
        long since = agenda.now();
        while (agenda.now() - since < QUIET_NANOS) {
            runUntil(agenda.now() + CHECK_NANOS);
            if (!allConnected()) {
                return false;
            }
        }
        return true;
    }

    private boolean allConnected() {
        return clients.stream().allMatch(client -> client.isOutOfMoves() || isConnected(client));
    }

    boolean isConnected(SimulatedClient client) {
        return !client.gateway().isEmpty()
                && client.lastReply() >= 0
                && agenda.now() - client.lastReply() < FRESH_NANOS;
    }

    private List<SimulatedClient> disconnected() {
        return clients.stream().filter(client -> !isConnected(client)).toList();
    }

    void runUntil(long limit) {
        for (long next = next(); next <= limit; next = next()) {
            atThisInstant = next > agenda.now() ? 0 : atThisInstant + 1;
            if (atThisInstant > STANDSTILL) {
                throw new Violation(Checkers.TIME_GOES_ON, STANDSTILL + " steps at one instant");
            }
            agenda.advanceTo(next);
            if (!passDeadline(next)) {
                agenda.runNext();
            }
        }
        agenda.advanceTo(limit);
    }

    private long next() {
        long earliest = agenda.next();
        for (SimulatedGateway gateway : gateways) {
            earliest = Math.min(earliest, gateway.nextDeadline());
        }
        SimulatedGateway impostor = faults.impostor();
        if (impostor != null) {
            earliest = Math.min(earliest, impostor.nextDeadline());
        }
        for (SimulatedClient client : clients) {
            earliest = Math.min(earliest, client.nextDeadline());
        }
        return Math.max(earliest, agenda.now());
    }

    /// Tells the first node whose deadline has come.
    private boolean passDeadline(long instant) {
        for (SimulatedGateway gateway : gateways) {
            if (gateway.nextDeadline() <= instant) {
                gateway.onDeadline();
                return true;
            }
        }
        SimulatedGateway impostor = faults.impostor();
        if (impostor != null && impostor.nextDeadline() <= instant) {
            impostor.onDeadline();
            return true;
        }
        for (SimulatedClient client : clients) {
            if (client.nextDeadline() <= instant) {
                client.onDeadline();
                return true;
            }
        }
        return false;
    }

    @Override
    public void tell(Happening happening) {
        show(happening);
        for (Checker checker : checkers) {
            checker.see(happening, this);
        }
    }

    private void show(Happening happening) {
        for (Observer observer : observers) {
            try {
                observer.see(happening, this);
            } catch (RuntimeException bug) {
                throw new AssertionError("an observer failed at " + happening, bug);
            }
        }
    }

    /// A bug of ours, caught by an endpoint: in a simulation it ends the run, as does what a
    /// checker says of something that happens inside.
    Consumer<RuntimeException> ownBugs() {
        return bug -> {
            throw bug instanceof Violation violation ? violation : asViolation(bug);
        };
    }

    @Override
    public long now() {
        return agenda.now();
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public List<SimulatedGateway> gateways() {
        return gateways;
    }

    @Override
    public List<SimulatedClient> clients() {
        return clients;
    }

    @Override
    public List<byte[]> secrets() {
        return domain.secrets();
    }

    List<SimulatedGateway> gatewaysAt(int site) {
        return gateways.stream().filter(each -> plan.siteOf(each.index()) == site).toList();
    }

    Agenda agenda() {
        return agenda;
    }

    Domain domain() {
        return domain;
    }

    Network network() {
        return network;
    }

    /// That of each site; one where there is none.
    List<StoreModel> stores() {
        return stores;
    }

    StoreModel store(int site) {
        return stores.get(site);
    }

    Faults faults() {
        return faults;
    }

    /// Whose word counts.
    Notary notary() {
        return notary;
    }

    Operator operator() {
        return operator;
    }

    GridModel grid() {
        return grid;
    }

    BridgeModel bridge() {
        return bridge;
    }

    /// What the members of a tight cluster contend for.
    SharedAddress shared() {
        return shared;
    }

    Conditions conditions() {
        return conditions;
    }

    Scratch scratch() {
        return scratch;
    }
}
