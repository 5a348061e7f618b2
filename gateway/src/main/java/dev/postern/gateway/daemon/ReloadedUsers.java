package dev.postern.gateway.daemon;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.EapUsers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The users of a file that is read again once it has changed. A file that became bad is told of,
/// and the users before it stay.
final class ReloadedUsers {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedUsers.class);
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private Map<String, SecretBytes> users;
    private @Nullable FileTime seen;
    private final LongSupplier nanos;
    private long lookedAt;

    ReloadedUsers(Path file, Map<String, SecretBytes> users) {
        this(file, users, System::nanoTime);
    }

    /// @param nanos monotonic
    ReloadedUsers(Path file, Map<String, SecretBytes> users, LongSupplier nanos) {
        this.file = file;
        this.users = users;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
        this.seen = changedAt();
    }

    /// A copy of the user's password, or null.
    synchronized @Nullable SecretBytes passwordOf(String user) {
        if (nanos.getAsLong() - lookedAt >= LOOK_EVERY_NANOS) {
            lookedAt = nanos.getAsLong();
            look();
        }
        SecretBytes password = users.get(user);
        return password == null ? null : password.copy();
    }

    private void look() {
        FileTime now = changedAt();
        if (now == null || now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            users = EapUsers.read(file);
            LOG.info("{} has changed: {} users", file, users.size());
        } catch (ConfigurationException e) {
            LOG.error(
                    "{} has changed and cannot be used, its users stay: {}", file, e.getMessage());
        }
    }

    private @Nullable FileTime changedAt() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return null;
        }
    }
}
