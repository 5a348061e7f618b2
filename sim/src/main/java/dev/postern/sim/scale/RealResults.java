package dev.postern.sim.scale;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What the runs of real clients and gateways came to, as a file keeps it: they take too long to be
/// made anew with each page.
///
/// @param clients in each run
/// @param octetsEach of live heap for a client and what its gateway holds of it, all connected
/// @param cpuSeconds of the thread, for all runs together
/// @param runs by name
public record RealResults(
        int clients, long octetsEach, long cpuSeconds, Map<String, Figures> runs) {
    /// The file's name, beside the page.
    public static final String FILE = "scale-real.txt";

    /// As few gateways as lose the part that the page's domain loses, with some to know besides.
    static final int GATEWAYS = 20;

    /// In how many each client is one of some hundred of its gateway: fewer are no crowd.
    public static final int LEAST_CLIENTS = 200;

    /// What the addresses of the run have room for, and a machine's memory hardly.
    public static final int MOST_CLIENTS = 1_000_000;

    public RealResults {
        runs = new LinkedHashMap<>(runs);
    }

    /// What is run, by name.
    public static Map<String, ScaleParameters> parameters(int clients) {
        ScaleParameters base = ScaleParameters.SITE_LOST.scaledTo(clients, GATEWAYS);
        Map<String, ScaleParameters> all = new LinkedHashMap<>();
        all.put("a site dies", base);
        all.put("no tickets", base.withoutTickets());
        all.put("all down 60 s", base.withEverythingLost());
        return all;
    }

    /// @param results by the names of [#parameters]
    public static RealResults of(
            int clients, long octetsEach, long cpuSeconds, Map<String, ScaleResult> results) {
        Map<String, Figures> runs = new LinkedHashMap<>();
        results.forEach((name, result) -> runs.put(name, Figures.of(result)));
        return new RealResults(clients, octetsEach, cpuSeconds, runs);
    }

    static String command(int clients) {
        return "./postern sim-scale --real " + clients + " docs";
    }

    /// What the file holds.
    public String text() {
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "# Real clients and gateways that lose a site, for scale.md:"
                                        + " written by `%s`.\n"
                                        + "clients %d\noctets-each %d\ncpu-seconds %d\n",
                                command(clients),
                                clients,
                                octetsEach,
                                cpuSeconds));
        runs.forEach((name, run) ->
                text.append('\n').append("run ").append(name).append('\n').append(run.text()));
        return text.toString();
    }

    /// @throws IllegalArgumentException for what no run has written
    public static RealResults read(String text) {
        Map<String, String> head = new LinkedHashMap<>();
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> current = head;
        for (String line : text.lines().toList()) {
            int space = line.indexOf(' ');
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            if (space < 0) {
                throw new IllegalArgumentException("\"" + line + "\" has no value");
            }
            String name = line.substring(0, space);
            String value = line.substring(space + 1);
            if (name.equals("run")) {
                current = new LinkedHashMap<>();
                sections.put(value, current);
            } else {
                current.put(name, value);
            }
        }
        int clients = Math.toIntExact(Figures.number(head, "clients"));
        Map<String, Figures> runs = new LinkedHashMap<>();
        for (String name : parameters(clients).keySet()) {
            Map<String, String> lines = sections.get(name);
            if (lines == null) {
                throw new IllegalArgumentException("there is no run \"" + name + "\"");
            }
            runs.put(name, Figures.read(lines));
        }
        return new RealResults(
                clients,
                Figures.number(head, "octets-each"),
                Figures.number(head, "cpu-seconds"),
                runs);
    }
}
