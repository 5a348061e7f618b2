package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.postern.cluster.Electorate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// What a member remembers over a restart of who was in the last primary view.
final class VotersFileTest {
    private static final Set<String> CONFIGURED = Set.of("gw-a", "gw-b", "gw-c");

    @TempDir private Path directory;
    private Path state = Path.of("");
    private VotersFile file = new VotersFile(null);

    @BeforeEach
    void begin() {
        state = directory.resolve("state");
        file = new VotersFile(state);
    }

    private Electorate read() throws IOException {
        return requireNonNull(new VotersFile(state).read(CONFIGURED));
    }

    @Test
    void itIsReadAsItWasWritten() throws IOException {
        assertThat(file.read(CONFIGURED)).isNull();
        file.write(Electorate.atStart(7, Set.of("gw-a", "gw-c")));
        assertThat(read()).isEqualTo(Electorate.atStart(7, Set.of("gw-a", "gw-c")));
    }

    /// Such a node would be in doubt for ever, and this side never the primary one.
    @Test
    void whatIsNoNodeOfTheConfigurationIsPassedOver() throws IOException {
        Files.writeString(
                state, "# kept\nlater = \"version\"\ngeneration 7\ngw-a\ngw-gone\n{\"\u0007\"}\n");
        assertThat(read()).isEqualTo(Electorate.atStart(7, Set.of("gw-a")));
        Files.writeString(state, "generation 7\ngw-gone\n");
        assertThat(file.read(CONFIGURED)).isNull();
    }

    @Test
    void whatIsNoTextOrNoNumberNamesTheFileAndTheWayOut() throws IOException {
        Files.write(state, new byte[] {'g', 'w', (byte) 0xff, (byte) 0xfe, '\n'});
        assertThatThrownBy(() -> file.read(CONFIGURED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(state + ": this is no text; without the file this gateway");
        Files.writeString(state, "generation x\u001b\ngw-a\n");
        assertThatThrownBy(() -> file.read(CONFIGURED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(state + ": the generation is \"x")
                .hasMessageContaining("; without the file this gateway")
                .hasMessageNotContaining("\u001b");
    }

    /// As on a disk that is full: nobody is held up, what stood there stands, and the next view is
    /// written once there is room.
    @Test
    void aFileThatCannotBeWrittenHoldsNobodyUp() throws IOException {
        file.write(Electorate.atStart(7, Set.of("gw-a")));
        Path beside = Files.createDirectory(directory.resolve("state.new"));
        file.write(Electorate.atStart(8, Set.of("gw-a", "gw-b")));
        assertThat(read().generation()).isEqualTo(7);
        Files.delete(beside);
        file.write(Electorate.atStart(8, Set.of("gw-a", "gw-b")));
        assertThat(read().generation()).isEqualTo(8);
    }
}
