package dev.postern.sim.scale;

import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.Plan;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.sim.Dice;
import dev.postern.sim.scale.Runners.Kind;

import java.util.Arrays;
import java.util.List;

/// Runs a [ScaleParameters] in steps of a millisecond. A client is a row of numbers and has one
/// instant at which something happens next: a transmission, an answer, the end of an attempt. What
/// it tries, and when, is said by the failover client's own [Plan] (through [Rounds]) and
/// [RetryPolicy] and by the endpoint's [RetransmissionSchedule]; [Runners] are its attempts, and
/// [Servers] the gateways. As the failover client's race, a full exchange is joined by the next one
/// where its gateway is silent, and whoever answers first goes on alone.
///
/// Left out: a full exchange is charged with its first message, and its second one is never lost or
/// repeated; who gives a race up for one that then fails does not try the others again in the same
/// round; and nobody goes on checking its silent gateway.
public final class ScaleModel {
    /// When the gateways die.
    public static final int FAILURE_MILLIS = 1000;

    static final int HORIZON_MILLIS = 180_000;

    private static final int NOBODY = -1;

    private final ScaleParameters parameters;
    private final Dice dice;
    private final ScaleResult result;
    private final Population population;
    private final Servers servers;
    private final Rounds rounds;
    private final Runners runners;

    /// Clients by the millisecond of their next instant: heads, and who comes after whom.
    private final int[] first = new int[HORIZON_MILLIS];

    private final int[] following;

    /// Rounds that have failed, steps of the current one that have begun, and attempts in all.
    private final short[] failed;

    private final short[] taken;
    private final short[] attempts;

    /// When the next gateway is asked beside those that are silent.
    private final int[] joinAt;

    private ScaleModel(ScaleParameters parameters) {
        this.parameters = parameters;
        this.dice = Dice.of(parameters.seed(), "scale");
        this.result = new ScaleResult(parameters);
        this.population = new Population(parameters);
        this.servers = new Servers(parameters, result);
        this.rounds = new Rounds(parameters.knownGateways(), parameters.tickets());
        int clients = parameters.clients();
        runners = new Runners(clients);
        following = new int[clients];
        failed = new short[clients];
        taken = new short[clients];
        attempts = new short[clients];
        joinAt = new int[clients];
        Arrays.fill(first, NOBODY);
        Arrays.fill(joinAt, Runners.NEVER);
    }

    public static ScaleResult run(ScaleParameters parameters) {
        ScaleModel model = new ScaleModel(parameters);
        model.fail();
        for (int now = 0; now < HORIZON_MILLIS; now++) {
            model.pass(now);
        }
        return model.result;
    }

    /// Clients are spread evenly; those of the gateways that die notice it, each in its time.
    private void fail() {
        for (int client = 0; client < parameters.clients(); client++) {
            if (servers.isLost(population.home(client), FAILURE_MILLIS)) {
                result.affected();
                result.checked(RetransmissionSchedule.QUICK.transmissions());
                schedule(client, FAILURE_MILLIS + detection(client));
            }
        }
    }

    /// Until the client knows: unanswered traffic or an idle connection's check, and the check's
    /// retransmissions.
    private int detection(int client) {
        int suspicion = population.untilCheck(client);
        if (population.isActive(client)) {
            int packet = population.untilPacket(client);
            int watched =
                    Math.floorMod(population.untilWatch(client) - packet, Population.WATCH_MILLIS);
            suspicion = packet + watched + parameters.silenceMillis();
        }
        return suspicion + patience(RetransmissionSchedule.QUICK);
    }

    /// From the first transmission of a request until it is given up.
    static int patience(RetransmissionSchedule schedule) {
        long nanos = 0;
        for (int i = 1; i <= schedule.transmissions(); i++) {
            nanos += schedule.waitAfter(i);
        }
        return (int) (nanos / Now.NANOS_PER_MILLI);
    }

    private void schedule(int client, int instant) {
        if (instant < HORIZON_MILLIS) {
            following[client] = first[instant];
            first[instant] = client;
        }
    }

    private void pass(int now) {
        int client = first[now];
        while (client != NOBODY) {
            int next = following[client];
            int due = act(client, now);
            if (due != Runners.NEVER) {
                schedule(client, Math.max(now + 1, due));
            }
            client = next;
        }
    }

