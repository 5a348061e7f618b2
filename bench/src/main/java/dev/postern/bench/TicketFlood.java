package dev.postern.bench;

import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Log;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.gateway.daemon.GatewayDaemon;
import dev.postern.gateway.dataplane.IkeSink;
import dev.postern.ike.Counter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Whether clients can resume while a running gateway is flooded with messages that nobody sealed:
/// over its socket, as fast as one sender gets them in, or a million a second handed to it behind
/// the socket, each from another address. `TicketFlood socket|behind [RATE] [SECONDS] [KIND...]`; a
/// RATE of 0 is as many as the flood's thread can hand over, and what each costs it is told. A KIND
/// is one of [Garbage] (`made-up-cookie`), or all; with `cold-` before it the flood begins before
/// the JVM's compiler has seen any of it, and each second is told apart.
public final class TicketFlood {
    private static final String KEY_FILE =
            "key 0102030405060708"
                    + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    private static final String PRE_SHARED_KEY = "a pre-shared key for measurements alone";
    private static final int SESSIONS = 200;
    private static final int SESSIONS_OF_A_COLD_RUN = 50;
    private static final int EVERY_MILLIS = 20;
    private static final int SOURCES = 1 << 14;
    private static final String COLD = "cold-";

    /// From where the flood over the socket comes, and the holder of a genuine cookie.
    private static final InetAddress FLOODER = InetAddress.ofLiteral("127.0.0.3");

    private TicketFlood() {}

    public static void main(String[] arguments) throws Exception {
        boolean socket = arguments.length > 0 && arguments[0].equals("socket");
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        Path directory = Files.createTempDirectory("ticket-flood");
        int port = FreePort.udp();
        boolean cold = arguments.length > 3 && arguments[3].startsWith(COLD);
        GatewayConfiguration configuration = configuration(directory, port);
        EventLog events = EventLog.toStandardOutput(new Log(Log.Level.WARN, Log.Format.TEXT, null));
        try (GatewayDaemon gateway = GatewayDaemon.start(configuration, events);
                ValidClients clients =
                        new ValidClients(
                                InetAddress.ofLiteral("127.0.0.2"),
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                "load.bench",
                                "gw.bench",
                                PRE_SHARED_KEY)) {
            clients.connect(cold ? SESSIONS_OF_A_COLD_RUN : SESSIONS);
            Garbage.Overheard overheard = clients.overheard(GenuineCookie.of(FLOODER, port));
            if (cold) {
                Garbage kind = Garbage.named(arguments[3].substring(COLD.length()));
                coldRun(
                        socket
                                ? new SocketFlood(port, kind, overheard)
                                : new InjectedFlood(gateway.intake(), port, kind, rate, overheard),
                        seconds,
                        clients);
                return;
            }
            List<Garbage> kinds =
                    arguments.length > 3
                            ? Arrays.stream(arguments).skip(3).map(Garbage::named).toList()
                            : List.of(Garbage.values());
            clients.resume(EVERY_MILLIS, 5_000);
            report("no flood", 0, seconds, clients, gateway);
            warmUp(gateway.intake(), port, kinds, clients, overheard);
            for (Garbage kind : kinds) {
                if (kind == Garbage.GENUINE_COOKIE || kind == Garbage.STANDING_SPIS) {
                    overheard = clients.overheard(GenuineCookie.of(FLOODER, port));
                }
                Flood flood =
                        socket
                                ? new SocketFlood(port, kind, overheard)
                                : new InjectedFlood(gateway.intake(), port, kind, rate, overheard);
                clients.forget();
                Thread thread = Thread.ofPlatform().daemon().start(flood);
                clients.resume(EVERY_MILLIS, seconds * 1_000L);
                flood.end();
                thread.join();
                report(kind.title(), flood.sent(), seconds, clients, gateway);
            }
        }
    }

