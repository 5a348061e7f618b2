package dev.postern.bench;

import dev.postern.lab.Lab;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.StrongSwan;
import dev.postern.lab.StrongSwanPair;
import dev.postern.lab.StrongSwanSettings;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What strongSwan does on this machine: the figures that Postern's are set beside.
///
/// Arguments: `tunnel [SECONDS]`, `handshakes [COUNT]`, or both words. Needs root and the packages
/// of the lab.
public final class StrongSwanBaseline {
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int INITIATIONS_AT_ONCE = 4;
    private static final int STEPS = 8;

    private StrongSwanBaseline() {}

    /// Runs what the arguments name.
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        if (words.isEmpty() || words.contains("tunnel")) {
            tunnel(Duration.ofSeconds(numberAfter(words, "tunnel", 10)));
        }
        if (words.isEmpty() || words.contains("handshakes")) {
            int count = numberAfter(words, "handshakes", 2000);
            OUT.println(
                    """
                    | strongSwan responder, kernel-libipsec | handshakes | present before | \
                    CPU us per handshake |
                    |---|---:|---:|---:|\
                    """);
            handshakes("IKE SA and Child SA", count, true);
            handshakes("IKE SA alone (RFC 6023)", count, false);
        }
    }

    private static int numberAfter(List<String> words, String word, int otherwise) {
        int next = words.indexOf(word) + 1;
        return next > 0 && next < words.size() && words.get(next).matches("\\d+")
                ? Integer.parseInt(words.get(next))
                : otherwise;
    }

    private static void tunnel(Duration length) {
        try (Lab lab = Lab.open("StrongSwanBaselineTunnel")) {
            StrongSwanPair pair = StrongSwanPair.create(lab, StrongSwanSettings.usual());
            pair.client().initiate("net");
            TunnelThroughput throughput =
                    new TunnelThroughput(
                            pair.client().host(),
                            pair.client().process().pid(),
                            pair.gateway().host(),
                            pair.gateway().process().pid(),
                            StrongSwanPair.GATEWAY_INNER);
            OUT.println(TunnelThroughput.table("strongSwan libipsec", throughput.measure(length)));
        }
    }

    /// Handshakes in steps, since kernel-libipsec keeps its SAs and policies in lists: the cost of
    /// one grows with the number that are present.
    private static void handshakes(String name, int count, boolean withChild) {
        try (Lab lab = Lab.open("StrongSwanBaselineHandshakes")) {
            NetworkNamespace gateway = lab.host("gateway");
            NetworkNamespace client = lab.host("client");
            lab.join(gateway, "eth0", client, "eth0");
            gateway.address("eth0", "192.168.50.1/24");
            client.address("eth0", "192.168.50.2/24");
            StrongSwanResponder responder = StrongSwanResponder.start(gateway);
            StrongSwan initiator =
                    StrongSwan.start(
                            client,
                            StrongSwanSettings.forStorms(16),
                            connections(count, withChild));
            int step = Math.max(1, count / STEPS);
            long start = responder.cpuMicros();
            for (int done = 0; done + step <= count; done += step) {
                long before = responder.cpuMicros();
                initiate(initiator, done, step, withChild);
                double micros = (double) (responder.cpuMicros() - before) / step;
                OUT.println("| %s | %d | %d | %.0f |".formatted(name, step, done, micros));
            }
            int established = responder.daemon().establishedIkeSas();
            OUT.println(
                    "| %s, all | %d | 0 | %.0f |"
                            .formatted(
                                    name,
                                    established,
                                    (double) (responder.cpuMicros() - start) / established));
            // Ending thousands of IKE SAs in an orderly way would take longer than the measurement.
            initiator.process().crash();
            responder.daemon().process().crash();
        }
    }

    private static void initiate(StrongSwan initiator, int from, int count, boolean withChild) {
        try (ExecutorService threads = Executors.newFixedThreadPool(INITIATIONS_AT_ONCE)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                String connection = "c" + i;
                results.add(
                        threads.submit(() -> {
                            if (withChild) {
                                initiator.initiate(connection, "net");
                            } else {
                                initiator
                                        .swanctl("--initiate", "--ike", connection)
                                        .runSuccessfully();
                            }
                        }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an initiation failed", e.getCause());
        }
    }

    private static String connections(int count, boolean withChild) {
        StringBuilder text = new StringBuilder("connections {\n");
        for (int i = 0; i < count; i++) {
            text.append(
                    """
                      c%1$d {
                        version = 2
                        remote_addrs = 192.168.50.1
                        proposals = aes128gcm16-prfsha256-x25519
                        encap = yes
                        mobike = no
                        rekey_time = 0
                        unique = never
                        childless = %2$s
                        vips = 0.0.0.0
                        local {
                          auth = psk
                          id = client%1$d
                        }
                        remote {
                          auth = psk
                          id = %3$s
                        }
                        children {
                          net {
                            remote_ts = %4$s
                            esp_proposals = aes128gcm16
                            mode = tunnel
                            rekey_time = 0
                          }
                        }
                      }
                    """
                            .formatted(
                                    i,
                                    withChild ? "never" : "force",
                                    StrongSwanResponder.IDENTITY,
                                    StrongSwanResponder.LOCAL_NETWORK));
        }
        return text.append(
                        """
                        }
                        secrets {
                          ike-1 {
                            secret = "%s"
                          }
                        }
                        """
                                .formatted(StrongSwanResponder.PRE_SHARED_KEY))
                .toString();
    }
}
