package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// What an operator sees of the warnings of the cluster's engine.
class EngineNotesTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    private final EngineNotes notes = new EngineNotes();

    private static LogRecord record(String logger, String text, Instant now) {
        LogRecord record = new LogRecord(Level.WARNING, text);
        record.setLoggerName(logger);
        record.setInstant(now);
        return record;
    }

    private boolean isSeen(String logger, String text, int second) {
        return notes.isLoggable(record(logger, text, NOW.plusSeconds(second)));
    }

    @Test
    void whatDiffersInNumbersAloneIsSeenOnceAMinute() {
        String tcp = "org.jgroups.protocols.TCP";
        assertThat(isSeen(tcp, "port 4711 refused", 0)).isTrue();
        assertThat(isSeen(tcp, "port 4712 refused", 1)).isFalse();
        assertThat(isSeen(tcp, "another matter", 1)).isTrue();
        assertThat(isSeen(tcp, "port 4713 refused", 60)).isTrue();
    }

    @Test
    void aMemberThatLooksWhetherThisProcessHasEndedIsNoMatter() {
        assertThat(
                        isSeen(
                                "org.jgroups.protocols.TCP",
                                "failed accepting connection: SocketException: Socket is closed",
                                0))
                .isFalse();
    }

    @Test
    void whatPosternSaysIsSeenEachTime() {
        assertThat(isSeen("dev.postern.grid.Grid", "the same", 0)).isTrue();
        assertThat(isSeen("dev.postern.grid.Grid", "the same", 1)).isTrue();
    }

    @Test
    void theEnginesStackTracesAreForItsMakers() {
        LogRecord record = record("org.jgroups.protocols.TCP", "failed", NOW);
        record.setThrown(new IOException("certificate_unknown"));
        assertThat(new Logging.OneLine(true).format(record))
                .contains("failed: java.io.IOException: certificate_unknown")
                .doesNotContain("\tat ");
        assertThat(new Logging.OneLine(false).format(record)).contains("\tat ");
        record.setLoggerName("dev.postern.grid.Grid");
        assertThat(new Logging.OneLine(true).format(record)).contains("\tat ");
    }
}
