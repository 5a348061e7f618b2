package dev.postern.sim.scale;

import java.util.Arrays;

/// What came of a run of the model.
public final class ScaleResult {
    private static final int SECONDS = ScaleModel.HORIZON_MILLIS / 1000;

    private static final long SECOND_MICROS = 1_000_000;

    private final ScaleParameters parameters;
    private final int[] recoveredAt = new int[ScaleModel.HORIZON_MILLIS];
    private final long[][] busyMicros;
    private final int[][] exchanges;
    private final int[] sessions;
    private final long[] attempts = new long[8];
    private long attemptsBegun;
    private long longestQueueMicros;
    private int affected;
    private int recovered;
    private int resumed;
    private long dropped;
    private long gaveUp;
    private long messages;
    private long checks;
    private long rounds;

    ScaleResult(ScaleParameters parameters) {
        this.parameters = parameters;
        this.busyMicros = new long[parameters.gateways()][SECONDS];
        this.exchanges = new int[parameters.gateways()][SECONDS];
        this.sessions = new int[parameters.gateways()];
    }

    void affected() {
        affected++;
    }

    void recovered(int now, int gateway, int attempt, boolean byResume) {
        recoveredAt[now]++;
        sessions[gateway]++;
        recovered++;
        resumed += byResume ? 1 : 0;
        attemptsBegun += attempt;
        attempts[Math.min(attempt, attempts.length) - 1]++;
    }

    /// A gateway works from `begin`, in microseconds: counted where it does, and not where the work
    /// has arrived.
    void worked(int gateway, long begin, int micros) {
        int second = (int) (begin / SECOND_MICROS);
        long within = Math.min(micros, (second + 1) * SECOND_MICROS - begin);
        work(gateway, second, within);
        work(gateway, second + 1, micros - within);
    }

    private void work(int gateway, int second, long micros) {
        if (second < SECONDS) {
            busyMicros[gateway][second] += micros;
        }
    }

    /// A gateway sends an answer, in microseconds, to a request that has waited for its turn.
    void answered(int gateway, long instant, long queued) {
        int second = (int) (instant / SECOND_MICROS);
        if (second < SECONDS) {
            exchanges[gateway][second]++;
        }
        longestQueueMicros = Math.max(longestQueueMicros, queued);
    }

    void dropped() {
        dropped++;
    }

    void gaveUp() {
        gaveUp++;
    }

    /// A client that is not back has sent a message of an attempt.
    void sent() {
        messages++;
    }

    /// It has asked the silent gateway whether it lives, so many times.
    void checked(int count) {
        checks += count;
    }

    /// All gateways have been silent to a client, which waits now.
    void roundFailed() {
        rounds++;
    }

    public ScaleParameters parameters() {
        return parameters;
    }

    /// Clients whose gateway died.
    public int clientsAffected() {
        return affected;
    }

    public int clientsRecovered() {
        return recovered;
    }

    public int clientsResumed() {
        return resumed;
    }

    /// Requests that found a gateway's queue full.
    public long requestsDropped() {
        return dropped;
    }

    public long attemptsGivenUp() {
        return gaveUp;
    }

    /// What affected clients have sent in their attempts until they were back, each on average.
    public double messagesPerClient() {
        return (double) messages / Math.max(1, affected);
    }

    /// What they have sent to ask whether their silent gateway lives.
    public double checksPerClient() {
        return (double) checks / Math.max(1, affected);
    }

    /// Rounds in which all gateways were silent, after each of which a client has waited.
    public long roundsFailed() {
        return rounds;
    }

    /// How many clients needed one attempt, two, and so on; the last counts all that needed more.
    public long[] attempts() {
        return attempts.clone();
    }

    /// What those that are back have begun each, on average.
    public double meanAttempts() {
        return (double) attemptsBegun / Math.max(1, recovered);
    }

    public double longestQueueMillis() {
        return longestQueueMicros / 1000.0;
    }

    /// Milliseconds after the failure until this share of the affected clients is back, or -1.
    public int millisUntil(double share) {
        long wanted = (long) Math.ceil(share * affected);
        long sum = 0;
        for (int now = 0; now < recoveredAt.length; now++) {
            sum += recoveredAt[now];
            if (sum >= wanted) {
                return now - ScaleModel.FAILURE_MILLIS;
            }
        }
        return -1;
    }

    public double meanMillis() {
        double sum = 0;
        for (int now = 0; now < recoveredAt.length; now++) {
            sum += (double) recoveredAt[now] * (now - ScaleModel.FAILURE_MILLIS);
        }
        return sum / Math.max(1, recovered);
    }

    /// The share of affected clients that is back, each second after the failure.
    public double[] recoveryCurve(int seconds) {
        double[] curve = new double[seconds + 1];
        long sum = 0;
        int now = 0;
        for (int second = 0; second <= seconds; second++) {
            int until = ScaleModel.FAILURE_MILLIS + second * 1000;
            for (; now < until; now++) {
                sum += recoveredAt[now];
            }
            curve[second] = (double) sum / Math.max(1, affected);
        }
        return curve;
    }

    /// Requests that the busiest gateway answers, in each second after the failure.
    public double[] busiest(int seconds) {
        double[] most = new double[seconds + 1];
        for (int[] gateway : exchanges) {
            for (int second = 0; second <= seconds; second++) {
                most[second] = Math.max(most[second], gateway[second + 1]);
            }
        }
        return most;
    }

    /// The highest share of a core that any gateway spent on exchanges in one second.
    public double highestLoad() {
        return Arrays.stream(busyMicros).flatMapToLong(Arrays::stream).max().orElse(0) / 1e6;
    }

    /// Sessions that the fullest gateway holds in the end.
    public int sessionsPerGateway() {
        int before = parameters.clients() / parameters.gateways();
        int most = 0;
        for (int i = 0; i < sessions.length; i++) {
            int kept = i < parameters.gatewaysLost() ? 0 : before;
            most = Math.max(most, kept + sessions[i]);
        }
        return most;
    }
}
