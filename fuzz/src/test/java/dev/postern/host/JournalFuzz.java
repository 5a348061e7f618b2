package dev.postern.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a client that died has left in its journal, and the disk has spoilt since.
public final class JournalFuzz {
    /// Each line is a change, which says the same when it is written again, or is passed over.
    @FuzzTest
    void changes(byte[] octets) {
        changesIn(octets);
    }

    /// How many changes there are.
    public static int changesIn(byte[] octets) {
        int changes = 0;
        for (String line : new String(octets, StandardCharsets.UTF_8).lines().toList()) {
            Optional<Change> change = Change.parse(line);
            if (change.isPresent()) {
                changes++;
                assertThat(Change.parse(change.get().line())).isEqualTo(change);
                assertThat(change.get().line().lines()).hasSize(1);
            }
        }
        return changes;
    }
}
