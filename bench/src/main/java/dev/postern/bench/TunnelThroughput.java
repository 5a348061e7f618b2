package dev.postern.bench;

import dev.postern.lab.CpuTime;
import dev.postern.lab.Iperf;
import dev.postern.lab.Iperf.Direction;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// TCP through a tunnel that is up, TUN to TUN between two hosts: the same measurement for each
/// implementation, so that one run can set them side by side.
///
/// @param client the host that calls
/// @param clientPid its tunnel daemon
/// @param gateway the host that has `gatewayInner`
/// @param gatewayPid its tunnel daemon
/// @param gatewayInner the address that is reached through the tunnel
public record TunnelThroughput(
        NetworkNamespace client,
        long clientPid,
        NetworkNamespace gateway,
        long gatewayPid,
        String gatewayInner) {

    /// One measurement.
    ///
    /// @param streams TCP connections at once
    /// @param direction UP is from the client to the gateway
    /// @param megabitsPerSecond TCP payload received
    /// @param clientCores CPU time of the client's daemon over elapsed time
    /// @param gatewayCores CPU time of the gateway's daemon over elapsed time
    /// @param retransmits TCP segments sent again
    public record Row(
            int streams,
            Direction direction,
            double megabitsPerSecond,
            double clientCores,
            double gatewayCores,
            long retransmits) {

        /// What a core of both daemons together carries.
        public double megabitsPerDaemonCore() {
            return megabitsPerSecond / (clientCores + gatewayCores);
        }
    }

    /// Measures 1 and 4 streams, both directions, one after the other.
    ///
    /// @param length of each measurement
    public List<Row> measure(Duration length) {
        List<Row> rows = new ArrayList<>();
        try (LabProcess server = Iperf.server(gateway, gatewayInner)) {
            // The first connection pays for caches and just-in-time compilation.
            Iperf.measure(client, gatewayInner, 1, Direction.UP, Duration.ofSeconds(3));
            for (int streams : List.of(1, 4)) {
                for (Direction direction : Direction.values()) {
                    rows.add(measure(streams, direction, length));
                }
            }
            server.terminate();
        }
        return rows;
    }

    private Row measure(int streams, Direction direction, Duration length) {
        long start = System.nanoTime();
        long clientBefore = CpuTime.cpuMicrosOf(clientPid);
        long gatewayBefore = CpuTime.cpuMicrosOf(gatewayPid);
        Iperf iperf = Iperf.measure(client, gatewayInner, streams, direction, length);
        double micros = (System.nanoTime() - start) / 1e3;
        return new Row(
                streams,
                direction,
                iperf.megabitsPerSecond(),
                (CpuTime.cpuMicrosOf(clientPid) - clientBefore) / micros,
                (CpuTime.cpuMicrosOf(gatewayPid) - gatewayBefore) / micros,
                iperf.retransmits());
    }

    /// The rows as a Markdown table.
    public static String table(String implementation, List<Row> rows) {
        StringBuilder table =
                new StringBuilder(
                        """
                        | tunnel | streams | direction | Mbit/s | client cores | gateway cores | \
                        Mbit/s per daemon core | retransmits |
                        |---|---:|---|---:|---:|---:|---:|---:|
                        """);
        for (Row row : rows) {
            table.append(
                    "| %s | %d | %s | %.0f | %.2f | %.2f | %.0f | %d |%n"
                            .formatted(
                                    implementation,
                                    row.streams(),
                                    row.direction(),
                                    row.megabitsPerSecond(),
                                    row.clientCores(),
                                    row.gatewayCores(),
                                    row.megabitsPerDaemonCore(),
                                    row.retransmits()));
        }
        return table.toString();
    }
}
