package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.TicketsByHand;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 5723 section 4.3.1, at the client: a ticket is presented once, and never after its time.
final class Rfc5723TicketsAreUsedOnceTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private Neighbourhood connected() {
        a.resumption = Suites.RFC_5723;
        b.resumption = Suites.RFC_5723;
        b.tickets = new TicketsByHand().loseKey();
        return new Neighbourhood(Suites.RFC_5723, a, b);
    }

    @Test
    void aTicketThatHasResumedItsSessionIsNeverPresentedAgain() {
        Neighbourhood net = connected();
        net.start();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(10));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_RFC_5723);
        long presented = presented(net);

        net.cutOff(b);
        net.reconnect(a);
        net.suspect();
        net.pass(Duration.ofMinutes(1));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(presented(net)).isEqualTo(presented);
    }

    @Test
    void aTicketWhoseLifetimeIsOverIsNotPresented() {
        TicketsByHand tickets = new TicketsByHand();
        a.tickets = tickets;
        Neighbourhood net = connected();
        net.start();
        assertThat(net.all(Event.TicketReceived.class)).hasSize(1);
        tickets.loseKey();
        net.pass(Duration.ofSeconds(Suites.LIFETIME_SECONDS));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofMinutes(1));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(presented(net)).isZero();
    }

    private static long presented(Neighbourhood net) {
        return net.exchangesSent.stream().filter(ExchangeType.IKE_SESSION_RESUME::equals).count();
    }
}
