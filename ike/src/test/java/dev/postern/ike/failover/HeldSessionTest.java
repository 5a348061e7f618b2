package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Under which switch count a client tries again.
final class HeldSessionTest {
    private final World world = new World(11);
    private final HeldSession held = new HeldSession();

    private ResumableSession ticket() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), world.add(new GatewaySettings('a')));
        world.settle();
        return requireNonNull(client.lastTicket());
    }

    @Test
    void aTicketIsTriedSixTimesMoreUnderTheNextCountWhereNothingWasDecided() {
        ResumableSession ticket = ticket();
        held.take(ticket);
        assertThat(held.takesAnotherCount(CloseReason.TICKET_REFUSED)).isFalse();
        for (int more = 1; more <= 6; more++) {
            assertThat(held.takesAnotherCount(CloseReason.TEMPORARY_FAILURE)).isTrue();
            assertThat(requireNonNull(held.kept()).nextSwitchCount())
                    .isEqualTo(ticket.nextSwitchCount() + more);
        }
        assertThat(held.takesAnotherCount(CloseReason.TEMPORARY_FAILURE)).isFalse();
    }

    /// Failover profile, "Message ID": by reference one more than the client used last.
    @Test
    void aRecordThatIsWrittenAnewGoesByTheCountsThatWereUsedWithItBefore() {
        Session session = ticket().session();
        ResumableSession before = ResumableSession.byReference(session, reference(1), 100);
        held.take(before.attempted().attempted());
        arrives(ResumableSession.byReference(session, reference(1), 200));
        assertThat(requireNonNull(held.kept()).nextSwitchCount()).isEqualTo(3);
        assertThat(requireNonNull(held.kept()).validUntil()).isEqualTo(200);
        arrives(ResumableSession.byReference(session, reference(2), 300));
        assertThat(requireNonNull(held.kept()).nextSwitchCount())
                .as("another IKE SA counts for itself")
                .isEqualTo(1);
    }

    private void arrives(ResumableSession fresh) {
        held.receive(new Event.TicketReceived(1, fresh), new Primary(1, 0, List.of(), false));
    }

    private static Octets reference(int last) {
        byte[] spis = new byte[16];
        spis[15] = (byte) last;
        return Octets.of(spis);
    }

    @Test
    void theLastCountHasNoNext() {
        ResumableSession ticket = ticket();
        while (!ticket.isExhausted()) {
            ticket = ticket.raised();
        }
        held.take(ticket);
        assertThat(held.takesAnotherCount(CloseReason.TEMPORARY_FAILURE)).isFalse();
        assertThat(held.canResume(Neighbourhood.at(1))).isFalse();
    }
}
