package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.daemon.ClientControls;
import dev.postern.gateway.daemon.ClientDaemon;
import dev.postern.gateway.daemon.Embedding;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.Rank;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A client in this process that keeps one session alive across gateways. All methods may be called
/// from any thread, but [#awaitConnected] and [#close] not from a listener, which they would wait
/// for. A client connects once; [#close] is for good and may be called again without effect.
public final class PosternClient implements AutoCloseable {
    private enum State {
        BUILT,
        CONNECTING,
        CLOSED
    }

    private final ClientConfiguration configuration;
    private final @Nullable Consumer<byte[]> packets;
    private final EventStream<ClientEvent> events = new EventStream<>("postern-events");
    private final CompletableFuture<ClientEvent.Service> connected = new CompletableFuture<>();
    private final ClientNarrator narrator = new ClientNarrator(Clock.systemUTC(), this::tell);
    private State state = State.BUILT;
    private @Nullable ClientDaemon daemon;

    private PosternClient(Builder builder, ClientConfiguration configuration) {
        this.configuration = configuration;
        this.packets = builder.packets;
        builder.listeners.forEach(events::listen);
    }

    /// A client of this file, which docs/configuration.md describes.
    public static Builder builder(Path file) {
        return new Builder(requireNonNull(file, "file"));
    }

    /// What a client is made from.
    public static final class Builder {
        private final Path file;
        private final List<Consumer<? super ClientEvent>> listeners = new ArrayList<>();
        private @Nullable Consumer<byte[]> packets;

        private Builder(Path file) {
            this.file = file;
        }

        /// Takes the packets that come through the tunnel, in place of the file's `[inside]`: no
        /// TUN device is opened and no privilege needed. Called by a network thread, to return at
        /// once.
        public Builder packets(Consumer<byte[]> receiver) {
            this.packets = requireNonNull(receiver, "receiver");
            return this;
        }

        /// Takes every event, the first one too, in order on a thread of its own.
        public Builder onEvent(Consumer<? super ClientEvent> listener) {
            listeners.add(requireNonNull(listener, "listener"));
            return this;
        }

        /// Reads the file and those that it names.
        ///
        /// @throws UnusableConfigurationException with every mistake
        public PosternClient build() throws UnusableConfigurationException {
            try {
                return new PosternClient(this, ClientConfiguration.read(file));
            } catch (ConfigurationException e) {
                throw new UnusableConfigurationException(e);
            }
        }
    }

    /// Opens sockets and begins to connect; what comes of it is in the events.
    ///
    /// @throws IOException in words, where an address, device or privilege is missing, or another
    ///   client uses the file of its ticket
    /// @throws IllegalStateException where this client has connected before, or is closed
    public synchronized PosternClient connect() throws IOException {
        if (state != State.BUILT) {
            throw new IllegalStateException(
                    state == State.CLOSED
                            ? "this client is closed; build another one"
                            : "this client is connected, or connecting, already");
        }
        daemon =
                ClientDaemon.start(
                        configuration,
                        EventLog.toNowhere(),
                        configuration.adminSocket(),
                        new Embedding(narrator::on, packets));
        state = State.CONNECTING;
        return this;
    }

    /// Waits until a gateway has served this client for the first time.
    ///
    /// @throws TimeoutException where none does so in that time; the client goes on trying
    public ClientEvent.Service awaitConnected(Duration atMost)
            throws TimeoutException, InterruptedException {
        requireNonNull(atMost, "atMost");
        events.refuseOwnThread("awaitConnected");
        running();
        try {
            return connected.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("this client was closed before it was connected", e);
        } catch (TimeoutException e) {
            throw (TimeoutException)
                    new TimeoutException(
                                    "no gateway has served this client within "
                                            + atMost
                                            + "; known are "
                                            + gateways())
                            .initCause(e);
        }
    }

    /// The application has reason to believe that the gateway is gone: it is checked at once. The
    /// hint is never believed without that.
    public void hintGatewaySuspected() {
        running().suspect();
    }

