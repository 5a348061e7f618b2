package dev.postern.bench;

import dev.postern.lab.FreeRadius;
import dev.postern.lab.Lab;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// EAP sessions through FreeRADIUS and their accounting records: `RadiusSessions [COUNT]`, as root.
/// Each session is a full IKEv2 exchange with EAP-MSCHAPv2 that passes through to the server, a
/// Start record, a Delete and a Stop record; the server writes each record it acknowledges to a
/// file, which is counted at the end. Halfway the only server is stopped for a while (SIGSTOP), so
/// that requests and records have to be sent again.
public final class RadiusSessions {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final String ADDRESS = "127.0.0.1";

    private RadiusSessions() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("load")) {
            RadiusLoad.run(Integer.parseInt(arguments[1]), ADDRESS);
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        try (Lab lab = Lab.open("RadiusSessions")) {
            NetworkNamespace host = lab.host("aaa");
            FreeRadius server =
                    FreeRadius.start(
                            host,
                            "freeradius",
                            ADDRESS,
                            "DEFAULT Cleartext-Password := \"%s\"\n\tClass = \"gold\"\n"
                                    .formatted(RadiusLoad.PASSWORD));
            try (LabProcess load = host.start("load", command(count))) {
                load.awaitLine("established " + count / 2, PATIENCE);
                server.process().signal(LabProcess.Signal.STOP);
                load.awaitLine("paused", PATIENCE);
                server.process().signal(LabProcess.Signal.CONT);
                System.out.println(load.awaitLine("done ", PATIENCE));
            }
            System.out.println(judge(server.accounting(), count));
        }
    }

    private static String[] command(int count) {
        return new String[] {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RadiusSessions.class.getName(),
            "load",
            String.valueOf(count)
        };
    }

    /// Counts records by session: each has to have one Start and one Stop.
    private static String judge(List<Map<String, String>> records, int count) {
        Map<String, Integer> starts = new HashMap<>();
        Map<String, Integer> stops = new HashMap<>();
        for (Map<String, String> record : records) {
            String session = record.getOrDefault("Acct-Session-Id", "");
            String status = record.getOrDefault("Acct-Status-Type", "");
            if (status.equals("Start")) {
                starts.merge(session, 1, Integer::sum);
            } else if (status.equals("Stop")) {
                stops.merge(session, 1, Integer::sum);
            }
        }
        long doubled = doubled(starts) + doubled(stops);
        long lost = 2L * count - starts.size() - stops.size();
        return String.format(
                Locale.ROOT,
                "sessions %d, Start %d, Stop %d, lost %d, doubled %d",
                count,
                starts.size(),
                stops.size(),
                lost,
                doubled);
    }

    private static long doubled(Map<String, Integer> counts) {
        return counts.values().stream().mapToLong(seen -> seen - 1L).sum();
    }
}