    /// What is due to this client; when the next thing is.
    private int act(int client, int now) {
        if (runners.count(client) == 0) {
            return next(client, now);
        }
        for (int runner = 0; runner < runners.count(client); runner++) {
            if (runners.isAnswered(client, runner, now)) {
                return answered(client, runner, now);
            }
        }
        for (int runner = runners.count(client) - 1; runner >= 0; runner--) {
            if (runners.due(client, runner) <= now) {
                if (runners.isSpent(client, runner)) {
                    giveUp(client, runner, now);
                } else {
                    transmit(client, runner, now);
                }
            }
        }
        if (runners.count(client) == 0) {
            return next(client, now);
        }
        if (joinAt[client] <= now) {
            join(client, now);
        }
        return due(client);
    }

    private int due(int client) {
        int due = joinAt[client];
        for (int runner = 0; runner < runners.count(client); runner++) {
            due = Math.min(due, runners.due(client, runner));
        }
        return due;
    }

    /// The next step of the round, or the wait for the next round.
    private int next(int client, int now) {
        List<Plan.Step> round = rounds.after(failed[client]);
        if (taken[client] == round.size()) {
            failed[client]++;
            result.roundFailed();
            taken[client] = 0;
            joinAt[client] = Runners.NEVER;
            long wait = parameters.retry().afterRounds(failed[client], dice);
            return now + (int) (wait / Now.NANOS_PER_MILLI);
        }
        take(client, 0, round.get(taken[client]), now);
        return due(client);
    }

    private void take(int client, int runner, Plan.Step step, int now) {
        taken[client]++;
        Kind full = step.unlessResumable() ? Kind.FULL_UNLESS_RESUMABLE : Kind.FULL;
        begin(client, runner, step.resume() ? Kind.RESUME : full, step.gateway(), now);
        long after = parameters.retry().raceAfterNanos();
        boolean joined = after > 0 && runner + 1 < RetryPolicy.MOST_AT_A_TIME && !step.resume();
        joinAt[client] = joined ? now + (int) (after / Now.NANOS_PER_MILLI) : Runners.NEVER;
    }

    /// Asks the next gateway beside those that are silent. No other one is asked beside a resume.
    private void join(int client, int now) {
        joinAt[client] = Runners.NEVER;
        List<Plan.Step> round = rounds.after(failed[client]);
        if (!runners.kind(client, 0).isResume() && taken[client] < round.size()) {
            take(client, runners.count(client), round.get(taken[client]), now);
        }
    }

    private void begin(int client, int runner, Kind kind, int place, int now) {
        attempts[client]++;
        runners.begin(client, runner, kind, place, now);
        transmit(client, runner, now);
    }

    private void transmit(int client, int runner, int now) {
        int gateway = population.gateway(client, runners.place(client, runner));
        runners.sent(client, runner);
        result.sent();
        if (runners.awaitsAnswer(client, runner)) {
            servers.askAgain(gateway, now);
            return;
        }
        int answer = servers.ask(gateway, runners.kind(client, runner).isResume(), now);
        if (answer != Servers.NONE) {
            runners.answerAt(client, runner, Math.max(now + 1, answer));
        }
    }

    /// @return when something happens next; never to a client that is back
    private int answered(int client, int runner, int now) {
        joinAt[client] = Runners.NEVER;
        Kind kind = runners.kind(client, runner);
        int place = runners.place(client, runner);
        switch (kind) {
            case FULL -> {
                result.sent();
                runners.leaveAlone(client, runner);
                runners.goesOn(client, servers.goOn(population.gateway(client, place), now));
            }
            case FULL_UNLESS_RESUMABLE -> {
                runners.leaveAlone(client, runner);
                begin(client, 0, Kind.RESUME_AFTER_ALL, place, now);
            }
            case RESUME, RESUME_AFTER_ALL, GOES_ON -> {
                result.recovered(
                        now, population.gateway(client, place), attempts[client], kind.isResume());
                return Runners.NEVER;
            }
            case NONE -> throw new IllegalStateException("an answer to nothing");
        }
        return due(client);
    }

    private void giveUp(int client, int runner, int now) {
        result.gaveUp();
        if (runners.kind(client, runner) == Kind.RESUME_AFTER_ALL) {
            begin(client, runner, Kind.FULL, runners.place(client, runner), now);
            return;
        }
        runners.remove(client, runner);
        joinAt[client] = parameters.retry().raceAfterNanos() > 0 ? now : Runners.NEVER;
    }
}
