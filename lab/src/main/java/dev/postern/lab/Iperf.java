package dev.postern.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `iperf3` measured at the receiving end.
///
/// @param bitsPerSecond TCP payload received
/// @param retransmits TCP segments sent again
public record Iperf(double bitsPerSecond, long retransmits) {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");
    private static final Pattern RETRANSMITS =
            Pattern.compile("\"sum_sent\":\\s*\\{[^}]*\"retransmits\":\\s*([0-9]+)");
    private static final Pattern ERROR = Pattern.compile("\"error\":\\s*\"([^\"]*)\"");

    /// Which way the octets go.
    public enum Direction {
        /// From the host that calls to the server.
        UP,
        /// From the server to the host that calls.
        DOWN
    }

    /// Starts a server for many measurements.
    ///
    /// @param address where it listens, TCP port 5201
    public static LabProcess server(NetworkNamespace host, String address) {
        LabProcess server =
                host.start(
                        "iperf3",
                        Component.IPERF.require().toString(),
                        "--server",
                        "--forceflush",
                        "--bind",
                        address);
        server.awaitLine("Server listening", Duration.ofSeconds(10));
        return server;
    }

    /// Measures TCP to a server.
    ///
    /// @param streams connections at once
    /// @param length of the measurement
    public static Iperf measure(
            NetworkNamespace from,
            String server,
            int streams,
            Direction direction,
            Duration length) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Component.IPERF.require().toString(),
                                "--client",
                                server,
                                "--json",
                                "--connect-timeout",
                                "5000",
                                "--parallel",
                                Integer.toString(streams),
                                "--time",
                                Long.toString(length.toSeconds())));
        if (direction == Direction.DOWN) {
            words.add("--reverse");
        }
        String json =
                from.command(words.toArray(String[]::new))
                        .within(length.plusSeconds(30))
                        .run()
                        .everything();
        Matcher error = ERROR.matcher(json);
        Matcher received = RECEIVED.matcher(json);
        if (error.find() || !received.find()) {
            throw new LabException("iperf3 measured nothing: " + json.strip());
        }
        Matcher retransmits = RETRANSMITS.matcher(json);
        return new Iperf(
                Double.parseDouble(received.group(1)),
                retransmits.find() ? Long.parseLong(retransmits.group(1)) : 0);
    }

    public double megabitsPerSecond() {
        return bitsPerSecond / 1e6;
    }
}
