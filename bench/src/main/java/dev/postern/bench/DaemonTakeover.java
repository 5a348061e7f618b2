package dev.postern.bench;

import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Shares;
import dev.postern.crypto.SecretBytes;
import dev.postern.grid.Grid;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.StandbyPolicy;
import dev.postern.lab.PosternDaemon;
import dev.postern.wire.Octets;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A member that has the records of many IKE SAs is killed, and a real gateway daemon takes over
/// what it held, with clients that answer: from the kill to the last client. `DaemonTakeover
/// [SESSIONS]`. Without a return path: packets go to a host in the daemon's process.
public final class DaemonTakeover {
    private static final String THING = "shared addresses";
    private static final int MARKER = 4;

    /// For all clients to be synchronized; else the run has failed.
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private DaemonTakeover() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            serve(java.nio.file.Path.of(arguments[1]));
            return;
        }
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        java.nio.file.Path directory = Files.createTempDirectory("daemon-takeover");
        GridReplication.certificates(directory);
        try (DatagramChannel clients = DatagramChannel.open()) {
            clients.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            InetSocketAddress shared =
                    new InetSocketAddress(
                            InetAddress.ofLiteral(MemberDaemon.address(1)), MemberDaemon.port(1));
            EndpointPair pair =
                    new EndpointPair(
                            StandbyPolicy.DEFAULT.protecting(Set.of("bench")),
                            new Path(shared, (InetSocketAddress) clients.getLocalAddress(), true));
            for (int i = 0; i < sessions; i++) {
                pair.handshake();
            }
            run(directory, pair, clients, shared);
        }
    }

    private static void run(
            java.nio.file.Path directory,
            EndpointPair pair,
            DatagramChannel clients,
            InetSocketAddress shared)
            throws Exception {
        Process lost = lostMember(directory, pair.records());
        Process daemon = null;
        try (BufferedReader said = lost.inputReader()) {
            await(said, "owns");
            daemon = daemon(directory);
            BufferedReader events = daemon.inputReader();
            await(events, "gateway-ready");
            await(said, "held");
            System.out.println(await(events, "takeover-rehearsed"));
            Answers answers = new Answers(pair, clients, shared);
            Thread.ofPlatform().daemon().start(answers);
            Duration before = cpu(daemon);
            long killed = System.nanoTime();
            lost.destroyForcibly();
            await(events, "member-lost");
            double detected = seconds(killed);
            await(events, "standby-active");
            double active = seconds(killed);
            String completed = await(events, "takeover-completed");
            double installed = seconds(killed);
            if (!completed.contains("\"refused\":0")) {
                throw new IOException("the gateway did not take over all of them: " + completed);
            }
            Duration used = cpu(daemon).minus(before);
            BufferedReader rest = events;
            Thread.ofPlatform().daemon().start(() -> drain(rest));
            answers.awaitAll(pair.records().size());
            System.out.printf(
                    Locale.ROOT,
                    "after the kill: seen %.2f s, active %.2f s, every Child SA sends %.2f s, every"
                            + " client is synchronized %.2f s; the daemon's CPU time until every"
                            + " Child SA sends %.2f s%n%s%n",
                    detected,
                    active,
                    installed,
                    seconds(killed),
                    used.toMillis() / 1e3,
                    completed);
        } finally {
            lost.destroyForcibly();
            if (daemon != null) {
                daemon.destroy();
            }
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// The daemon must not wait for a reader.
    private static void drain(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                Thread.onSpinWait();
            }
        } catch (IOException ended) {
            // The daemon has ended.
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static String await(BufferedReader lines, String word) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(word)) {
                return line;
            }
        }
        throw new IOException("a process ended before it said " + word);
    }

    /// The clients' side: every synchronization is answered.
    private record Answers(
            EndpointPair pair,
            DatagramChannel channel,
            InetSocketAddress gateway,
            Set<Long> answered)
            implements Runnable {
        Answers(EndpointPair pair, DatagramChannel channel, InetSocketAddress gateway) {
            this(pair, channel, gateway, new HashSet<>());
        }

        @Override
        public void run() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
            try {
                while (true) {
                    buffer.clear();
                    channel.receive(buffer);
                    buffer.flip();
                    if (buffer.remaining() > MARKER) {
                        byte[] octets = new byte[buffer.remaining() - MARKER];
                        buffer.get(MARKER, octets);
                        answer(octets, buffer);
                    }
                }
            } catch (IOException closed) {
                // The run is over.
            }
        }

        private void answer(byte[] octets, ByteBuffer buffer) throws IOException {
            for (Effect effect :
                    pair.client()
                            .handle(EndpointPair.now(), new Input.Datagram(pair.path(), octets))) {
                if (effect instanceof Effect.Send send) {
                    buffer.clear();
                    buffer.putInt(0).put(send.octets()).flip();
                    channel.send(buffer, gateway);
                    note(Octets.of(octets).toLong(0));
                }
            }
        }

        private void note(long spi) {
            synchronized (answered) {
                answered.add(spi);
            }
        }

        void awaitAll(int wanted) throws InterruptedException {
            int done = 0;
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (done < wanted) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException(
                            "the gateway has synchronized with %d of %d clients"
                                    .formatted(done, wanted));
                }
                Thread.sleep(2);
                synchronized (answered) {
                    done = answered.size();
                }
            }
        }
    }

    private static Process lostMember(
            java.nio.file.Path directory, Map<Octets, SecretBytes> records) throws IOException {
        Process process =
                new ProcessBuilder(
                                java.nio.file.Path.of(
                                                System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                GridReplication.portsOption(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                DaemonTakeover.class.getName(),
                                "serve",
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        BufferedWriter in = process.outputWriter(StandardCharsets.US_ASCII);
        for (Map.Entry<Octets, SecretBytes> each : records.entrySet()) {
            in.write(each.getKey().hex() + " ");
            in.write(HexFormat.of().formatHex(each.getValue().expose()) + "\n");
        }
        in.write("end\n");
        in.flush();
        return process;
    }

    /// The member that is killed: it has the addresses, and has told of every IKE SA.
    private static void serve(java.nio.file.Path directory) throws Exception {
        BufferedReader in =
                new BufferedReader(
                        new java.io.InputStreamReader(System.in, StandardCharsets.US_ASCII));
        Grid grid = GridReplication.member(directory, 0);
        while (!owns(grid)) {
            Thread.sleep(100);
        }
        grid.domain().put("share/" + GridReplication.node(0), Shares.encode(share()).encode());
        System.out.println("owns");
        for (String line = in.readLine();
                line != null && !line.equals("end");
                line = in.readLine()) {
            int space = line.indexOf(' ');
            grid.standby()
                    .put(
                            Octets.ofHex(line.substring(0, space)),
                            Octets.ofHex(line.substring(space + 1)));
        }
        while (grid.view().members().size() < 2 || grid.standby().backlog().entries() > 0) {
            Thread.sleep(100);
        }
        // A second, and all of it stands at the other.
        Thread.sleep(1_000);
        System.out.println("held");
        Thread.sleep(Long.MAX_VALUE);
    }

    /// The inner addresses that it gives out, as every gateway tells the others: those of the
    /// clients are among them.
    private static Shares.Share share() {
        InetAddress first = InetAddress.ofLiteral("10.0.0.1");
        InetAddress last = InetAddress.ofLiteral("10.0.255.254");
        return new Shares.Share(
                GridReplication.node(0), "site", List.of(new Shares.Range(first, last)));
    }

    private static boolean owns(Grid grid) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        grid.ownership().acquire(THING, outcome::complete);
        return outcome.join() instanceof Outcome.Owned;
    }

    private static Process daemon(java.nio.file.Path directory) throws IOException {
        MemberDaemon.secrets(directory);
        java.nio.file.Path file =
                MemberDaemon.configuration(
                        directory,
                        1,
                        """
                        [standby]
                        addresses = ["%s/8"]
                        """
                                .formatted(MemberDaemon.address(1)));
        return new ProcessBuilder(PosternDaemon.commandLine("gateway", "--config", file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
