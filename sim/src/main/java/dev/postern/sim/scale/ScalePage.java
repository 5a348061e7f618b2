package dev.postern.sim.scale;

import dev.postern.crypto.Hash;
import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// `docs/scale.md` and its pictures, from a few runs of the model.
public final class ScalePage {
    /// Measured: docs/performance.md, "Memory of an idle session".
    static final int OCTETS_PER_SESSION = 3477;

    private static final int SMALLER = 100;

    static final int SECONDS = 90;
    private static final String HEAD =
            """
            | | affected | half are back after | 99% | all | most answers per second of a gateway | highest load of a core in a second | longest queue | attempts given up | dropped |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private ScalePage() {}

    /// File names in `docs`, and what they hold. The same every time.
    ///
    /// @param real what runs with real clients and gateways came to
    /// @param begins hears of each run before it, which takes a while
    public static Map<String, String> files(RealResults real, Consumer<String> begins) {
        Comparison comparison = new Comparison(real);
        ScaleParameters base = ScaleParameters.SITE_LOST;
        Map<String, ScaleResult> runs = runs(base, begins);
        String recovery = recovery(runs);
        String load = load(runs);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("scale-recovery.svg", recovery);
        files.put("scale-load.svg", load);
        files.put("scale-real-recovery.svg", comparison.recovery());
        files.put("scale-real-load.svg", comparison.load());
        files.put(
                "scale.md",
                page(base, runs, comparison) + smaller(begins) + pictures(recovery, load));
        return files;
    }

    private static Map<String, ScaleResult> runs(ScaleParameters base, Consumer<String> begins) {
        ScaleParameters everything = base.withEverythingLost();
        Map<String, ScaleParameters> plans = new LinkedHashMap<>();
        plans.put("a site dies", base);
        plans.put("neighbours known", base.withOneOrder());
        plans.put("no tickets", base.withoutTickets());
        plans.put("all down 60 s", everything);
        plans.put("the same, no back-off", everything.withoutBackOff());
        Map<String, ScaleResult> runs = new LinkedHashMap<>();
        plans.forEach((name, plan) -> {
            begins.accept(
                    String.format(Locale.ROOT, "%s, %,d simulated clients", name, plan.clients()));
            runs.put(name, ScaleModel.run(plan));
        });
        return runs;
    }

    /// The section of the page that a test can afford to make anew.
    static String smaller(Consumer<String> begins) {
        ScaleParameters base =
                ScaleParameters.SITE_LOST.withClients(
                        ScaleParameters.SITE_LOST.clients() / SMALLER);
        Map<String, ScaleResult> runs = runs(base, begins);
        StringBuilder text = new StringBuilder("\n## A hundredth of it\n\n");
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "The same runs with %,d clients. `ScalePageTest` makes them anew and holds"
                                + " this section against them: who changes the",
                        base.clients()));
        line(text, "model or its pictures has to write the whole page again.");
        text.append('\n').append(HEAD);
        runs.forEach((name, result) -> text.append(row(name, result)));
        return text.append('\n')
                .append("Their pictures, which are not kept: ")
                .append(digest(recovery(runs)))
                .append(", ")
                .append(digest(load(runs)))
                .append(".\n")
                .toString();
    }

    /// What the pictures of the page are known by.
    static String pictures(String recovery, String load) {
        return "Those above: " + digest(recovery) + ", " + digest(load) + ".\n";
    }

    private static String digest(String text) {
        byte[] whole = Hash.SHA_256.digest(text.getBytes(StandardCharsets.UTF_8));
        return Octets.of(whole).slice(0, 8).hex();
    }

    private static String setting(ScaleParameters base) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "%,d clients at %d gateways, of which %d stand at one site and die in one"
                                + " instant. %d%% of the clients have traffic",
                        base.clients(),
                        base.gateways(),
                        base.gatewaysLost(),
                        base.activePermille() / 10));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "(a packet every %d ms) and notice after %d ms without answers; the others"
                                + " notice by their check of an idle gateway, within %d s.",
                        base.packetMillis(),
                        base.silenceMillis(),
                        base.idleMillis() / 1000));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "Round trip %d ms. One core per gateway: %d us for a resume, %d us for a"
                                + " full exchange with a pre-shared key",
                        base.roundTripMillis(),
                        base.work().resumeMicros(),
                        base.work().fullMicros()));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "([performance](performance.md)); at most %,d messages wait, the rest is"
                                + " dropped. What a client tries in",
                        base.work().queueCapacity()));
        line(
                text,
                "which round, how long it waits between rounds, and when it sends again is asked of"
                        + " the production classes (`Plan`, `RetryPolicy`,");
        line(text, "`RetransmissionSchedule`).");
        return text.toString();
    }

    private static String recovery(Map<String, ScaleResult> runs) {
        Chart chart = new Chart("Clients of the lost site that are back, by seconds after", "%");
        runs.forEach((name, result) -> {
            double[] curve = result.recoveryCurve(SECONDS);
            for (int i = 0; i < curve.length; i++) {
                curve[i] *= 100;
            }
            chart.line(name, curve);
        });
        return chart.svg();
    }

    private static String load(Map<String, ScaleResult> runs) {
        Chart chart = new Chart("Answers per second of the busiest surviving gateway", "");
        runs.forEach((name, result) -> chart.line(name, result.busiest(SECONDS)));
        return chart.svg();
    }

    /// What the page says before its results.
    static String introduction() {
        ScaleParameters base = ScaleParameters.SITE_LOST;
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # A million clients lose a site

                Written by `./postern sim-scale docs`; a test makes its last section anew.

                """);
        page.append(setting(base));
        page.append(
                """

                This is a model: no octets, no cryptography, no network but its delay, every surviving gateway idle before. Its clients are
                rows of numbers; [below](#the-same-with-real-clients-and-gateways) it is held against `FailoverClient`s and gateways of
                production, as many of them as a machine has memory for. One `Plan` goes ahead for all clients. The race of
                """);
        line(
                page,
                String.format(
                        Locale.ROOT,
                        "full exchanges (the next gateway is asked beside a silent one after %d"
                                + " ms, %d at a time) is the model's own. A full exchange is",
                        base.retry().raceAfterNanos() / Now.NANOS_PER_MILLI,
                        RetryPolicy.MOST_AT_A_TIME));
        page.append(
                """
                charged with its first message, also where the client goes on elsewhere or resumes after all. Left out is what a gateway refuses
                or defers under load: cookies, and the limits of half-open and of provisional IKE SAs ([configuration](configuration.md)).
                `CalibrationTest` holds recovery times and attempts against those of the simulator, which runs the real clients and gateways:
                one gateway of four dies, two, and all for 25 s; one behind idle tunnels; one and three whose clients hold no tickets.

                ![recovery](scale-recovery.svg)

                ![load](scale-load.svg)

                - *a site dies*: each client knows four other gateways anywhere in the domain, in an order of its own. Those that are not back
                  within three minutes know only gateways of that site.
                - *neighbours known*: the four are those that follow in one common list, so most die with the first. Whose five gateways are
                  all gone cannot come back: **a client's gateways have to stand at more than one site**.
                - *no tickets*: as the first, with a full exchange each, the next gateway beside a silent one.
                - *all down 60 s*: every gateway dies and is back a minute later, with and without the wait between a client's rounds.

                """);
        return page.toString();
    }

    private static String page(
            ScaleParameters base, Map<String, ScaleResult> runs, Comparison comparison) {
        StringBuilder page = new StringBuilder(introduction());
        page.append(HEAD);
        runs.forEach((name, result) -> page.append(row(name, result)));
        ScaleResult main = runs.values().iterator().next();
        page.append("\n## Attempts and back-off\n\n");
        page.append(attempts(main));
        page.append(backOff(base));
        page.append(comparison.section());
        page.append("\n## Memory\n\n");
        line(
                page,
                String.format(
                        Locale.ROOT,
                        "The fullest surviving gateway holds %,d sessions afterwards, about %,d MB"
                                + " of control plane state at %,d octets each"
                                + " ([measured](performance.md)); before it held",
                        main.sessionsPerGateway(),
                        (long) main.sessionsPerGateway() * OCTETS_PER_SESSION / 1_000_000,
                        OCTETS_PER_SESSION));
        line(
                page,
                String.format(
                        Locale.ROOT,
                        "%,d. For clients that may come, a gateway keeps nothing: their sessions"
                                + " are their tickets.",
                        base.clients() / base.gateways()));
        page.append(comparison.memory());
        return page.toString();
    }

    /// What the page says of the waits between rounds.
    static String backOff(ScaleParameters base) {
        StringBuilder text = new StringBuilder();
        text.append(
                """

                A round ends when all five have been silent to a resume, and in every third round to a full exchange as well; then the wait is
                """);
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "random, at most %d s after the first round, at most twice as long after"
                                + " each further one, up to %d s. The last two rows of the table",
                        base.retry().firstNanos() / Now.NANOS_PER_SECOND,
                        base.retry().maximumNanos() / Now.NANOS_PER_SECOND));
        line(
                text,
                "show what the wait changes where everything is down; its randomness keeps rounds"
                        + " apart that began together.");
        return text.toString();
    }

    static String row(String name, ScaleResult result) {
        double most = 0;
        for (double value : result.busiest(SECONDS)) {
            most = Math.max(most, value);
        }
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %s | %s | %,.0f | %.0f%% | %.1f ms | %,d | %,d |\n",
                name,
                result.clientsAffected(),
                seconds(result.millisUntil(0.5)),
                seconds(result.millisUntil(0.99)),
                seconds(result.millisUntil(1)),
                most,
                100 * result.highestLoad(),
                result.longestQueueMillis(),
                result.attemptsGivenUp(),
                result.requestsDropped());
    }

    private static String attempts(ScaleResult result) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "Where a site dies, a client whose next choice has died as well tries the"
                                + " one after it %.2f s later. Of %,d clients %,d are back,",
                        ScaleModel.patience(RetransmissionSchedule.QUICK) / 1e3,
                        result.clientsAffected(),
                        result.clientsRecovered()));
        line(text, String.format(Locale.ROOT, "%,d of them by a resume:", result.clientsResumed()));
        text.append("\n| attempts needed | clients |\n|---:|---:|\n");
        long[] attempts = result.attempts();
        for (int i = 0; i < attempts.length; i++) {
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "| %d%s | %,d |",
                            i + 1,
                            i + 1 == attempts.length ? " or more" : "",
                            attempts[i]));
        }
        return text.toString();
    }

    static String seconds(int millis) {
        return millis < 0 ? "not within 3 min" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
