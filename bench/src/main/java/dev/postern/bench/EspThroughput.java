package dev.postern.bench;

import dev.postern.lab.Lab;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.StrongSwanPair;
import dev.postern.lab.StrongSwanSettings;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// TCP through Postern's data plane and through strongSwan's kernel-libipsec, TUN to TUN between
/// two network namespaces, in one run: the ratio that docs/performance.md quotes.
///
/// Arguments: `[SECONDS] [postern] [strongswan]`; both implementations where none is named. Needs
/// root and the packages of the lab.
public final class EspThroughput {
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final Duration START = Duration.ofSeconds(30);
    private static final String GATEWAY_OUTER = "192.168.50.1";
    private static final String CLIENT_OUTER = "192.168.50.2";
    private static final String GATEWAY_INNER = "10.9.0.1";
    private static final String CLIENT_INNER = "10.9.0.2";

    private EspThroughput() {}

    /// Measures what the arguments name.
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        Duration length = Duration.ofSeconds(10);
        for (String word : words) {
            if (word.matches("\\d+")) {
                length = Duration.ofSeconds(Integer.parseInt(word));
            }
        }
        boolean both = !words.contains("postern") && !words.contains("strongswan");
        List<TunnelThroughput.Row> postern = new ArrayList<>();
        List<TunnelThroughput.Row> strongSwan = new ArrayList<>();
        if (both || words.contains("postern")) {
            postern.addAll(postern(length));
            OUT.println(TunnelThroughput.table("Postern", postern));
        }
        if (both || words.contains("strongswan")) {
            strongSwan.addAll(strongSwan(length));
            OUT.println(TunnelThroughput.table("strongSwan libipsec", strongSwan));
        }
        for (int i = 0; i < Math.min(postern.size(), strongSwan.size()); i++) {
            OUT.printf(
                    "%d streams %s: %.1f times strongSwan%n",
                    postern.get(i).streams(),
                    postern.get(i).direction(),
                    postern.get(i).megabitsPerSecond() / strongSwan.get(i).megabitsPerSecond());
        }
    }

    private static List<TunnelThroughput.Row> postern(Duration length) {
        try (Lab lab = Lab.open("EspThroughput")) {
            NetworkNamespace gateway = lab.host("gateway");
            NetworkNamespace client = lab.host("client");
            lab.join(gateway, "eth0", client, "eth0");
            gateway.address("eth0", GATEWAY_OUTER + "/24");
            client.address("eth0", CLIENT_OUTER + "/24");
            LabProcess gatewayEnd =
                    end(gateway, GATEWAY_OUTER, CLIENT_OUTER, GATEWAY_INNER, CLIENT_INNER);
            LabProcess clientEnd =
                    end(client, CLIENT_OUTER, GATEWAY_OUTER, CLIENT_INNER, GATEWAY_INNER);
            List<TunnelThroughput.Row> rows =
                    measure(
                            new TunnelThroughput(
                                    client,
                                    clientEnd.pid(),
                                    gateway,
                                    gatewayEnd.pid(),
                                    GATEWAY_INNER),
                            length);
            report(gatewayEnd);
            report(clientEnd);
            return rows;
        }
    }

    /// The first round is for the just-in-time compiler, on a busy machine more than one warm-up.
    private static List<TunnelThroughput.Row> measure(
            TunnelThroughput throughput, Duration length) {
        throughput.measure(Duration.ofSeconds(3));
        return throughput.measure(length);
    }

    private static LabProcess end(NetworkNamespace host, String... addresses) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EspEnd.class.getName()));
        words.addAll(List.of(addresses));
        LabProcess process = host.start("esp", words, Map.of());
        process.awaitLine(EspEnd.READY, START);
        return process;
    }

    /// Ends the process, which prints its counters.
    private static void report(LabProcess process) {
        process.terminate();
        OUT.println(process.name() + ": " + process.output().getLast());
    }

    private static List<TunnelThroughput.Row> strongSwan(Duration length) {
        try (Lab lab = Lab.open("EspThroughputStrongSwan")) {
            StrongSwanPair pair = StrongSwanPair.create(lab, StrongSwanSettings.usual());
            pair.client().initiate("net");
            return measure(
                    new TunnelThroughput(
                            pair.client().host(),
                            pair.client().process().pid(),
                            pair.gateway().host(),
                            pair.gateway().process().pid(),
                            StrongSwanPair.GATEWAY_INNER),
                    length);
        }
    }
}