    private static void coldRun(Flood flood, int seconds, ValidClients clients)
            throws IOException, InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(flood);
        for (int second = 1; second <= seconds; second++) {
            clients.forget();
            long sent = flood.sent();
            long since = System.nanoTime();
            clients.resume(EVERY_MILLIS, 1_000);
            double took = (System.nanoTime() - since) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "second %d (%.1f s): %,.0f garbage/s; %d of %d resumes, median %.0f ms, most"
                            + " %.0f ms%n",
                    second,
                    took,
                    (flood.sent() - sent) / took,
                    clients.succeeded(),
                    clients.succeeded() + clients.failed(),
                    clients.latencyMillis(0.5),
                    clients.latencyMillis(1));
        }
        flood.end();
        thread.join();
    }

    /// The JVM's compiler sees what is to come.
    private static void warmUp(
            IkeSink intake,
            int port,
            List<Garbage> kinds,
            ValidClients clients,
            Garbage.Overheard overheard)
            throws IOException, InterruptedException {
        for (Garbage kind : kinds) {
            Flood flood = new InjectedFlood(intake, port, kind, 20_000, overheard);
            Thread thread = Thread.ofPlatform().daemon().start(flood);
            clients.resume(EVERY_MILLIS, 16_000 / kinds.size());
            flood.end();
            thread.join();
        }
    }

    private static void report(
            String what, long sent, int seconds, ValidClients clients, GatewayDaemon gateway) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,d garbage/s; %d of %d resumes, median %.1f ms, 99 %% %.0f ms; so far opened"
                        + " in vain %,d, cookies %,d, look-ups in vain %,d, NACKs suppressed %,d%n",
                what,
                sent / seconds,
                clients.succeeded(),
                clients.succeeded() + clients.failed(),
                clients.latencyMillis(0.5),
                clients.latencyMillis(0.99),
                gateway.endpoint().counters().get(Counter.REFUSED_TICKET_NOT_OPENED),
                gateway.endpoint().counters().get(Counter.COOKIE_SENT),
                gateway.endpoint().counters().get(Counter.REFUSED_SESSION_NOT_FETCHED),
                gateway.endpoint().counters().get(Counter.SUPPRESSED_TICKET_NACK));
    }

    /// Garbage until it is told to end.
    private abstract static class Flood implements Runnable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong sent = new AtomicLong();
        private final Garbage.Source garbage;

        Flood(Garbage kind, Garbage.Overheard overheard) {
            garbage = kind.source(overheard);
        }

        Garbage.Source garbage() {
            return garbage;
        }

        void count(int more) {
            sent.addAndGet(more);
        }

        boolean isEnded() {
            return ended.get();
        }

        void end() {
            ended.set(true);
        }

        long sent() {
            return sent.get();
        }
    }

    private static final class InjectedFlood extends Flood {
        private static final int BATCH = 256;

        private final IkeSink intake;
        private final InetSocketAddress gateway;
        private final InetSocketAddress[] sources = new InetSocketAddress[SOURCES];
        private final int rate;

        InjectedFlood(IkeSink intake, int port, Garbage kind, int rate, Garbage.Overheard overheard)
                throws IOException {
            super(kind, overheard);
            this.intake = intake;
            this.rate = rate;
            this.gateway = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            for (int i = 0; i < SOURCES; i++) {
                byte[] address = {127, 1, (byte) (i >>> 8), (byte) i};
                // A cookie is its holder's alone, from whatever port.
                InetAddress from =
                        kind == Garbage.GENUINE_COOKIE
                                ? FLOODER
                                : InetAddress.getByAddress(address);
                sources[i] = new InetSocketAddress(from, 1024 + i % 60_000);
            }
        }

        @Override
        public void run() {
            long due = System.nanoTime();
            while (!isEnded()) {
                for (int i = 0; i < BATCH; i++) {
                    InetSocketAddress source = sources[garbage().below(SOURCES)];
                    intake.offer(gateway, source, garbage().next(), true);
                }
                count(BATCH);
                if (rate > 0) {
                    // What could not be sent in time is not made up for.
                    due =
                            Math.max(due, System.nanoTime() - 100_000_000)
                                    + BATCH * 1_000_000_000L / rate;
                    while (System.nanoTime() < due) {
                        Thread.onSpinWait();
                    }
                }
            }
            if (rate == 0) {
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                System.out.printf(
                        Locale.ROOT,
                        "made and judged on arrival in %.2f us of CPU each%n",
                        cpu / 1e3 / sent());
            }
        }
    }

    private static final class SocketFlood extends Flood {
        private final int port;

        SocketFlood(int port, Garbage kind, Garbage.Overheard overheard) {
            super(kind, overheard);
            this.port = port;
        }

        @Override
        public void run() {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(FLOODER, 0));
                InetSocketAddress gateway =
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
                ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
                while (!isEnded()) {
                    buffer.clear().putInt(0).put(garbage().next()).flip();
                    channel.send(buffer, gateway);
                    count(1);
                }
            } catch (IOException e) {
                throw new IllegalStateException("the flood cannot be sent", e);
            }
        }
    }

    private static GatewayConfiguration configuration(Path directory, int port) throws Exception {
        write(directory, "tgs.keys", KEY_FILE);
        return GatewayConfiguration.read(
                write(
                        directory,
                        "gateway.toml",
                        """
                        identity = "gw.bench"
                        secure-domain = "bench"
                        member = 1
                        tgs-keys = "tgs.keys"
                        [listen]
                        addresses = ["127.0.0.1"]
                        ike-port = 0
                        nat-port = %d
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
                        storage = "as-asked"
                        [profile.clients.life]
                        uniqueness = "never"
                        [[profile.clients.peer]]
                        id = "load.bench"
                        psk = "%s"
                        [log]
                        level = "error"
                        """
                                .formatted(port, PRE_SHARED_KEY)));
    }

    private static Path write(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
