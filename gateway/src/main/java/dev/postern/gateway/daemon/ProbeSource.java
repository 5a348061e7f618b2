package dev.postern.gateway.daemon;

import dev.postern.esp.InnerPackets;
import dev.postern.gateway.configuration.ClientInside;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A steady stream of echo requests through the tunnel, from inside this process, and a count of
/// what came back. Tells when answers stop, when they come again and how many were lost meanwhile.
final class ProbeSource implements AutoCloseable {
    private static final int IDENTIFIER = 0x5057;
    private static final int SOURCE_PORT = 49_152;
    private static final long STATISTICS_INTERVAL_MILLIS = 500;

    /// No answer for this long is an outage.
    private static final long OUTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ClientInside.Probe settings;
    private final EventLog events;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("probe").factory());
    private final AtomicReference<@Nullable InetAddress> source = new AtomicReference<>();
    private final byte[] payload;
    private long sent;
    private long received;
    private long lastAnswered = -1;
    private long lastAnswerNanos;
    private boolean silent;

    ProbeSource(ClientInside.Probe settings, EventLog events) {
        this.settings = settings;
        this.events = events;
        this.payload = new byte[Math.max(Long.BYTES, settings.size())];
    }

    void start(Consumer<byte[]> sender) {
        timer.scheduleAtFixedRate(
                () -> send(sender),
                settings.interval().toNanos(),
                settings.interval().toNanos(),
                TimeUnit.NANOSECONDS);
        timer.scheduleAtFixedRate(
                this::tell,
                STATISTICS_INTERVAL_MILLIS,
                STATISTICS_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /// Sends from this inner address from now on.
    void use(List<InetAddress> addresses) {
        source.set(addresses.isEmpty() ? null : addresses.getFirst());
    }

    private synchronized void send(Consumer<byte[]> sender) {
        InetAddress from = source.get();
        if (from == null) {
            return;
        }
        long number = sent++;
        ByteBuffer.wrap(payload).putLong(number);
        sender.accept(
                switch (settings.protocol()) {
                    case ICMP ->
                            InnerPackets.echoRequest(
                                    from,
                                    settings.target(),
                                    IDENTIFIER,
                                    (int) number & 0xffff,
                                    payload);
                    case UDP ->
                            InnerPackets.udp(
                                    from, SOURCE_PORT, settings.target(), settings.port(), payload);
                });
        long now = System.nanoTime();
        if (number == 0) {
            lastAnswerNanos = now;
        } else if (!silent && now - lastAnswerNanos > OUTAGE_NANOS) {
            silent = true;
            events.line("probe-silent", "lastAnswered", lastAnswered);
        }
    }

    /// A packet came out of the tunnel.
    void onPacket(byte[] packet) {
        Optional<ByteBuffer> echoed =
                switch (settings.protocol()) {
                    case ICMP ->
                            InnerPackets.readEchoReply(packet).map(InnerPackets.EchoReply::payload);
                    case UDP -> InnerPackets.readUdp(packet).map(InnerPackets.Datagram::payload);
                };
        if (echoed.isPresent() && echoed.orElseThrow().remaining() >= Long.BYTES) {
            answered(echoed.orElseThrow().getLong());
        }
    }

    private synchronized void answered(long number) {
        received++;
        if (number <= lastAnswered) {
            return;
        }
        if (silent) {
            events.line("probe-answered", "number", number, "lost", number - lastAnswered - 1);
            silent = false;
        } else if (lastAnswered < 0) {
            events.line("probe-answered", "number", number, "lost", 0);
        }
        lastAnswered = number;
        lastAnswerNanos = System.nanoTime();
    }

    private synchronized void tell() {
        events.line("probe-statistics", "sent", sent, "received", received);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        tell();
    }
}
