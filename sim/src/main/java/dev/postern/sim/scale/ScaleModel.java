package dev.postern.sim.scale;

import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.sim.Dice;

import java.util.Arrays;

/// Runs a [ScaleParameters] in steps of a millisecond. A client is a row of numbers and has one
/// instant at which something happens next: a transmission, an answer, the end of an attempt. A
/// gateway is a queue with one server, which holds as much work as the endpoint's queue does and
/// drops what is beyond it.
public final class ScaleModel {
    /// When the gateways die.
    public static final int FAILURE_MILLIS = 1000;

    static final int HORIZON_MILLIS = 180_000;

    /// Messages that wait for a gateway's endpoint, as in production.
    private static final int QUEUE_CAPACITY = 16_384;

    /// The answer to a retransmission, and a dropped datagram, cost next to nothing.
    private static final int REPEAT_MICROS = 3;

    private static final int WATCH_MILLIS = 50;
    private static final long RETRY_FIRST_MILLIS = 1000;
    private static final long RETRY_MAXIMUM_MILLIS = 30_000;
    private static final int SHUFFLE_TURNS = 10;
    private static final int NONE = -1;

    private final ScaleParameters parameters;
    private final Dice dice;
    private final ScaleResult result;

    /// Clients by the millisecond of their next instant: heads, and who comes after whom.
    private final int[] first = new int[HORIZON_MILLIS];

    private final int[] following;
    private final int[] home;
    private final short[] step;
    private final short[] round;
    private final byte[] sent;
    private final int[] answerAt;
    private final int[] attemptBegan;

    /// Until when each gateway has work, in microseconds.
    private final long[] busyUntil;

