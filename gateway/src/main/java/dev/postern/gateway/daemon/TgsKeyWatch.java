package dev.postern.gateway.daemon;

import dev.postern.cluster.SharedTgsKeys;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.ticket.RotatingTickets;
import dev.postern.ticket.TgsKeyRing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Keeps a running gateway's TGS keys those of its key file: a changed file is read again, within
/// seconds or when the operator says so, and keys leave the ring at their expiry. A file that is
/// not good changes nothing and is told once: the old ring goes on.
final class TgsKeyWatch {
    /// What came of a look at the file.
    sealed interface Look {
        record Unchanged() implements Look {}

        record Loaded(int keys) implements Look {}

        /// @param reason every problem of the file, for people
        record Refused(String reason) implements Look {}
    }

    /// The thread that seals and opens.
    @FunctionalInterface
    interface KeyThread {
        /// Runs a step there, with the time in seconds since 1970.
        ///
        /// @return false where it cannot take one just now
        boolean offer(LongConsumer step);
    }

    /// What a changed file is known by; a copy over the same name may keep any one of these.
    private record Print(FileTime modified, long size, @Nullable Object inode) {}

    private final Path file;
    private final RotatingTickets tickets;
    private final KeyThread keyThread;
    private final EventLog events;
    private @Nullable Print seen;

    TgsKeyWatch(TgsKeys keys, RotatingTickets tickets, KeyThread keyThread, EventLog events) {
        this.file = keys.file();
        this.tickets = tickets;
        this.keyThread = keyThread;
        this.events = events;
        this.seen = print(file);
    }

    /// Looks at the file, and reads it where it changed since or where `anyhow`. From any thread.
    synchronized Look look(Instant now, boolean anyhow) {
        keyThread.offer(seconds -> {
            if (tickets.expire(seconds)) {
                TgsKeyRing ring = tickets.ring();
                int left = ring == null ? 0 : ring.keys().size();
                events.line("tgs-keys-expired", "file", file, "keysLeft", left);
            }
        });
        Print print = print(file);
        if (!anyhow && (print == null || print.equals(seen))) {
            return new Look.Unchanged();
        }
        seen = print;
        try {
            TgsKeyRing ring = TgsKeys.read(file, now).ring();
            int keys = ring.keys().size();
            boolean queued = keyThread.offer(_ -> tickets.replace(ring));
            if (!queued) {
                // The queue is full at present; the next look tries again.
                seen = null;
                return new Look.Refused("the gateway is too busy just now");
            }
            events.line("tgs-keys-loaded", "file", file, "keys", keys);
            return new Look.Loaded(keys);
        } catch (ConfigurationException e) {
            String reason =
                    e.problems().stream().map(String::valueOf).collect(Collectors.joining("; "));
            events.line(
                    "tgs-keys-refused", "file", file, "because", reason, "kept", "the keys before");
            return new Look.Refused(reason);
        }
    }

    /// Takes keys that the cluster has and the file lacks, for it cannot be written: they are good
    /// until the process ends or the file is read again. From any thread.
    ///
    /// @param keys owned from now on
    synchronized void takeUnwritten(TgsKeyRing keys, Instant now) {
        TgsKeyRing valid = keys.validAt(now.getEpochSecond());
        TgsKeyRing present = tickets.ring();
        if (valid == null || (present != null && !SharedTgsKeys.isNewsFor(present, valid))) {
            return;
        }
        if (keyThread.offer(_ -> tickets.replace(valid))) {
            events.line("tgs-keys-unwritten", "file", file, "keys", valid.keys().size());
        }
    }

    private static @Nullable Print print(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Print(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException gone) {
            return null;
        }
    }
}
