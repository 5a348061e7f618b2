package dev.postern.gateway.daemon;

import dev.postern.ike.Event;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/// Where a running client says how it stands, and is told what to do.
final class ClientDesk implements AutoCloseable {
    private final Clock clock = Clock.systemUTC();
    private final ClientStory story = new ClientStory(clock.instant());
    private final CountDownLatch down = new CountDownLatch(1);
    private volatile boolean logout;
    private @Nullable AdminServer server;

    /// @param socket null for nowhere
    /// @param others the commands that are not the desk's own
    void open(@Nullable Path socket, EventLog events, AdminServer.Commands others)
            throws IOException {
        if (socket != null) {
            EventRing ring = events.keepLatest();
            server =
                    AdminServer.start(
                            socket, new DeskCommands(story, ring, clock, this::end, others));
        }
    }

    private void end(boolean endsSession) {
        logout = endsSession;
        down.countDown();
    }

    void awaitDown() throws InterruptedException {
        down.await();
    }

    /// The session is to end with the client.
    void logOut() {
        logout = true;
    }

    /// Whether the session is to end with the client, although its ticket could be kept.
    boolean isLogout() {
        return logout;
    }

    void on(Event event) {
        story.on(event, clock.instant());
    }

    void ended() {
        story.ended(clock.instant());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
