package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Failover profile, "Nonces": the epoch is "raised durably before the first packet under it".
final class EpochsFileTest {
    @TempDir private Path directory = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void begin() {
        state = directory.resolve("cluster");
    }

    private Path file() {
        return directory.resolve("cluster.epochs");
    }

    @Test
    void theNextRunKnowsTheLastEpochOfEachThing() throws IOException {
        EpochsFile first = new EpochsFile(state);
        assertThat(first.last("shared addresses")).isZero();
        assertThat(first.keep("shared addresses", 7)).isTrue();
        assertThat(first.keep("sessions of gw-b", 2)).isTrue();
        assertThat(first.keep("shared addresses", 8)).isTrue();

        EpochsFile next = new EpochsFile(state);
        assertThat(next.last("shared addresses")).isEqualTo(8);
        assertThat(next.last("sessions of gw-b")).isEqualTo(2);
    }

    @Test
    void withoutAFileAMemberRemembersForAsLongAsItRuns() throws IOException {
        EpochsFile memory = new EpochsFile(null);
        assertThat(memory.keep("shared addresses", 7)).isTrue();
        assertThat(memory.last("shared addresses")).isEqualTo(7);
    }

    /// As on a disk that is full: what is not kept is not owned.
    @Test
    void anEpochThatCannotBeWrittenIsNotKept() throws IOException {
        EpochsFile epochs = new EpochsFile(state);
        Path beside = Files.createDirectory(directory.resolve("cluster.epochs.new"));
        assertThat(epochs.keep("shared addresses", 7)).isFalse();
        Files.delete(beside);
        assertThat(epochs.keep("shared addresses", 8)).isTrue();
        assertThat(new EpochsFile(state).last("shared addresses")).isEqualTo(8);
    }

    @Test
    void whatIsNoEpochNamesTheFileAndTheWayOut() throws IOException {
        Files.writeString(file(), "# kept\nmany\u001b shared addresses\n");
        assertThatThrownBy(() -> new EpochsFile(state))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file() + ": an epoch is \"many")
                .hasMessageContaining("remove it while another member of the cluster runs")
                .hasMessageNotContaining("\u001b");
        Files.write(file(), new byte[] {'7', ' ', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> new EpochsFile(state))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file() + ": this is no text");
    }
}