    private ScaleModel(ScaleParameters parameters) {
        this.parameters = parameters;
        this.dice = Dice.of(parameters.seed(), "scale");
        this.result = new ScaleResult(parameters);
        int clients = parameters.clients();
        following = new int[clients];
        home = new int[clients];
        step = new short[clients];
        round = new short[clients];
        sent = new byte[clients];
        answerAt = new int[clients];
        attemptBegan = new int[clients];
        busyUntil = new long[parameters.gateways()];
        Arrays.fill(first, NONE);
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
            home[client] = client % parameters.gateways();
            if (isLost(home[client], FAILURE_MILLIS)) {
                result.affected();
                step[client] = NONE;
                sent[client] = 0;
                schedule(client, FAILURE_MILLIS + detection());
            }
        }
    }

    private boolean isLost(int gateway, int now) {
        int back = parameters.backAfterMillis();
        return gateway < parameters.gatewaysLost() && (back == 0 || now < FAILURE_MILLIS + back);
    }

    /// Until the client knows: unanswered traffic or an idle connection's check, and the check's
    /// retransmissions.
    private int detection() {
        boolean active = dice.below(1000) < parameters.activePermille();
        int suspicion =
                active
                        ? dice.below(parameters.packetMillis())
                                + parameters.silenceMillis()
                                + dice.below(WATCH_MILLIS)
                        : dice.below(parameters.idleMillis());
        return suspicion + patience(RetransmissionSchedule.QUICK);
    }

    /// From the first transmission of a request until it is given up.
    private static int patience(RetransmissionSchedule schedule) {
        return offset(schedule, schedule.transmissions());
    }

    private static int offset(RetransmissionSchedule schedule, int transmissions) {
        long nanos = 0;
        for (int i = 1; i <= transmissions; i++) {
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
        while (client != NONE) {
            int next = following[client];
            act(client, now);
            client = next;
        }
    }

    private void act(int client, int now) {
        if (step[client] == NONE) {
            begin(client, 0, now);
        } else if (answerAt[client] == now) {
            result.recovered(
                    now, round[client] * stepsOfARound() + step[client] + 1, resumes(client));
        } else if (sent[client] >= schedule(client).transmissions()) {
            giveUp(client, now);
        } else {
            transmit(client, now);
        }
    }

    private int stepsOfARound() {
        return (parameters.tickets() ? 2 : 1) * parameters.knownGateways();
    }

    /// Every gateway with a resume, then every one in full, as the failover client's plan is.
    private boolean resumes(int client) {
        return parameters.tickets() && step[client] < parameters.knownGateways();
    }

    private RetransmissionSchedule schedule(int client) {
        return resumes(client) ? RetransmissionSchedule.QUICK : RetransmissionSchedule.STANDARD;
    }

    /// Its own gateway comes last, as it has just been silent.
    private int target(int client) {
        int place = step[client] % parameters.knownGateways();
        if (place == parameters.knownGateways() - 1) {
            return home[client];
        }
        int other = parameters.ownOrder() ? own(client, place) : place;
        return (home[client] + 1 + other) % parameters.gateways();
    }

    /// A permutation of 0 to gateways - 2, another for each client: a swap-or-not shuffle.
    private int own(int client, int place) {
        int others = parameters.gateways() - 1;
        int at = place;
        for (int turn = 0; turn < SHUFFLE_TURNS; turn++) {
            int mirrored = Math.floorMod(mix(client, turn) - at, others);
            boolean swap = (mix(client ^ 0x5bd1_e995 * Math.max(at, mirrored), turn) & 1) != 0;
            at = swap ? mirrored : at;
        }
        return at;
    }

    private static int mix(int value, int turn) {
        int mixed = (value + 0x9e37_79b9 * (turn + 1)) * 0x85eb_ca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2_ae35;
        return mixed ^ (mixed >>> 16);
    }

    private void begin(int client, int newStep, int now) {
        step[client] = (short) newStep;
        sent[client] = 0;
        answerAt[client] = Integer.MAX_VALUE;
        attemptBegan[client] = now;
        transmit(client, now);
    }

    private void transmit(int client, int now) {
        sent[client]++;
        RetransmissionSchedule schedule = schedule(client);
        int answer = arrive(client, target(client), now);
        if (answer != NONE && answer < answerAt[client]) {
            answerAt[client] = Math.max(now + 1, answer);
        }
        int again = attemptBegan[client] + offset(schedule, sent[client]);
        schedule(client, Math.max(now + 1, Math.min(again, answerAt[client])));
    }

    /// When the gateway's answer is there, or NONE.
    private int arrive(int client, int gateway, int now) {
        if (isLost(gateway, now)) {
            return NONE;
        }
        int trips = resumes(client) ? 1 : 2;
        long arrival = (now + parameters.roundTripMillis() / 2L) * 1000;
        long begin = Math.max(busyUntil[gateway], arrival);
        if (answerAt[client] != Integer.MAX_VALUE) {
            busyUntil[gateway] = begin + REPEAT_MICROS;
            return NONE;
        }
        int micros = resumes(client) ? parameters.resumeMicros() : parameters.fullMicros();
        if (begin - arrival > (long) QUEUE_CAPACITY * micros) {
            result.dropped();
            return NONE;
        }
        busyUntil[gateway] = begin + micros;
        result.worked(now, gateway, micros, begin - arrival);
        // The queue is paid once: what follows of a full exchange is counted in `micros`.
        return (int) ((begin + micros) / 1000)
                + parameters.roundTripMillis() * trips
                - parameters.roundTripMillis() / 2;
    }

    private void giveUp(int client, int now) {
        result.gaveUp();
        if (step[client] + 1 < stepsOfARound()) {
            begin(client, step[client] + 1, now);
            return;
        }
        round[client]++;
        step[client] = NONE;
        schedule(client, now + retryWait(round[client]));
    }

    /// [dev.postern.ike.failover.RetryPolicy]: exponential with full jitter.
    private int retryWait(int failedRounds) {
        if (!parameters.backOff()) {
            return 1;
        }
        long ceiling =
                Math.min(RETRY_MAXIMUM_MILLIS, RETRY_FIRST_MILLIS << Math.min(failedRounds, 20));
        return 1 + (int) dice.below(ceiling);
    }
}
