package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Suites;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// draft-vidya-ipsec-failover-ps-02 section 4.1.1: a session that is set up ahead, rests, and is
/// there when it is needed.
final class ParkedClientTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private Neighbourhood parked() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        net.park();
        assertThat(net.isParked()).isTrue();
        return net;
    }

    @Test
    void aParkedClientHasNoGatewayAndTriesNone() {
        Neighbourhood net = parked();
        net.pass(Duration.ofMinutes(30));
        assertThat(net.current()).isEmpty();
        assertThat(net.sessionsAt(a)).isZero();
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        assertThat(net.all(Event.IkeSaClosed.class).getLast().reason())
                .isEqualTo(CloseReason.PARKED);
    }

    @Test
    void theFirstPacketResumesItWhereItRested() {
        Neighbourhood net = parked();
        net.wake();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.isParked()).isFalse();
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void orAtAnotherGatewayWhereThatIsGone() {
        Neighbourhood net = parked();
        net.cutOff(a);
        net.wake();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void aSecondPacketStartsNothingMore() {
        Neighbourhood net = parked();
        net.cutOff(a);
        net.wake();
        net.wake();
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(2);
    }

    @Test
    void itCanRestAgainAndAgain() {
        Neighbourhood net = parked();
        for (int i = 0; i < 5; i++) {
            net.wake();
            net.park();
            assertThat(net.isParked()).isTrue();
        }
        assertThat(net.sessionsAt(a)).isZero();
    }

    @Test
    void theGatewayParksWhatIsIdleByPolicyAndTheClientResumes() {
        a.resumption = Suites.BOTH_PROTOCOLS.parkingAfter(60 * Now.NANOS_PER_SECOND);
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        net.pass(Duration.ofSeconds(59));
        net.tell(a, new Input.ParkIdle());
        assertThat(net.isParked()).isFalse();

        net.pass(Duration.ofSeconds(2));
        net.tell(a, new Input.ParkIdle());

        assertThat(net.isParked()).isTrue();
        assertThat(net.sessionsAt(a)).isZero();
        net.wake();
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void aClientThatStopsWhileItRestsHasNothingToDelete() {
        Neighbourhood net = parked();
        int sent = net.exchangesSent.size();
        net.stop();
        net.wake();
        assertThat(net.exchangesSent).hasSize(sent);
    }

    @Test
    void aSessionThatIsSetUpAheadRestsAsSoonAsItCanBeResumed() {
        Neighbourhood net = new Neighbourhood(a, b);
        SetUpAhead ahead = new SetUpAhead(true);
        net.start();
        for (Event event : List.copyOf(net.events)) {
            if (ahead.isDone(event)) {
                net.park();
            }
        }
        assertThat(net.isParked()).isTrue();
        assertThat(net.sessionsAt(a)).isZero();
        net.wake();
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(ahead.isDone(net.all(Event.TicketReceived.class).getLast()))
                .as("once: afterwards it is in use")
                .isFalse();
    }

    @Test
    void aSessionThatIsNeededAtOnceDoesNotRest() {
        Neighbourhood net = new Neighbourhood(a, b);
        SetUpAhead ahead = new SetUpAhead(true);
        ahead.waitFor(0);
        ahead.waitFor(1);
        net.start();
        assertThat(net.events).noneMatch(ahead::isDone);
        assertThat(net.events).noneMatch(new SetUpAhead(false)::isDone);
    }

    @Test
    void aTunnelWithoutPacketsIsIdleAndOneWithIsNot() {
        IdleWatch watch = new IdleWatch(100);
        assertThat(watch.isIdle(0, 1, 1)).isFalse();
        assertThat(watch.isIdle(99, 1, 1)).isFalse();
        assertThat(watch.isIdle(100, 2, 1)).isFalse();
        assertThat(watch.isIdle(199, 2, 1)).isFalse();
        assertThat(watch.isIdle(200, 2, 1)).isTrue();
        watch.restart();
        assertThat(watch.isIdle(201, 2, 1)).isFalse();
        assertThat(new IdleWatch(0).isIdle(1_000, 0, 0)).isFalse();
    }
}
