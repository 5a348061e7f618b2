package dev.postern.sim.scale;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The model beside the real clients and gateways: runs of the same size, in one picture and one
/// table.
final class Comparison {
    private static final String HEAD =
            """
            | | | affected | half are back after | 90% | 99% | all | most answers per second of a gateway | highest load of a core in a second | longest queue | messages of attempts per client | checks per client | attempts given up | rounds that failed | dropped |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private final RealResults real;
    private final Map<String, ScaleParameters> parameters;
    private final Map<String, Figures> model = new LinkedHashMap<>();

    /// Runs the model.
    Comparison(RealResults real) {
        this.real = real;
        this.parameters = RealResults.parameters(real.clients());
        parameters.forEach((name, run) -> model.put(name, Figures.of(ScaleModel.run(run))));
    }

    String recovery() {
        Chart chart = new Chart("Clients of the lost site that are back, by seconds after", "%");
        model.forEach((name, figures) -> {
            chart.line(name + ", model", figures.recoveryPercent());
            chart.dashed(name + ", real", real(name).recoveryPercent());
        });
        return chart.svg();
    }

    String load() {
        Chart chart = new Chart("Answers per second of the busiest surviving gateway", "");
        model.forEach((name, figures) -> {
            chart.line(name + ", model", figures.answers());
            chart.dashed(name + ", real", real(name).answers());
        });
        return chart.svg();
    }

    private Figures real(String name) {
        Figures figures = real.runs().get(name);
        if (figures == null) {
            throw new IllegalStateException("no real run \"" + name + "\"");
        }
        return figures;
    }

    String section() {
        ScaleParameters run = parameters.values().iterator().next();
        StringBuilder text = new StringBuilder("\n## The same with real clients and gateways\n\n");
        text.append(
                String.format(
                        Locale.ROOT,
                        """
                        %,d `FailoverClient`s with their `IkeEndpoint`s and the `IkeEndpoint`s of %d gateways, all of production, with tickets and
                        cryptography as in production, in virtual time on one thread. Of the model they have the network's delay, the instants of their
                        traffic and checks, the gateways that each client knows, and the queue before each gateway: %s,
                        so that a gateway is as busy as above with fewer clients. `%s` made the runs in %,d s of CPU and
                        kept them in [%s](%s); the model's rows are of runs of the same size.

                        """,
                        real.clients(),
                        run.gateways(),
                        run.work(),
                        RealResults.command(real.clients()),
                        real.cpuSeconds(),
                        RealResults.FILE,
                        RealResults.FILE));
        text.append("![recovery](scale-real-recovery.svg)\n\n![load](scale-real-load.svg)\n\n");
        text.append(HEAD);
        model.forEach((name, figures) ->
                text.append("| ")
                        .append(name)
                        .append(" | model ")
                        .append(figures.row())
                        .append("| | real ")
                        .append(real(name).row()));
        return text.append(differences()).toString();
    }

    private static String differences() {
        return """

        What each row of the model leaves out:

        - A real client goes on asking its silent gateway whether it lives, ever more rarely, until another one has taken over. The model
          asks once, which is four messages. Gateways that are back answer these checks as well.
        - A real gateway also works at the confirmation of each resume, at the second request of each full exchange, which is sent again
          where it waits for long, and at the checks of its own idle clients, each at the price of a repeated message. Of these the
          model has the second request, once.
        - Half-open IKE SAs beyond a thousand cost real clients a COOKIE and another round trip; a resume that came too late for its
          client leaves a provisional IKE SA behind, which ends by itself.
        - A full queue drops the next message whatever it costs; the model drops what would wait for too long.
        - The waits between rounds are drawn by other dice: the last to come back are others.

        `RealRunTest` makes four such runs with 300 real clients in each test run, three of them with gateways so slow that most have to
        wait: the model's times are within 150 ms and a tenth of what the crowd takes, its attempts, rounds and attempts given up within
        5 %, the load of a core within 20 %. That holds as long as a gateway can work at its whole crowd before they lose patience: in
        such a run with four gateways, all lost for 23 s, and 20 ms for a resume, which is 1.5 s of work where clients wait for 1.46 s,
        all are back after 89 s in the model and 23 of the 300 real ones after three minutes. Gateways then work at requests that nobody
        waits for any more. A running gateway does not: what would wait for a second stays outside its queue ([protocol.md](protocol.md)),
        which is in neither of these runs. The crowds above are 0.83 s of work.
        """;
    }

    /// What the runs say of memory.
    String memory() {
        return String.format(
                Locale.ROOT,
                """

                A `FailoverClient` with its endpoint, and what its gateway holds of it, take %,d octets of live heap: %,d MB for the %,d above,
                and %,d GB for %,d, which is why those are a model.
                """,
                real.octetsEach(),
                real.octetsEach() * real.clients() / 1_000_000,
                real.clients(),
                real.octetsEach() * ScaleParameters.SITE_LOST.clients() / 1_000_000_000,
                ScaleParameters.SITE_LOST.clients());
    }
}
