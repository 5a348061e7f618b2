package dev.postern.lab.matrix;

import java.util.List;

/// What the answers to echo requests tell of an outage.
///
/// With one series of requests, all are to somebody behind whichever gateway serves. With two, the
/// first went to the gateway that failed, and the second to the one that serves since.
final class Answers {
    private final List<Echoes.Answer> before;
    private final List<Echoes.Answer> after;
    private final boolean oneSeries;
    private final int gap;

    /// @param switchedAt when the other gateway took over: what the failed one's host answers later
    ///   is in clear text, and nobody's business
    Answers(Echoes before, Echoes after, long failedAt, long switchedAt) {
        this(
                before == after ? before.answers() : until(switchedAt, before.answers()),
                after.answers(),
                before == after,
                failedAt);
    }

    private static List<Echoes.Answer> until(long epochMillis, List<Echoes.Answer> answers) {
        return answers.stream().filter(answer -> answer.epochMillis() <= epochMillis).toList();
    }

    Answers(
            List<Echoes.Answer> before,
            List<Echoes.Answer> after,
            boolean oneSeries,
            long failedAt) {
        this.before = before;
        this.after = after;
        this.oneSeries = oneSeries;
        this.gap = longestGap(failedAt);
    }

    /// The index, in one series, of the answer that ended the longest silence after the failure.
    private int longestGap(long failedAt) {
        int longest = 1;
        long silence = -1;
        for (int i = 1; i < before.size(); i++) {
            long here = before.get(i).epochMillis() - before.get(i - 1).epochMillis();
            if (before.get(i).epochMillis() >= failedAt && here > silence) {
                longest = i;
                silence = here;
            }
        }
        return longest;
    }

    /// When the silence began and ended.
    private long silentSince() {
        return oneSeries ? before.get(gap - 1).epochMillis() : before.getLast().epochMillis();
    }

    long recoveredAt() {
        return oneSeries ? before.get(gap).epochMillis() : after.getFirst().epochMillis();
    }

    /// How long nothing was answered, beyond the time from one request to the next.
    long outageMillis() {
        return Math.max(0, recoveredAt() - silentSince() - Echoes.INTERVAL.toMillis());
    }

    /// In one series, requests that were never answered. With two, those that fitted into the
    /// silence: nobody could have answered them.
    int lost() {
        return oneSeries
                ? before.getLast().sequence() - before.getFirst().sequence() + 1 - before.size()
                : (int) (outageMillis() / Echoes.INTERVAL.toMillis());
    }
}
