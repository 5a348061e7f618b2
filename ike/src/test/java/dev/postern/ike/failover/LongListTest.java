package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.GatewaySettings;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// One honest gateway at the end of a list of two thousand addresses at which nobody is: what
/// docs/protocol.md says of the time that it takes to come to it ("How a client finds gateways").
final class LongListTest {
    private static final int DEAD = 2_000;

    private final GatewaySettings a = new GatewaySettings('a');

    private ResumableSession ticket() {
        Neighbourhood earlier = new Neighbourhood(a);
        earlier.start();
        return earlier.all(Event.TicketReceived.class).getLast().session();
    }

    private static Event.Origin origin(Neighbourhood net) {
        return net.all(Event.SwitchCompleted.class).getLast().origin();
    }

    @Test
    void inFullItServesAfterTwoSecondsForEachDeadOne() {
        Neighbourhood net = Neighbourhood.behind(DEAD, a);
        net.start();
        net.pass(Duration.ofMinutes(67));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
    }

    @Test
    void byTicketAfterOneAndAHalf() {
        Neighbourhood net = Neighbourhood.behind(DEAD, a);
        net.start(ticket());
        net.pass(Duration.ofMinutes(50));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(origin(net)).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void peopleAreToldTheFirstOnesAndHowManyMore() {
        Neighbourhood net = Neighbourhood.behind(40, a);
        net.start(ticket());
        net.pass(Duration.ofMinutes(2));
        assertThat(net.current()).isEqualTo(a.name());
        net.switchTo("gw-z.example");

        assertThat(net.all(Event.SwitchRefused.class).getLast().reason())
                .contains("there is no such gateway; known are gw-", "and 25 more")
                .hasSizeLessThan(500);
    }

    /// A reference is out of switch counts after the first fifteen.
    @Test
    void byReferenceNoLaterThanInFull() {
        ResumableSession ticket = ticket();
        Neighbourhood net = Neighbourhood.behind(DEAD, a);
        net.start(
                ResumableSession.byReference(
                        ticket.session(), ticket.ticket(), ticket.validUntil()));
        net.pass(Duration.ofMinutes(67));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(origin(net)).isEqualTo(Event.Origin.FULL_EXCHANGE);
    }
}
