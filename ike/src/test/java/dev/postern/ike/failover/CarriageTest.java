package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.world.GatewaySettings;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A gateway that accepts a resume and carries nothing is left for one that carries packets.
final class CarriageTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private final Neighbourhood net = new Neighbourhood(a, b, c);
    private final List<String> visited = new ArrayList<>();

    /// Traffic has had answers at gateway a, which is gone now; b has resumed the session.
    private void moveToB() {
        net.start();
        net.packetComes();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(b.name());
    }

    /// Packets go out and none comes, as the traffic watch tells it.
    private void sendInVain(Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 3_200) {
            net.suspect();
            net.pass(Duration.ofMillis(3_200));
            visited.add(net.current());
        }
    }

    @Test
    void aGatewayThatResumesAndCarriesNothingIsLeftForOneThatDoes() {
        moveToB();
        // Gateway a, which comes before c, may be tried in between.
        sendInVain(Duration.ofSeconds(32));
        assertThat(net.current()).isEqualTo(c.name());
        assertThat(net.all(Event.GatewaySuspected.class))
                .anyMatch(suspected ->
                        suspected.suspicion() == Event.Suspicion.CARRIES_NOTHING
                                && suspected.gateway().equals(b.name()));
        net.packetComes();
        sendInVain(Duration.ofMinutes(10));
        assertThat(net.current()).as("it has carried packets").isEqualTo(c.name());
    }

    @Test
    void aDeadGatewayInBetweenHidesNoHonestOne() {
        moveToB();
        // Now c is gone, and a is back.
        net.cutOff(c);
        net.reconnect(a);
        sendInVain(Duration.ofMinutes(2));
        assertThat(visited).contains(a.name());
    }

    @Test
    void whereNoneCarriesAnythingItMovesNoMoreOftenThanItsCalmAllows() {
        moveToB();
        net.reconnect(a);
        sendInVain(Duration.ofHours(1));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSizeBetween(4, 21);
        assertThat(visited).contains(a.name(), b.name(), c.name());
    }

    @Test
    void trafficThatNeverHadAnswersMovesNobody() {
        net.start();
        sendInVain(Duration.ofMinutes(10));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
    }

    @Test
    void aGatewayThatHasCarriedPacketsIsNotLeftForTheirAbsence() {
        moveToB();
        net.packetComes();
        sendInVain(Duration.ofMinutes(10));
        assertThat(net.current()).isEqualTo(b.name());
    }
}
