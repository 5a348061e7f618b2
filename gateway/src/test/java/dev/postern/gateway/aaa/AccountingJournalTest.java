package dev.postern.gateway.aaa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.radius.AccountingRecord;
import dev.postern.radius.Nas;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// What no server has acknowledged is there after a restart.
class AccountingJournalTest {
    private static final AccountingRecord RECORD =
            AccountingRecord.gatewayStarted(new Nas("gw-a", null), 1_700_000_000L);

    @TempDir private Path directory;

    private Path file() {
        return directory.resolve("accounting.journal");
    }

    @Test
    void recordsThatWereNotAcknowledgedAreThereAgain() throws IOException {
        try (AccountingJournal journal = new AccountingJournal(file())) {
            journal.add(1, RECORD);
            journal.add(2, RECORD);
            journal.remove(1);
        }
        try (AccountingJournal journal = new AccountingJournal(file())) {
            assertThat(journal.pending()).containsOnlyKeys(2L).containsValue(RECORD);
            assertThat(journal.nextNumber()).isEqualTo(3);
        }
    }

    @Test
    void aLineThatACrashHasCutIsLeftOut() throws IOException {
        try (AccountingJournal journal = new AccountingJournal(file())) {
            journal.add(1, RECORD);
        }
        Files.writeString(file(), "+ 2 0400", StandardOpenOption.APPEND);
        try (AccountingJournal journal = new AccountingJournal(file())) {
            assertThat(journal.pending()).containsOnlyKeys(1L);
        }
    }

    @Test
    void aLineThatTheDiskHasSpoiltIsLeftOut() throws IOException {
        try (AccountingJournal journal = new AccountingJournal(file())) {
            journal.add(1, RECORD);
        }
        byte[] spoilt = {'+', ' ', (byte) 0xc3, (byte) 0x28, 0, '\n'};
        Files.write(file(), spoilt, StandardOpenOption.APPEND);
        try (AccountingJournal journal = new AccountingJournal(file())) {
            assertThat(journal.pending()).containsOnlyKeys(1L);
        }
    }

    @Test
    void itIsClosedToOthersAndStaysSmall() throws IOException {
        try (AccountingJournal journal = new AccountingJournal(file())) {
            for (int i = 1; i <= 30_000; i++) {
                journal.add(i, RECORD);
                journal.remove(i);
            }
        }
        assertThat(Files.size(file())).isLessThan(3_000_000);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }
}
