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

/// Responder CPU per PSK + X25519 + AES-128-GCM handshake, strongSwan beside Postern, and per 1-RTT
/// resume at Postern, in one run with one initiator: `HandshakeCost [COUNT]`, as root. CPU is utime
/// + stime of the responder's process; a handshake is IKE_SA_INIT, IKE_AUTH and the Delete; a
///   resume is IKE_SESSION_RESUME and the INFORMATIONAL that confirms it.
public final class HandshakeCost {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WIDTH = 16;
    private static final int SESSIONS = 1_000;
    private static final int RESUMES_WARM = 6;
    private static final int RESUMES_COUNTED = 8;

    /// Rounds of new sessions before the one that counts: a compiler is not what is measured.
    private static final int GENERATIONS_WARM = 6;

    private HandshakeCost() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("load")) {
            load(arguments);
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        double strongSwan = strongSwan(count);
        Postern postern = postern(count);
        System.out.printf(Locale.ROOT, "%-58s %10s%n", "responder CPU", "us each");
        System.out.printf(
                Locale.ROOT,
                "%-58s %10.1f%n",
                "strongSwan 5.9.8 (kernel-libipsec), handshake and Delete",
                strongSwan);
        System.out.printf(
                Locale.ROOT,
                "%-58s %10.1f%n",
                "Postern, handshake and Delete",
                postern.handshake());
        System.out.printf(
                Locale.ROOT,
                "%-58s %10.1f%n",
                "Postern, 1-RTT resume and confirmation",
                postern.resume());
        System.out.printf(
                Locale.ROOT,
                "Postern's handshake is %.2f of strongSwan's; a resume is 1/%.1f of Postern's"
                        + " handshake%n",
                postern.handshake() / strongSwan,
                postern.handshake() / postern.resume());
    }

    private record Postern(double handshake, double resume) {}

    private static double strongSwan(int count) {
        try (Lab lab = Lab.open("CostStrongSwan")) {
            NetworkNamespace client = lab.host("load");
            NetworkNamespace gateway = lab.host("gw");
            join(lab, client, gateway);
            StrongSwanResponder responder = StrongSwanResponder.start(gateway);
            return run(
                    client,
                    responder.daemon().process().pid(),
                    StrongSwanResponder.IDENTITY,
                    "handshake",
                    count / 2,
                    count);
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
            double handshake =
                    run(
                            client,
                            pid,
                            StrongSwanResponder.IDENTITY,
                            "handshake",
                            4 * count,
                            2 * count);
            double resume =
                    run(
                            client,
                            pid,
                            StrongSwanResponder.IDENTITY,
                            "resume",
                            RESUMES_WARM,
                            RESUMES_COUNTED);
            return new Postern(handshake, resume);
        }
    }

    private static void join(Lab lab, NetworkNamespace client, NetworkNamespace gateway) {
        lab.join(client, "outside", gateway, "outside");
        client.address("outside", "192.168.50.2/24");
        gateway.address("outside", "192.168.50.1/24");
    }

    /// Runs the load in a process of its own on the client's host, which reads the responder's CPU
    /// time.
    private static double run(
            NetworkNamespace client,
            long pid,
            String identity,
            String work,
            int warm,
            int counted) {
        String[] words = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            HandshakeCost.class.getName(),
            "load",
            work,
            String.valueOf(pid),
            identity,
            String.valueOf(warm),
            String.valueOf(counted)
        };
        try (LabProcess process = client.start("load-" + work, words)) {
            String line = process.awaitLine("cpu-micros-each ", Duration.ofMinutes(5));
            System.out.println(work + ": " + line);
            return Double.parseDouble(line.split(" ", -1)[1]);
        }
    }

    private static void load(String[] arguments) throws IOException {
        long pid = Long.parseLong(arguments[2]);
        int warm = Integer.parseInt(arguments[4]);
        int counted = Integer.parseInt(arguments[5]);
        boolean resume = arguments[1].equals("resume");
        InetSocketAddress gateway =
                new InetSocketAddress(InetAddress.ofLiteral("192.168.50.1"), 4500);
        try (InitiatorLoad load =
                new InitiatorLoad(
                        gateway,
                        "load.bench",
                        arguments[3],
                        StrongSwanResponder.PRE_SHARED_KEY,
                        resume)) {
            long operations = resume ? (long) counted * SESSIONS : counted;
            if (resume) {
                for (int generation = 0; generation < GENERATIONS_WARM; generation++) {
                    load.populate(SESSIONS, WIDTH);
                    load.resumes((warm + counted) * SESSIONS, WIDTH);
                    load.deleteAll(WIDTH);
                }
                load.populate(SESSIONS, WIDTH);
                load.resumes(warm * SESSIONS, WIDTH);
            } else {
                load.handshakes(warm, WIDTH);
            }
            long before = CpuTime.cpuMicrosOf(pid);
            long again = load.retransmissions();
            if (resume) {
                load.resumes(counted * SESSIONS, WIDTH);
            } else {
                load.handshakes(counted, WIDTH);
            }
            long cpu = CpuTime.cpuMicrosOf(pid) - before;
            System.out.printf(
                    Locale.ROOT,
                    "cpu-micros-each %.2f operations %d retransmissions %d%n",
                    (double) cpu / operations,
                    operations,
                    load.retransmissions() - again);
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
