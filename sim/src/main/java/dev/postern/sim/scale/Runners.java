package dev.postern.sim.scale;

import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.RetryPolicy;

import java.util.Arrays;

/// The attempts that each client has under way, as rows of numbers: the first one, and those that
/// are asked beside it.
final class Runners {
    static final int NEVER = Integer.MAX_VALUE;

    /// What an attempt is.
    enum Kind {
        NONE,
        RESUME,
        FULL,
        /// A full exchange that gives way where the gateway turns out to know resumes.
        FULL_UNLESS_RESUMABLE,
        /// The resume that it gives way to.
        RESUME_AFTER_ALL,
        /// The first answer of a full exchange is there; the second one is awaited.
        GOES_ON;

        boolean isResume() {
            return this == RESUME || this == RESUME_AFTER_ALL;
        }

        /// When its request goes out again and is given up, as production does.
        private int[] offsets() {
            return isResume() ? QUICK : STANDARD;
        }
    }

    private static final int EACH = RetryPolicy.MOST_AT_A_TIME;
    private static final int[] QUICK = offsets(RetransmissionSchedule.QUICK);
    private static final int[] STANDARD = offsets(RetransmissionSchedule.STANDARD);

    private final Kind[] kind;
    private final byte[] place;
    private final byte[] sent;
    private final int[] began;
    private final int[] answer;

    Runners(int clients) {
        int rows = EACH * clients;
        kind = new Kind[rows];
        Arrays.fill(kind, Kind.NONE);
        place = new byte[rows];
        sent = new byte[rows];
        began = new int[rows];
        answer = new int[rows];
    }

    /// After each transmission, from the first one on: when the next one follows, or the end.
    private static int[] offsets(RetransmissionSchedule schedule) {
        int[] offsets = new int[schedule.transmissions()];
        long nanos = 0;
        for (int i = 0; i < offsets.length; i++) {
            nanos += schedule.waitAfter(i + 1);
            offsets[i] = (int) (nanos / Now.NANOS_PER_MILLI);
        }
        return offsets;
    }

    int count(int client) {
        int count = 0;
        while (count < EACH && kind(client, count) != Kind.NONE) {
            count++;
        }
        return count;
    }

    Kind kind(int client, int runner) {
        return kind[client * EACH + runner];
    }

    int place(int client, int runner) {
        return place[client * EACH + runner];
    }

    void begin(int client, int runner, Kind as, int where, int now) {
        int row = client * EACH + runner;
        kind[row] = as;
        place[row] = (byte) where;
        sent[row] = 0;
        began[row] = now;
        answer[row] = NEVER;
    }

    /// Only this one is left, and becomes the first.
    void leaveAlone(int client, int runner) {
        copy(client * EACH + runner, client * EACH);
        for (int i = 1; i < EACH; i++) {
            kind[client * EACH + i] = Kind.NONE;
        }
    }

    void remove(int client, int runner) {
        for (int i = runner; i + 1 < EACH; i++) {
            copy(client * EACH + i + 1, client * EACH + i);
        }
        kind[client * EACH + EACH - 1] = Kind.NONE;
    }

    private void copy(int from, int to) {
        kind[to] = kind[from];
        place[to] = place[from];
        sent[to] = sent[from];
        began[to] = began[from];
        answer[to] = answer[from];
    }

    void sent(int client, int runner) {
        sent[client * EACH + runner]++;
    }

    boolean isSpent(int client, int runner) {
        return sent[client * EACH + runner] == kind(client, runner).offsets().length;
    }

    /// Whether its request is under way to a gateway that will answer.
    boolean awaitsAnswer(int client, int runner) {
        return answer[client * EACH + runner] != NEVER;
    }

    void answerAt(int client, int runner, int instant) {
        answer[client * EACH + runner] = instant;
    }

    /// The second half of a full exchange.
    void goesOn(int client, int until) {
        kind[client * EACH] = Kind.GOES_ON;
        answer[client * EACH] = until;
    }

    boolean isAnswered(int client, int runner, int now) {
        return answer[client * EACH + runner] <= now;
    }

    /// When something happens to it next.
    int due(int client, int runner) {
        int row = client * EACH + runner;
        Kind is = kind(client, runner);
        return is == Kind.GOES_ON
                ? answer[row]
                : Math.min(answer[row], began[row] + is.offsets()[sent[row] - 1]);
    }
}
