package dev.postern.bench;

import dev.postern.lab.CpuTime;
import dev.postern.lab.Lab;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.PosternDaemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// Responder CPU per PSK + X25519 + AES-128-GCM handshake, strongSwan beside Postern, and per
/// resume at Postern, by the 1-RTT profile and by RFC 5723, in one run with one initiator, as root:
///
///     HandshakeCost [COUNT [postern]]
///
/// CPU is utime + stime of the responder's process; a handshake is IKE_SA_INIT, IKE_AUTH and the
/// Delete; a resume is exchange 240 and the INFORMATIONAL that confirms it, or exchange 38 and
/// IKE_AUTH. With the word `postern` strongSwan is left out.
public final class HandshakeCost {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WIDTH = 16;
    private static final int SESSIONS = 1_000;
    private static final int RESUMES_WARM = 6;
    private static final int RESUMES_COUNTED = 8;

    /// Rounds of new sessions before the one that counts, until the JVM's compiler takes less than
    /// this part of one: it is not what is measured.
    private static final double COMPILED = 0.05;

    private static final int FEWEST_GENERATIONS = 6;
    private static final int MOST_GENERATIONS = 40;

    private HandshakeCost() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("load")) {
            load(arguments);
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        boolean alone = arguments.length > 1 && arguments[1].equals("postern");
        double strongSwan = alone ? Double.NaN : strongSwan(count);
        Postern postern = postern(count);
        System.out.printf(Locale.ROOT, "%-58s %10s%n", "responder CPU", "us each");
        if (!alone) {
            tell("strongSwan 5.9.8 (kernel-libipsec), handshake and Delete", strongSwan);
        }
        tell("Postern, handshake and Delete", postern.handshake());
        tell("Postern, 1-RTT resume and confirmation", postern.oneRoundTrip());
        tell("Postern, RFC 5723 resume, exchange 38 and IKE_AUTH", postern.rfc5723());
        if (!alone) {
            System.out.printf(
                    Locale.ROOT,
                    "Postern's handshake is %.2f of strongSwan's%n",
                    postern.handshake() / strongSwan);
        }
        System.out.printf(
                Locale.ROOT,
                "a 1-RTT resume is 1/%.1f of Postern's handshake%n",
                postern.handshake() / postern.oneRoundTrip());
    }

    private static void tell(String what, double micros) {
        System.out.printf(Locale.ROOT, "%-58s %10.1f%n", what, micros);
    }

    private record Postern(double handshake, double oneRoundTrip, double rfc5723) {}

    /// What the load does.
    private enum Work {
        HANDSHAKE(LoadProfile.Tickets.NONE),
        ONE_ROUND_TRIP(LoadProfile.Tickets.ONE_ROUND_TRIP),
        RFC_5723(LoadProfile.Tickets.RFC_5723);

        private final LoadProfile.Tickets tickets;

        Work(LoadProfile.Tickets tickets) {
            this.tickets = tickets;
        }
    }

    private static double strongSwan(int count) {
        try (Lab lab = Lab.open("CostStrongSwan")) {
            NetworkNamespace client = lab.host("load");
            NetworkNamespace gateway = lab.host("gw");
            join(lab, client, gateway);
            StrongSwanResponder responder = StrongSwanResponder.start(gateway);
            return run(
                    client, responder.daemon().process().pid(), Work.HANDSHAKE, count / 2, count);
        }
    }

    private static Postern postern(int count) {
        try (Lab lab = Lab.open("CostPostern")) {
            NetworkNamespace client = lab.host("load");
            NetworkNamespace gateway = lab.host("gw");
            join(lab, client, gateway);
            lab.write(
                    "gw/tgs.keys",
                    "key 0102030405060708"
                        + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
            PosternDaemon daemon = PosternDaemon.gateway(gateway, CONFIGURATION);
            daemon.awaitLine("gateway-ready", PATIENCE);
            long pid = daemon.process().pid();
            double handshake = run(client, pid, Work.HANDSHAKE, 4 * count, 2 * count);
            double oneRoundTrip =
                    run(client, pid, Work.ONE_ROUND_TRIP, RESUMES_WARM, RESUMES_COUNTED);
            double rfc5723 = run(client, pid, Work.RFC_5723, RESUMES_WARM, RESUMES_COUNTED);
            return new Postern(handshake, oneRoundTrip, rfc5723);
        }
    }

    private static void join(Lab lab, NetworkNamespace client, NetworkNamespace gateway) {
        lab.join(client, "outside", gateway, "outside");
        client.address("outside", "192.168.50.2/24");
        gateway.address("outside", "192.168.50.1/24");
    }

    /// Runs the load in a process of its own on the client's host, which reads the responder's CPU
    /// time.
    private static double run(NetworkNamespace client, long pid, Work work, int warm, int counted) {
        String[] words = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            HandshakeCost.class.getName(),
            "load",
            work.name(),
            String.valueOf(pid),
            String.valueOf(warm),
            String.valueOf(counted)
        };
        try (LabProcess process =
                client.start("load-" + work.name().toLowerCase(Locale.ROOT), words)) {
            String line = process.awaitLine("cpu-micros-each ", Duration.ofMinutes(5));
            System.out.println(work + ": " + line);
            return Double.parseDouble(line.split(" ", -1)[1]);
        }
    }

    private static void load(String[] arguments) throws IOException {
        Work work = Work.valueOf(arguments[1]);
        long pid = Long.parseLong(arguments[2]);
        int warm = Integer.parseInt(arguments[3]);
        int counted = Integer.parseInt(arguments[4]);
        InetSocketAddress gateway =
                new InetSocketAddress(InetAddress.ofLiteral("192.168.50.1"), 4500);
        try (InitiatorLoad load =
                new InitiatorLoad(
                        gateway,
                        "load.bench",
                        StrongSwanResponder.IDENTITY,
                        StrongSwanResponder.PRE_SHARED_KEY,
                        work.tickets)) {
            boolean resumes = work != Work.HANDSHAKE;
            if (resumes) {
                settle(load, pid, (warm + counted) * SESSIONS);
                load.populate(SESSIONS, WIDTH);
                load.resumes(warm * SESSIONS, WIDTH);
            } else {
                load.handshakes(warm, WIDTH);
            }
            long before = CpuTime.cpuMicrosOf(pid);
            long again = load.retransmissions();
            if (resumes) {
                load.resumes(counted * SESSIONS, WIDTH);
            } else {
                load.handshakes(counted, WIDTH);
            }
            long cpu = CpuTime.cpuMicrosOf(pid) - before;
            long operations = resumes ? (long) counted * SESSIONS : counted;
            System.out.printf(
                    Locale.ROOT,
                    "cpu-micros-each %.2f operations %d retransmissions %d%n",
                    (double) cpu / operations,
                    operations,
                    load.retransmissions() - again);
        }
    }

    private static void settle(InitiatorLoad load, long pid, int resumes) throws IOException {
        boolean settled = false;
        for (int generation = 1; !settled; generation++) {
            load.populate(SESSIONS, WIDTH);
            long before = CpuTime.cpuMicrosOf(pid);
            long compiling = CpuTime.compilerMicrosOf(pid);
            load.resumes(resumes, WIDTH);
            double compiled =
                    (double) (CpuTime.compilerMicrosOf(pid) - compiling)
                            / (CpuTime.cpuMicrosOf(pid) - before + 1);
            load.deleteAll(WIDTH);
            settled =
                    generation == MOST_GENERATIONS
                            || (generation >= FEWEST_GENERATIONS && compiled < COMPILED);
        }
    }

    private static final String CONFIGURATION =
            """
            identity = "responder"
            secure-domain = "bench"
            member = 1
            tgs-keys = "tgs.keys"
            [listen]
            addresses = ["192.168.50.1"]
            ike-port = 0
            [inside]
            mode = "endpoint"
            endpoint-addresses = ["10.1.0.1"]
            [pool.clients]
            addresses = "10.64.0.0/12"
            [profile.clients]
            pool = "clients"
            local-subnets = ["10.1.0.0/24"]
            ike-suites = ["aes128gcm16-prfsha256-x25519"]
            esp-suites = ["aes128gcm16"]
            [[profile.clients.peer]]
            id = "load.bench"
            psk = "%s"
            [log]
            level = "warn"
            """
                    .formatted(StrongSwanResponder.PRE_SHARED_KEY);
}
