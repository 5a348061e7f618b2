package dev.postern.gateway.daemon;

import dev.postern.gateway.files.OwnerFile;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Keeps in a file whose each inner address is, so that a restart gives no client another's
/// address. Written behind: every few seconds where something changed, and at the end. What a crash
/// loses are the leases of these seconds; a client that resumes brings its address with it in any
/// case.
final class LeaseFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseFile.class);
    private static final long INTERVAL_SECONDS = 3;
    private static final long LONGEST_WRITE_SECONDS = 10;

    private final @Nullable Path file;
    private final AddressLeases leases;
    private @Nullable ScheduledExecutorService writer;

    /// Touched on the endpoint's thread, and after its end.
    private long written;

    private volatile boolean failed;

    private LeaseFile(@Nullable Path file, AddressLeases leases) {
        this.file = file;
        this.leases = leases;
        this.written = leases.changes();
    }

    /// Reads the file, where there is one, into the leases.
    ///
    /// @param file null where leases are kept in memory alone
    /// @throws IOException where it cannot be read or understood: whose the addresses are is
    ///   unknown then, so a gateway must not give them out
    static LeaseFile open(@Nullable Path file, AddressLeases leases) throws IOException {
        if (file != null) {
            leases.restore(read(file));
        }
        return new LeaseFile(file, leases);
    }

    private static Map<InetAddress, Identity> read(Path file) throws IOException {
        String text;
        try {
            // Every octet is a character of Latin-1, so that a damaged file gets as far as its
            // line.
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException first) {
            return Map.of();
        }
        return switch (LeaseText.parse(text)) {
            case LeaseText.Parsed.Valid(Map<InetAddress, Identity> reservations) -> reservations;
            case LeaseText.Parsed.Invalid(int line, String message) ->
                    throw new IOException(
                            file
                                    + ":"
                                    + line
                                    + ": "
                                    + message
                                    + "; as long as it is unknown whose the addresses are, no"
                                    + " gateway may begin: mend the line, or remove the file, and"
                                    + " clients that are away may find their addresses given to"
                                    + " others");
        };
    }

    /// Begins to write behind the endpoint's back.
    void start(EndpointLoop loop) {
        if (file == null) {
            return;
        }
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("leases").factory());
        writer = started;
        started.scheduleWithFixedDelay(
                () ->
                        loop.offer(_ -> {
                            handOver(started);
                            return List.of();
                        }),
                INTERVAL_SECONDS,
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
    }

    /// On the endpoint's thread, which alone knows the leases; the disk is waited for elsewhere.
    private void handOver(ScheduledExecutorService started) {
        if ((leases.changes() != written || failed) && !started.isShutdown()) {
            written = leases.changes();
            Map<InetAddress, Identity> reservations = leases.reservations();
            started.execute(() -> write(reservations));
        }
    }

    /// Writes what is not yet written. The endpoint's thread has ended before.
    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
            try {
                if (!writer.awaitTermination(LONGEST_WRITE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("the disk under {} does not answer, the last leases are lost", file);
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (file != null && (leases.changes() != written || failed)) {
            written = leases.changes();
            write(leases.reservations());
        }
    }

    private void write(Map<InetAddress, Identity> reservations) {
        if (file == null) {
            return;
        }
        try {
            OwnerFile.replace(
                    file, LeaseText.write(reservations).getBytes(StandardCharsets.US_ASCII));
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn(
                        "the leases cannot be written to {} ({}); until they can, a restart forgets"
                                + " whose the addresses are",
                        file,
                        e.toString());
            }
            failed = true;
        }
    }
}
