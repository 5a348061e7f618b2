package dev.postern.sim.scale;

import dev.postern.ike.Now;
import dev.postern.sim.Agenda;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// A [ScaleParameters] with real clients and gateways: the
/// [dev.postern.ike.failover.FailoverClient] and [dev.postern.ike.IkeEndpoint] of production with
/// the cryptography that they have, in one loop, on one thread, in virtual time. Of the model there
/// are the [Population], the delay of the network, and what messages cost gateways ([Work]) behind
/// one queue each. No data plane: packets are counted. No checker looks on.
public final class RealRun {
    /// The origin of all monotonic clocks, and what calendars show then: 2026-01-01.
    private static final long CLOCK_NANOS = 1_000 * Now.NANOS_PER_SECOND;

    private static final long EPOCH = 1_767_225_600L;

    private static final long MICRO = 1_000;

    private final ScaleParameters parameters;
    private final Population population;
    private final RealDomain domain;
    private final ScaleResult result;
    private final Agenda agenda = new Agenda();
    private final List<RealGateway> gateways = new ArrayList<>();
    private final List<RealClient> clients = new ArrayList<>();
    private boolean underWay;
    private int innerAddresses;

    public RealRun(ScaleParameters parameters) {
        this.parameters = parameters;
        this.population = new Population(parameters);
        this.domain = new RealDomain(parameters, population);
        this.result = new ScaleResult(parameters);
        for (int gateway = 0; gateway < parameters.gateways(); gateway++) {
            gateways.add(new RealGateway(this, gateway));
        }
    }

    /// From the first connection to the failure, and what follows.
    public static ScaleResult run(ScaleParameters parameters) {
        RealRun run = new RealRun(parameters);
        run.connect();
        return run.fail();
    }

    /// Everybody connects with its own gateway: an idle client at that instant after which its
    /// check is due when the model says so.
    ///
    /// @throws IllegalStateException where somebody is not connected
    public void connect() {
        for (int number = 0; number < parameters.clients(); number++) {
            RealClient client = new RealClient(this, number);
            clients.add(client);
            agenda.at(population.untilCheck(number) * Now.NANOS_PER_MILLI, client::start);
        }
        pass(failureAt() - 1);
        long connected = clients.stream().filter(RealClient::isConnected).count();
        if (connected < parameters.clients()) {
            throw new IllegalStateException(
                    connected + " of " + parameters.clients() + " clients are connected");
        }
    }

    /// The gateways die, and clients find others until the model's time is over.
    public ScaleResult fail() {
        underWay = true;
        agenda.at(failureAt(), this::lose);
        if (parameters.backAfterMillis() > 0) {
            agenda.at(
                    failureAt() + parameters.backAfterMillis() * Now.NANOS_PER_MILLI,
                    () -> lost().forEach(RealGateway::start));
        }
        int horizon = ScaleModel.HORIZON_MILLIS - ScaleModel.FAILURE_MILLIS;
        pass(failureAt() + horizon * Now.NANOS_PER_MILLI - 1);
        return result;
    }

    private List<RealGateway> lost() {
        return gateways.subList(0, parameters.gatewaysLost());
    }

    private void lose() {
        List<RealGateway> lost = lost();
        lost.forEach(RealGateway::lose);
        for (RealClient client : clients) {
            if (client.gateway() < lost.size()) {
                client.cutOff();
            }
        }
    }

    private void pass(long until) {
        while (agenda.next() <= until) {
            agenda.runNext();
        }
        agenda.advanceTo(until);
    }

    /// A client sends a datagram.
    void toGateway(int gateway, int client, byte[] octets) {
        agenda.in(halfRoundTrip(), () -> gateways.get(gateway).receive(client, octets));
    }

    /// A gateway sends one.
    void toClient(int client, int gateway, byte[] octets) {
        agenda.in(halfRoundTrip(), () -> clients.get(client).receive(gateway, octets));
    }

    long halfRoundTrip() {
        return parameters.roundTripMillis() * Now.NANOS_PER_MILLI / 2;
    }

    /// When the gateways die: an idle client has heard the second answer of its first exchange the
    /// time of a check before its check.
    long failureAt() {
        return (parameters.idleMillis() + 2L * parameters.roundTripMillis()) * Now.NANOS_PER_MILLI;
    }

    /// Whether the failure has come; before, nothing is counted and messages cost nothing.
    boolean isUnderWay() {
        return underWay;
    }

    Now now() {
        long nanos = CLOCK_NANOS + agenda.now();
        return new Now(nanos, EPOCH + nanos / Now.NANOS_PER_SECOND);
    }

    /// When clocks show this.
    long instantOf(long nanos) {
        return nanos == Long.MAX_VALUE ? nanos : nanos - CLOCK_NANOS;
    }

    /// The time of the model.
    long modelMicros(long instant) {
        return (instant - failureAt()) / MICRO + ScaleModel.FAILURE_MILLIS * MICRO;
    }

    int modelMillis() {
        return (int) (modelMicros(agenda.now()) / MICRO);
    }

    static long nanos(int micros) {
        return micros * MICRO;
    }

    InetAddress nextInnerAddress() {
        return RealDomain.innerAddress(++innerAddresses);
    }

    ScaleParameters parameters() {
        return parameters;
    }

    Work work() {
        return parameters.work();
    }

    Population population() {
        return population;
    }

    RealDomain domain() {
        return domain;
    }

    Agenda agenda() {
        return agenda;
    }

    ScaleResult result() {
        return result;
    }
}
