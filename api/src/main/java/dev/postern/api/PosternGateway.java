package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.daemon.Embedding;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.gateway.daemon.GatewayDaemon;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// A gateway in the process of an application that keeps something for each session, a Mobile IP
/// home agent for example. All methods may be called from any thread, but [#close] not from a
/// listener. It starts once; [#close] is for good and may be called again without effect.
public final class PosternGateway implements AutoCloseable {
    private final GatewayConfiguration configuration;
    private final @Nullable Consumer<byte[]> packets;
    private final EventStream<GatewayEvent> events = new EventStream<>("postern-events");
    private boolean closed;
    private @Nullable GatewayDaemon daemon;

    private PosternGateway(Builder builder, GatewayConfiguration configuration) {
        this.configuration = configuration;
        this.packets = builder.packets;
        builder.listeners.forEach(events::listen);
    }

    /// A gateway of this file, which docs/configuration.md describes.
    public static Builder builder(Path file) {
        return new Builder(requireNonNull(file, "file"));
    }

    /// What a gateway is made from.
    public static final class Builder {
        private final Path file;
        private final List<Consumer<? super GatewayEvent>> listeners = new ArrayList<>();
        private @Nullable Consumer<byte[]> packets;

        private Builder(Path file) {
            this.file = file;
        }

        /// Takes the packets that come out of the tunnels, in place of the file's `[inside]`.
        /// Called by a network thread, to return at once.
        public Builder packets(Consumer<byte[]> receiver) {
            this.packets = requireNonNull(receiver, "receiver");
            return this;
        }

        /// Takes every event in order, on a thread of its own.
        public Builder onEvent(Consumer<? super GatewayEvent> listener) {
            listeners.add(requireNonNull(listener, "listener"));
            return this;
        }

        /// Reads the file and those that it names.
        ///
        /// @throws UnusableConfigurationException with every mistake
        public PosternGateway build() throws UnusableConfigurationException {
            try {
                return new PosternGateway(this, GatewayConfiguration.read(file));
            } catch (ConfigurationException e) {
                throw new UnusableConfigurationException(e);
            }
        }
    }

    /// Opens sockets and devices and begins to serve. Where it finds later that another member of
    /// its cluster has its name, number or address it closes itself, and the log says why.
    ///
    /// @throws IOException in words, where an address, device or privilege is missing
    public synchronized PosternGateway start() throws IOException {
        if (closed || daemon != null) {
            throw new IllegalStateException(
                    closed
                            ? "this gateway is closed; build another one"
                            : "this gateway serves already");
        }
        GatewayNarrator narrator = new GatewayNarrator(Clock.systemUTC(), events::tell);
        GatewayDaemon started =
                GatewayDaemon.start(
                        configuration, EventLog.toNowhere(), new Embedding(narrator::on, packets));
        daemon = started;
        started.refused().thenAccept(_ -> Thread.ofPlatform().name("refused").start(this::close));
        return this;
    }

    /// Where it receives.
    public List<InetSocketAddress> addresses() {
        return running().addresses();
    }

    /// Sends an inner IP packet to the client that its destination address belongs to.
    ///
    /// @throws IllegalStateException where the packets are not this application's
    public void send(byte[] packet) {
        requireNonNull(packet, "packet");
        if (packets == null) {
            throw new IllegalStateException(
                    "packets of this gateway come from where [inside] of its file says;"
                            + " Builder.packets makes them the application's");
        }
        running().dataPlane().sendInner(packet);
    }

    /// The events from now on. A subscriber that lags behind gets an error.
    public Flow.Publisher<GatewayEvent> events() {
        return events.publisher();
    }

    private synchronized GatewayDaemon running() {
        GatewayDaemon current = daemon;
        if (closed || current == null) {
            throw new IllegalStateException(
                    closed ? "this gateway is closed" : "this gateway does not serve; call start");
        }
        return current;
    }

    /// Ends it and delivers the last events. Its sessions go on elsewhere; again it does nothing.
    @Override
    public void close() {
        events.refuseOwnThread("close");
        GatewayDaemon ending;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ending = daemon;
            daemon = null;
        }
        if (ending != null) {
            ending.close();
        }
        events.close();
    }
}
