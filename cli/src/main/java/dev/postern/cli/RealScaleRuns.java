package dev.postern.cli;

import dev.postern.sim.scale.RealResults;
import dev.postern.sim.scale.RealRun;
import dev.postern.sim.scale.ScaleParameters;
import dev.postern.sim.scale.ScaleResult;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Runs real clients and gateways, one scenario after the other, and measures what they take of
/// this machine.
final class RealScaleRuns {
    /// Of heap for each client, with room for what a run throws away.
    private static final long OCTETS_WANTED = 40_000;

    private final PrintWriter out;
    private final Consumer<String> begins;

    /// @param begins hears of each run before it, which takes a while
    RealScaleRuns(PrintWriter out, Consumer<String> begins) {
        this.out = out;
        this.begins = begins;
    }

    /// Heap that so many clients need.
    static long heapWanted(int clients) {
        return OCTETS_WANTED * clients;
    }

    RealResults of(int clients) {
        Map<String, ScaleResult> results = new LinkedHashMap<>();
        long octetsEach = 0;
        long began = cpuNanos();
        for (Map.Entry<String, ScaleParameters> scenario :
                RealResults.parameters(clients).entrySet()) {
            begins.accept(
                    String.format(Locale.ROOT, "%s, %,d real clients", scenario.getKey(), clients));
            long since = cpuNanos();
            long before = octetsEach == 0 ? liveHeap() : 0;
            RealRun run = new RealRun(scenario.getValue());
            run.connect();
            if (octetsEach == 0) {
                octetsEach = (liveHeap() - before) / clients;
            }
            ScaleResult result = run.fail();
            results.put(scenario.getKey(), result);
            out.printf(
                    Locale.ROOT,
                    "%s: %,d of %,d clients are back, %.0f s of CPU%n",
                    scenario.getKey(),
                    result.clientsRecovered(),
                    result.clientsAffected(),
                    (cpuNanos() - since) / 1e9);
            out.flush();
        }
        return RealResults.of(clients, octetsEach, (cpuNanos() - began) / 1_000_000_000, results);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
