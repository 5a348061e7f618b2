package dev.postern.bench;

import dev.postern.crypto.Entropy;
import dev.postern.lab.Command;
import dev.postern.lab.CpuTime;
import dev.postern.lab.Lab;
import dev.postern.lab.LabProcess;
import dev.postern.lab.NetworkNamespace;
import dev.postern.lab.PosternDaemon;
import dev.postern.lab.StrongSwan;
import dev.postern.lab.StrongSwanSettings;
import dev.postern.pki.Credentials;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Responder CPU per handshake with ECDSA P-256 certificates on both sides, X25519 and AES-128-GCM,
/// strongSwan beside Postern in one run with one initiator: `CertificateHandshakeCost [COUNT
/// [CLIENTS]]`, as root. A handshake is IKE_SA_INIT, IKE_AUTH and the Delete that follows; CPU is
/// utime + stime of the responder's process. CLIENTS have a certificate each and come in turn. Both
/// are warmed up by COUNT handshakes at least, and by more until less than a twentieth of what the
/// responder uses is the JVM's compiler; the last COUNT are the ones that count.
public final class CertificateHandshakeCost {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final int WIDTH = 16;
    private static final int MOST_ROUNDS = 16;
    private static final double COMPILED = 0.05;

    private CertificateHandshakeCost() {}

    public static void main(String[] arguments) throws IOException, UnreadableException {
        if (arguments.length > 0 && arguments[0].equals("load")) {
            load(arguments);
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        int clients = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        double strongSwan = strongSwan(count, clients);
        double postern = postern(count, clients);
        System.out.printf(Locale.ROOT, "%-58s %10s%n", "responder CPU", "us each");
        System.out.printf(
                Locale.ROOT, "%-58s %10.1f%n", "strongSwan 5.9.8 (kernel-libipsec)", strongSwan);
        System.out.printf(Locale.ROOT, "%-58s %10.1f%n", "Postern", postern);
        System.out.printf(Locale.ROOT, "Postern's is %.2f of strongSwan's%n", postern / strongSwan);
    }

    /// A lab, the hosts in it, and the certificates in its folder `ca`.
    private record Ground(Lab lab, NetworkNamespace client, NetworkNamespace gateway)
            implements AutoCloseable {
        @Override
        public void close() {
            lab.close();
        }
    }

    private static Ground open(String name, int clients) {
        Lab lab = Lab.open(name);
        NetworkNamespace client = lab.host("load");
        NetworkNamespace gateway = lab.host("gw");
        lab.join(client, "outside", gateway, "outside");
        client.address("outside", "192.168.50.2/24");
        gateway.address("outside", "192.168.50.1/24");
        lab.write("ca/placeholder", "");
        openssl(
                lab,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj"
                        + " /CN=bench -keyout ca.key -out ca.pem -addext"
                        + " keyUsage=critical,keyCertSign,cRLSign");
        issue(lab, "gw", "responder");
        for (int i = 0; i < clients; i++) {
            issue(lab, "client-" + i, "c" + i + ".bench");
        }
        return new Ground(lab, client, gateway);
    }

    private static void issue(Lab lab, String file, String host) {
        lab.write("ca/" + file + ".ext", "subjectAltName=DNS:" + host + "\n");
        openssl(
                lab,
                "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN="
                        + host
                        + " -keyout "
                        + file
                        + ".key -out "
                        + file
                        + ".csr");
        openssl(
                lab,
                "x509 -req -days 30 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile "
                        + file
                        + ".ext -in "
                        + file
                        + ".csr -out "
                        + file
                        + ".pem");
    }

    private static void openssl(Lab lab, String words) {
        Command.of("/bin/sh", "-c", "umask 077; cd '" + lab.file("ca") + "' && openssl " + words)
                .runSuccessfully();
    }

    private static double strongSwan(int count, int clients) throws IOException {
        try (Ground ground = open("CostCertStrongSwan", clients)) {
            Lab lab = ground.lab();
            NetworkNamespace gateway = ground.gateway();
            gateway.ip("link", "add", "inner", "type", "bridge");
            gateway.address("inner", "10.1.0.1/24");
            lab.write("gw/x509ca/ca.pem", Files.readString(lab.file("ca/ca.pem")));
            lab.write("gw/x509/gw.pem", Files.readString(lab.file("ca/gw.pem")));
            lab.write("gw/private/gw.key", Files.readString(lab.file("ca/gw.key")));
            StrongSwan daemon =
                    StrongSwan.start(gateway, StrongSwanSettings.forStorms(16), STRONGSWAN);
            return run(ground, daemon.process().pid(), clients, count);
        }
    }

    private static double postern(int count, int clients) {
        try (Ground ground = open("CostCertPostern", clients)) {
            PosternDaemon daemon = PosternDaemon.gateway(ground.gateway(), POSTERN);
            daemon.awaitLine("gateway-ready", PATIENCE);
            return run(ground, daemon.process().pid(), clients, count);
        }
    }

    /// Runs the load in a process of its own on the client's host.
    private static double run(Ground ground, long pid, int clients, int count) {
        String[] words = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            CertificateHandshakeCost.class.getName(),
            "load",
            ground.lab().file("ca").toString(),
            String.valueOf(pid),
            String.valueOf(clients),
            String.valueOf(count)
        };
        try (LabProcess process = ground.client().start("load", words)) {
            String line = process.awaitLine("counted ", PATIENCE);
            process.output().stream()
                    .filter(each -> each.startsWith("round "))
                    .forEach(System.out::println);
            return Double.parseDouble(line.split(" ", -1)[1]);
        }
    }