    /// Goes to another gateway while ours is alive; [ClientEvent.SwitchRefused] says why not.
    ///
    /// @param gateway its name, identity or address; empty for the next one
    public void switchTo(String gateway) {
        running().switchTo(requireNonNull(gateway, "gateway"));
    }

    /// Adds a gateway that the application knows of, to its list beside the file's.
    ///
    /// @param identity that it must prove: one of those that the file accepts
    /// @param address of its NAT traversal port, resolved
    /// @param priority lower is tried first; the file's tables have 0, 1, 2 where they say nothing
    /// @param weight among those of the same priority
    /// @throws IllegalArgumentException where the identity is none that the file accepts, or the
    ///   address cannot be used
    /// @throws IllegalStateException where the application has added too many
    public void addGateway(String identity, InetSocketAddress address, int priority, int weight) {
        requireNonNull(identity, "identity");
        requireNonNull(address, "address");
        running().add(identity, address, new Rank(priority, weight));
    }

    /// Takes back what [#addGateway] has added, by its address. What the file or the DNS say of the
    /// same address holds again. A gateway that serves the session goes on to do so until the
    /// client leaves it, and is not gone back to.
    ///
    /// @return whether this application had added a gateway there
    public boolean removeGateway(InetSocketAddress address) {
        return running().remove(requireNonNull(address, "address"));
    }

    /// Every gateway that the client knows, in the order in which it would try them now.
    public List<KnownGateway> gateways() {
        GatewayOverview overview = running().gateways();
        List<KnownGateway> known = new ArrayList<>();
        overview.candidates().forEach(each -> known.add(KnownGateway.of(each)));
        overview.waiting().forEach(each -> known.add(KnownGateway.of(each)));
        return List.copyOf(known);
    }

    /// Lets the session rest until the next packet, or [#wake].
    public void park() {
        running().park();
    }

    public void wake() {
        running().wake();
    }

    /// Sends an inner IP packet. Lost like any packet where no SA takes it; a parked session wakes
    /// up by it.
    ///
    /// @throws IllegalStateException where the packets are not this application's
    public void send(byte[] packet) {
        requireNonNull(packet, "packet");
        if (packets == null) {
            throw new IllegalStateException(
                    "packets of this client come from the TUN device; Builder.packets makes them"
                            + " the application's");
        }
        running().send(packet);
    }

    /// The events from now on. A subscriber that lags behind gets an error.
    public Flow.Publisher<ClientEvent> events() {
        return events.publisher();
    }

    /// What serves the session now.
    public Optional<ClientEvent.Service> service() {
        return Optional.ofNullable(narrator.serving()).map(ClientNarrator.Serving::service);
    }

    /// The session's name, empty for none; see [ClientEvent].
    public String sessionId() {
        return Optional.ofNullable(narrator.serving())
                .map(ClientNarrator.Serving::sessionId)
                .orElse("");
    }

    private void tell(ClientEvent event) {
        if (event instanceof ClientEvent.Connected first) {
            connected.complete(first.service());
        }
        events.tell(event);
    }

    private synchronized ClientControls running() {
        ClientDaemon current = daemon;
        if (current == null || state != State.CONNECTING) {
            throw new IllegalStateException(
                    state == State.CLOSED
                            ? "this client is closed"
                            : "this client is not connected; call connect first");
        }
        return current.controls();
    }

    /// Ends the session with a Delete, or parks it where the file keeps its ticket, delivers the
    /// last events and waits for that. Again it does nothing.
    @Override
    public void close() {
        end("close", ClientDaemon::close);
    }

    /// Closes this client, and leaves nothing behind that resumes the session: it ends with a
    /// Delete, and its ticket is removed, also where the file keeps it. The next client
    /// authenticates in full. After [#close] it does nothing; `postern client logout` removes what
    /// that has kept.
    public void logout() {
        end("logout", ClientDaemon::logOut);
    }

    private void end(String how, Consumer<ClientDaemon> ends) {
        events.refuseOwnThread(how);
        ClientDaemon ending;
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            ending = daemon;
            daemon = null;
        }
        if (ending != null) {
            ends.accept(ending);
        }
        narrator.ended();
        connected.completeExceptionally(new IllegalStateException("closed"));
        events.close();
    }
}
