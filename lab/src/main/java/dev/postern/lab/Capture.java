package dev.postern.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `tcpdump` that writes what passes an interface of a host to a file.
public final class Capture implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Pattern COUNTS =
            Pattern.compile(
                    "(\\d+) packets? captured, (\\d+) packets? received by filter,"
                            + " (\\d+) packets? dropped by kernel");

    private final LabProcess tcpdump;
    private final Path file;

    private Capture(LabProcess tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /// Starts capturing and returns when packets are being seen.
    ///
    /// @param filter a `pcap-filter(7)`, for example `udp port 500 or udp port 4500`
    public static Capture start(NetworkNamespace host, String networkInterface, String filter) {
        String name = "capture-" + networkInterface;
        Path file = host.lab().file("%s.%s.pcap".formatted(host.host(), networkInterface));
        LabProcess tcpdump =
                host.start(
                        name,
                        List.of(
                                Component.TCPDUMP.require().toString(),
                                // Packets reach the file at once, and as root: Debian's tcpdump
                                // would become a user that may not write here.
                                "--immediate-mode",
                                "-U",
                                "-Z",
                                "root",
                                "-n",
                                "-i",
                                networkInterface,
                                "-w",
                                file.toString(),
                                filter),
                        Map.of());
        tcpdump.awaitLine("listening on " + networkInterface, DEADLINE);
        return new Capture(tcpdump, file);
    }

    /// Ends it when every packet that the kernel has taken down so far is in the file.
    ///
    /// @return the file
    public Path stop() {
        Await.until("tcpdump has read all that was captured", DEADLINE, this::isComplete);
        tcpdump.signal(LabProcess.Signal.INT);
        tcpdump.awaitExit(DEADLINE);
        return file;
    }

    private boolean isComplete() {
        int mark = tcpdump.mark();
        tcpdump.signal(LabProcess.Signal.USR1);
        Matcher counts =
                COUNTS.matcher(tcpdump.awaitLineAfter(mark, "received by filter", DEADLINE));
        // What the kernel dropped, on a machine too busy for tcpdump, it has counted as received.
        return counts.find() && count(counts, 1) + count(counts, 3) >= count(counts, 2);
    }

    private static long count(Matcher counts, int group) {
        return Long.parseLong(counts.group(group));
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
