package dev.postern.gateway.daemon;

import dev.postern.gateway.files.OwnerFile;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.Revocations;
import dev.postern.ticket.TicketLifetimes;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/// What was revoked at this gateway, kept in a file so that a restart forgets nothing. For any
/// thread. A revocation is in the file, on the disk, before anybody hears that it was accepted.
final class RevocationList {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationList.class);

    private final @Nullable Path file;
    private final long keptForSeconds;
    private final Revocations revocations;
    private volatile Consumer<Revocation> endpoint = _ -> {};
    private volatile Consumer<Revocation> cluster = _ -> {};
    private final Clock clock;

    private RevocationList(
            @Nullable Path file, long keptForSeconds, Revocations revocations, Clock clock) {
        this.file = file;
        this.keptForSeconds = keptForSeconds;
        this.revocations = revocations;
        this.clock = clock;
    }

    /// Names who is told of every revocation from now on.
    void tell(Consumer<Revocation> listener) {
        endpoint = listener;
    }

    /// Names who is told of what is revoked here, to tell the other gateways.
    void share(Consumer<Revocation> listener) {
        cluster = listener;
    }

    /// Another gateway has revoked.
    synchronized void learn(Revocation revocation) {
        try {
            add(revocation);
        } catch (IOException e) {
            LOG.warn("what another gateway has revoked cannot be written down: {}", e.toString());
        }
    }

    /// Reads the file, where there is one, and beside it for how long tickets are about that were
    /// issued before the configuration was changed.
    ///
    /// @param longestTicketLifetimeSeconds of tickets that are issued from now on
    /// @throws IOException where the file cannot be read: what was revoked is then unknown, so a
    ///   gateway must not begin
    static RevocationList open(@Nullable Path file, long longestTicketLifetimeSeconds, Clock clock)
            throws IOException {
        long now = clock.instant().getEpochSecond();
        long kept =
                file == null
                        ? longestTicketLifetimeSeconds
                        : lifetimes(file, longestTicketLifetimeSeconds, now).longest();
        Revocations revocations = new Revocations(Revocations.DEFAULT_LIMIT, kept);
        for (Revocation revocation : read(file)) {
            revocations.add(revocation, now);
        }
        revocations.forget(now);
        return new RevocationList(file, kept, revocations, clock);
    }

    /// The longest lifetime of a ticket that may be about.
    long keptForSeconds() {
        return keptForSeconds;
    }

    private static TicketLifetimes lifetimes(Path file, long present, long now) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".lifetimes");
        TicketLifetimes known = TicketLifetimes.of(present);
        try {
            TicketLifetimes written = TicketLifetimes.parse(Files.readString(beside));
            if (written == null) {
                throw new IOException(
                        beside
                                + ": is not a list of lifetimes; as long as it is unknown how old"
                                + " tickets get, no gateway may begin: mend it, or replace it by"
                                + " one line with the longest ticket-lifetime of late in seconds");
            }
            known = written.then(present, now);
            if (known.equals(written)) {
                return known;
            }
        } catch (NoSuchFileException first) {
            // Nothing longer is known of.
        }
        try {
            OwnerFile.replace(beside, known.write().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written ({}): should ticket-lifetime be shortened, nobody will"
                        + " know how old the tickets from before get, and what is revoked cannot be"
                        + " written down either; make {} a directory that the gateway may write to,"
                        + " or name another file in admin.revocations",
                    beside,
                    e.toString(),
                    beside.toAbsolutePath().getParent());
        }
        return known;
    }

    private static List<Revocation> read(@Nullable Path file) throws IOException {
        if (file == null) {
            return List.of();
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException first) {
            return List.of();
        }
        return switch (RevocationText.parse(text)) {
            case RevocationText.Parsed.Valid(List<Revocation> entries) -> entries;
            case RevocationText.Parsed.Invalid(int line, String message) ->
                    throw new IOException(
                            file
                                    + ":"
                                    + line
                                    + ": "
                                    + message
                                    + "; as long as it is unknown what was revoked, no gateway may"
                                    + " begin: mend the line, or replace the file by one with the"
                                    + " line \"everything "
                                    + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                                    + "\"");
        };
    }

    /// Revokes: first in the file, then at the endpoint.
    ///
    /// @throws IOException where it could not be written down; the endpoint knows it nevertheless,
    ///   until the gateway restarts
    synchronized void revoke(Revocation revocation) throws IOException {
        try {
            add(revocation);
        } finally {
            cluster.accept(revocation);
        }
    }

    private void add(Revocation revocation) throws IOException {
        long now = clock.instant().getEpochSecond();
        revocations.add(revocation, now);
        revocations.forget(now);
        try {
            write();
        } finally {
            endpoint.accept(revocation);
        }
    }

    synchronized List<Revocation> entries() {
        revocations.forget(clock.instant().getEpochSecond());
        return revocations.entries();
    }

    private void write() throws IOException {
        if (file == null) {
            return;
        }
        OwnerFile.replace(
                file, RevocationText.write(revocations.entries()).getBytes(StandardCharsets.UTF_8));
    }
}