    private static void load(String[] arguments) throws IOException, UnreadableException {
        Path directory = Path.of(arguments[1]);
        long pid = Long.parseLong(arguments[2]);
        int count = Integer.parseInt(arguments[4]);
        Entropy entropy = new SecureRandom()::nextBytes;
        List<Credentials> credentials = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            credentials.add(
                    Credentials.of(
                            Files.readAllBytes(directory.resolve("client-" + i + ".pem")),
                            Files.readAllBytes(directory.resolve("client-" + i + ".key")),
                            null,
                            entropy));
        }
        TrustAnchors anchors =
                new TrustAnchors(
                        Credentials.authoritiesOf(Files.readAllBytes(directory.resolve("ca.pem"))));
        InetSocketAddress gateway =
                new InetSocketAddress(InetAddress.ofLiteral("192.168.50.1"), 4500);
        try (InitiatorLoad load =
                new InitiatorLoad(
                        gateway,
                        "load.bench",
                        StrongSwanResponder.IDENTITY,
                        StrongSwanResponder.PRE_SHARED_KEY,
                        LoadProfile.Tickets.NONE)) {
            load.connectAs(credentials, anchors);
            load.handshakes(count, WIDTH);
            boolean settled = false;
            for (int round = 1; !settled; round++) {
                Round measured = Round.of(load, pid, count);
                settled = measured.compilerShare() < COMPILED || round == MOST_ROUNDS;
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %.1f us each, %.0f percent of it the compiler, %d"
                                + " retransmissions%n",
                        round,
                        measured.microsEach(),
                        100 * measured.compilerShare(),
                        measured.retransmissions());
                if (settled) {
                    System.out.printf(Locale.ROOT, "counted %.2f%n", measured.microsEach());
                }
            }
        }
    }

    /// What a number of handshakes cost the responder.
    private record Round(double microsEach, double compilerShare, long retransmissions) {
        static Round of(InitiatorLoad load, long pid, int count) throws IOException {
            long before = CpuTime.cpuMicrosOf(pid);
            long compiling = CpuTime.compilerMicrosOf(pid);
            long again = load.retransmissions();
            load.handshakes(count, WIDTH);
            long micros = CpuTime.cpuMicrosOf(pid) - before;
            return new Round(
                    (double) micros / count,
                    (double) (CpuTime.compilerMicrosOf(pid) - compiling) / Math.max(1, micros),
                    load.retransmissions() - again);
        }
    }

    private static final String STRONGSWAN =
            """
            connections {
              any {
                version = 2
                local_addrs = %any
                remote_addrs = %any
                proposals = aes128gcm16-prfsha256-x25519
                encap = yes
                mobike = no
                rekey_time = 0
                unique = never
                send_cert = always
                pools = vip
                local {
                  auth = pubkey
                  certs = gw.pem
                  id = responder
                }
                remote {
                  auth = pubkey
                  id = %any
                  cacerts = ca.pem
                  revocation = relaxed
                }
                children {
                  net {
                    local_ts = 10.1.0.0/24
                    esp_proposals = aes128gcm16
                    mode = tunnel
                    rekey_time = 0
                  }
                }
              }
            }
            pools {
              vip {
                addrs = 10.64.0.0/10
              }
            }
            """;

    private static final String POSTERN =
            """
            identity = "responder"
            secure-domain = "bench"
            member = 1
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
            [profile.clients.resumption]
            one-round-trip = false
            rfc5723 = false
            [profile.clients.certificates]
            certificate = "../ca/gw.pem"
            private-key = "../ca/gw.key"
            trust = "../ca/ca.pem"
            [log]
            level = "warn"
            """;
}
