package dev.postern.gateway.daemon;

import dev.postern.ike.negotiate.AssignedNetwork;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Tells a program of the client's operator about the network behind the gateway, so that it can
/// set up a resolver: it is run as `HOOK up`, with what the gateway says in its environment,
/// whenever that has changed, and as `HOOK down` at the end. One run at a time and in order, on a
/// thread of its own.
final class NetworkHook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkHook.class);
    private static final long PATIENCE_SECONDS = 10;

    private final Path program;
    private final String device;
    private final List<String> dnssecDomains;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("network-hook").factory());
    private List<InetAddress> addresses = List.of();
    private AssignedNetwork network = AssignedNetwork.of(List.of());
    private Map<String, String> told = Map.of();

    /// @param device the TUN device; empty where there is none
    /// @param dnssecDomains for which trust anchors of a gateway are believed (RFC 8598 section 6)
    NetworkHook(Path program, String device, List<String> dnssecDomains) {
        this.program = program;
        this.device = device;
        this.dnssecDomains = dnssecDomains;
    }

    void assigned(AssignedNetwork assigned) {
        network = assigned;
    }

    /// The session is carried, with these inner addresses.
    void up(List<InetAddress> inner) {
        addresses = inner;
        Map<String, String> news = environment();
        if (!news.equals(told)) {
            told = news;
            worker.execute(() -> run("up", news));
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "POSTERN_DEVICE", device,
                "POSTERN_ADDRESSES", joined(addresses),
                "POSTERN_DNS", joined(network.dnsServers()),
                "POSTERN_DOMAINS", String.join(" ", network.domains()),
                "POSTERN_TRUST_ANCHORS",
                        network.trustAnchors().stream()
                                .filter(anchor -> dnssecDomains.contains(anchor.domain()))
                                .map(String::valueOf)
                                .collect(Collectors.joining("\n")),
                "POSTERN_SUBNETS",
                        network.subnets().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" ")));
    }

    private static String joined(Collection<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }

    private void run(String verb, Map<String, String> environment) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(program.toString(), verb)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.error(
                        "{} {} did not end within {} s and was killed",
                        program,
                        verb,
                        PATIENCE_SECONDS);
            } else if (process.exitValue() != 0) {
                LOG.error("{} {} ended with status {}", program, verb, process.exitValue());
            }
        } catch (IOException e) {
            LOG.error("cannot run the network hook {}: {}", program, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs `HOOK down`, if it was ever up, and waits for it.
    @Override
    public void close() {
        if (!told.isEmpty()) {
            Map<String, String> last = told;
            worker.execute(() -> run("down", last));
        }
        worker.shutdown();
        try {
            if (!worker.awaitTermination(2 * PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
