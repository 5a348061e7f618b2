package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/// What was revoked is forgotten when no ticket from before can be about any more, and not earlier.
class RevocationListTest {
    private static final long WEEK = 604_800;
    private static final long HOUR = 3_600;
    private static final Instant BEGIN = Instant.parse("2026-01-31T12:00:00Z");
    private static final Revocation ALICE =
            new Revocation.OfIdentity(Identity.fqdn("alice.example"), BEGIN.getEpochSecond());

    @TempDir private Path directory = Path.of("");

    private RevocationList open(long lifetime, long secondsLater) throws IOException {
        Clock clock = Clock.fixed(BEGIN.plusSeconds(secondsLater), ZoneOffset.UTC);
        return RevocationList.open(directory.resolve("revocations"), lifetime, clock);
    }

    @Test
    void aShortenedLifetimeFreesNothingThatIsInTheFile() throws IOException {
        open(WEEK, 0).revoke(ALICE);

        assertThat(open(HOUR, HOUR).entries()).containsExactly(ALICE);
        assertThat(open(HOUR, WEEK).entries()).containsExactly(ALICE);
        assertThat(open(HOUR, WEEK + HOUR + 61).entries()).isEmpty();
    }

    @Test
    void whatIsRevokedAfterTheLifetimeWasShortenedIsKeptForTicketsFromBefore() throws IOException {
        open(WEEK, -HOUR);
        open(HOUR, 0).revoke(ALICE);

        assertThat(open(HOUR, 2 * HOUR).entries()).containsExactly(ALICE);
        assertThat(open(HOUR, 2 * HOUR).keptForSeconds()).isEqualTo(WEEK);
        assertThat(open(HOUR, WEEK + HOUR).entries()).isEmpty();
    }

    /// It began so before the lifetimes were kept; what is revoked then is told not to be written.
    @Test
    void aGatewayBeginsWhereItsDirectoryIsMissing() throws IOException {
        RevocationList list =
                RevocationList.open(
                        directory.resolve("missing").resolve("revocations"),
                        HOUR,
                        Clock.fixed(BEGIN, ZoneOffset.UTC));
        assertThat(list.keptForSeconds()).isEqualTo(HOUR);
        assertThatThrownBy(() -> list.revoke(ALICE)).isInstanceOf(IOException.class);
        assertThat(list.entries()).containsExactly(ALICE);
    }

    @Test
    void aGatewayDoesNotBeginWhereItIsUnknownHowOldTicketsGet() throws IOException {
        Files.writeString(directory.resolve("revocations.lifetimes"), "a week");

        assertThatThrownBy(() -> open(HOUR, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("revocations.lifetimes: is not a list of lifetimes")
                .hasMessageContaining("replace it by one line");
    }
}
