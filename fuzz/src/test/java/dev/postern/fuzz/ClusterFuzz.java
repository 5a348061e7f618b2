package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.cluster.Announcement;
import dev.postern.cluster.Fields;
import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Takeover;
import dev.postern.radius.AccountingRecord;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.MalformedException;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What lies in the cluster's grid and in a gateway's files: records of other versions, and octets
/// that were damaged.
final class ClusterFuzz {
    private static final InetAddress INNER = InetAddress.ofLiteral("10.9.0.7");

    /// A record is kept whole by whoever writes it again: one that does not know a field too.
    @FuzzTest
    void aRecordOfTheGrid(byte[] octets) {
        announcement(octets);
        storedSession(octets);
        Fields record = Fields.decode(octets);
        if (record == null) {
            return;
        }
        assertThat(Fields.decode(record.encode())).isEqualTo(record);
        assertThat(record.toString()).matches("[\\w\\[\\]:, ]+");
        Fields written = record.with(1, "gw-a");
        assertThat(written.text(1)).isEqualTo("gw-a");
        assertThat(record.with(0xffff, 7).number(0xffff, 0)).isEqualTo(7);
        Held held = Takeover.held(record);
        Fields released = Takeover.released(record, held.node());
        assertThat(released).isNotNull();
        if (released != null) {
            assertThat(Takeover.held(released)).isEqualTo(new Held("", held.epoch()));
        }
        share(record);
    }

    private static void share(Fields record) {
        try {
            Shares.Share share = Shares.decode(record);
            Shares shares = new Shares("gw-a", "here");
            shares.learn(share);
            assertThat(shares.judge(INNER)).isNotNull();
            Shares.Share again = Shares.decode(Shares.encode(share));
            assertThat(again).isEqualTo(share);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    /// By which voters a member would go.
    private static void announcement(byte[] octets) {
        Announcement said = Announcement.decode(octets);
        if (said != null) {
            Announcement again = Announcement.decode(said.encode());
            assertThat(again).isNotNull();
            if (again != null) {
                assertThat(again.electorate().nodes()).isEqualTo(said.electorate().nodes());
                assertThat(again.electorate().generation())
                        .isEqualTo(said.electorate().generation());
            }
        }
    }

    /// A session by reference, as a durable or distant store keeps it.
    private static void storedSession(byte[] octets) {
        StoredSession session = StoredSession.decode(octets);
        if (session != null) {
            assertThat(session.encode()).isEqualTo(octets);
            assertThat(session.gatewaySwitchCount()).isBetween(0, 15);
            assertThat(session.inPlaceOf(session)).isEqualTo(session);
        }
    }

    /// A record of a session's accounting, as the journal keeps it until a server has it.
    private static void accountingRecord(byte[] octets) {
        try {
            AccountingRecord record = AccountingRecord.decode(octets);
            assertThat(AccountingRecord.decode(record.encode()).attributes())
                    .isEqualTo(record.attributes());
        } catch (MalformedException e) {
            assertThat(e.malformation()).isNotNull();
        }
    }

    /// What must not be resumed: text that is not understood revokes everything rather than
    /// nothing, so it is never half read.
    @FuzzTest
    void aGatewaysFile(byte[] octets) {
        accountingRecord(octets);
        switch (RevocationText.parse(new String(octets, StandardCharsets.UTF_8))) {
            case RevocationText.Parsed.Valid(List<Revocation> read) -> {
                RevocationText.Parsed again = RevocationText.parse(RevocationText.write(read));
                assertThat(again).isEqualTo(new RevocationText.Parsed.Valid(read));
            }
            case RevocationText.Parsed.Invalid(int line, String message) -> {
                assertThat(line).isPositive();
                assertThat(message.chars().noneMatch(Character::isISOControl)).isTrue();
            }
        }
    }
}
