package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.ike.Now;
import dev.postern.ike.failover.RetryPolicy;

import org.junit.jupiter.api.Test;

/// The model against the clients and gateways of production, in runs of one size: who is back when,
/// what gateways do, and what clients send for it.
class RealRunTest {
    private static final int CLIENTS = 300;

    /// Everything dies, and is back while clients have full exchanges under way in their third
    /// round.
    private static final int OUTAGE_MILLIS = 23_000;

    /// How far the model may be from the real ones: in time, beside a tenth of what the crowd
    /// takes.
    private static final double SLACK_MILLIS = 150;

    private static final double IN_CROWD = 0.1;
    private static final double IN_LOAD = 0.2;
    private static final double IN_ATTEMPTS = 0.05;

    /// Four gateways, of which some die. All clients have traffic: they come within a second of
    /// each other, and gateways are so slow that most have to wait.
    private static ScaleParameters crowd(
            int resumeMicros, int lost, int backAfterMillis, boolean tickets) {
        return new ScaleParameters(
                1,
                CLIENTS,
                4,
                lost,
                backAfterMillis,
                4,
                1000,
                200,
                400,
                10_000,
                20,
                new Work(resumeMicros, 3 * resumeMicros, resumeMicros / 30, 1000),
                true,
                tickets,
                new RetryPolicy(Now.NANOS_PER_SECOND, 8 * Now.NANOS_PER_SECOND));
    }

    private record Runs(ScaleResult real, ScaleResult model) {
        static Runs of(ScaleParameters parameters) {
            return new Runs(RealRun.run(parameters), ScaleModel.run(parameters));
        }

        /// @param from when the crowd comes
        void agreeOnTimes(int from) {
            assertThat(real.clientsAffected()).isPositive();
            assertThat(model.clientsAffected()).isEqualTo(real.clientsAffected());
            assertThat(model.clientsRecovered()).isEqualTo(real.clientsRecovered());
            for (double share : new double[] {0.25, 0.5, 0.75, 0.9, 0.99}) {
                int time = real.millisUntil(share);
                assertThat((double) model.millisUntil(share))
                        .as("milliseconds until %s are back", share)
                        .isCloseTo(time, within(SLACK_MILLIS + IN_CROWD * (time - from)));
            }
            assertThat(model.meanMillis())
                    .as("milliseconds on average")
                    .isCloseTo(real.meanMillis(), within(SLACK_MILLIS));
        }

        void agreeOnWork() {
            close("load of a core", model.highestLoad(), real.highestLoad(), IN_LOAD);
            close("attempts", model.meanAttempts(), real.meanAttempts(), IN_ATTEMPTS);
            close("given up", model.attemptsGivenUp(), real.attemptsGivenUp(), IN_ATTEMPTS);
            close("rounds", model.roundsFailed(), real.roundsFailed(), IN_ATTEMPTS);
            assertThat(model.requestsDropped()).isEqualTo(real.requestsDropped());
        }

        void agreeOnMessages() {
            close("messages", model.messagesPerClient(), real.messagesPerClient(), IN_ATTEMPTS);
        }

        private static void close(String what, Number modelled, Number real, double share) {
            assertThat(modelled.doubleValue())
                    .as(what)
                    .isCloseTo(real.doubleValue(), within(share * real.doubleValue()));
        }
    }

    @Test
    void aSiteDies() {
        Runs runs = Runs.of(ScaleParameters.SITE_LOST.scaledTo(CLIENTS, RealResults.GATEWAYS));
        runs.agreeOnTimes(0);
        runs.agreeOnWork();
        runs.agreeOnMessages();
        assertThat(runs.real().clientsResumed()).isEqualTo(runs.real().clientsRecovered());
    }

    @Test
    void aSiteDiesAndTheOthersAreSlow() {
        ScaleParameters parameters = crowd(10_000, 2, 0, true);
        Runs runs = Runs.of(parameters);
        runs.agreeOnTimes(parameters.silenceMillis());
        runs.agreeOnWork();
        runs.agreeOnMessages();
        assertThat(runs.real().longestQueueMillis()).as("a crowd").isGreaterThan(200);
    }

    /// Rounds, the waits between them, and gateways that work without a pause when they are back.
    @Test
    void everythingDiesAndIsBackAndIsSlow() {
        Runs runs = Runs.of(crowd(4_000, 4, OUTAGE_MILLIS, true));
        runs.agreeOnTimes(OUTAGE_MILLIS);
        runs.agreeOnWork();
        runs.agreeOnMessages();
        assertThat(runs.real().highestLoad()).as("a crowd").isGreaterThan(0.9);
    }

    /// The race of full exchanges. Of the second request the model repeats none.
    @Test
    void aSiteDiesAndNobodyHoldsATicketAndTheOthersAreSlow() {
        ScaleParameters parameters = crowd(10_000, 2, 0, false);
        Runs runs = Runs.of(parameters);
        runs.agreeOnTimes(parameters.silenceMillis());
        runs.agreeOnWork();
        assertThat(runs.real().clientsResumed()).isZero();
        assertThat(runs.real().highestLoad()).as("a crowd").isGreaterThan(0.9);
    }

    /// What is given is all that a run depends on.
    @Test
    void twoRunsAreTheSame() {
        ScaleParameters parameters = crowd(10_000, 2, 0, true);
        assertThat(Figures.of(RealRun.run(parameters)))
                .isEqualTo(Figures.of(RealRun.run(parameters)));
    }
}
