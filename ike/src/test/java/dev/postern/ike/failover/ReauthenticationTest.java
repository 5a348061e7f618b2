package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// A client authenticates anew in time and beside the session that stands (RFC 4478 section 2, RFC
/// 7296 section 2.8.3).
final class ReauthenticationTest {
    private static final LifePolicy AN_HOUR = LifePolicy.UNLIMITED.withReauthentication(3_600);

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private Neighbourhood connected() {
        a.life = AN_HOUR;
        b.life = AN_HOUR;
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        return net;
    }

    private static long fullExchanges(Neighbourhood net) {
        return net.exchangesSent.stream().filter(ExchangeType.IKE_SA_INIT::equals).count();
    }

    @Test
    void theSessionGoesOnForeverAtTheSameGateway() {
        Neighbourhood net = connected();

        net.pass(Duration.ofHours(24));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        assertThat(fullExchanges(net)).isBetween(25L, 29L);
        assertThat(net.all(Event.SwitchCompleted.class)).noneMatch(s -> s.addressChanged());
        assertThat(net.all(Event.IkeSaClosed.class))
                .as("none ends but by our own Delete")
                .allMatch(closed -> closed.reason() == Event.CloseReason.CLOSED_LOCALLY);
    }

    @Test
    void theOldIkeSaIsDeletedWhenPacketsUnderItHaveArrived() {
        Neighbourhood net = connected();
        net.pass(Duration.ofMinutes(51));
        while (net.all(Event.SwitchCompleted.class).size() < 2) {
            net.pass(Duration.ofMillis(100));
        }
        assertThat(net.sessionsAt(a)).isEqualTo(2);

        net.pass(Duration.ofSeconds(2));

        assertThat(net.sessionsAt(a)).isEqualTo(1);
        assertThat(net.all(Event.IkeSaClosed.class).getLast().handle()).isEqualTo(1);
    }

    @Test
    void whereTheGatewayRefusesTheOthersAreAskedInFull() {
        Neighbourhood net = connected();
        a.keys.clear();

        net.pass(Duration.ofHours(1));

        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.sessionsAt(a)).isZero();
    }

    @Test
    void aGatewayThatDiesMeanwhileIsLeftByAResume() {
        Neighbourhood net = connected();
        net.pass(Duration.ofMinutes(51));
        net.cutOff(a);
        while (net.all(Event.ReauthenticationDue.class).isEmpty()) {
            net.pass(Duration.ofMillis(100));
        }
        net.suspect();

        net.pass(Duration.ofSeconds(3));

        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void aResumedSessionIsAuthenticatedAnewAtItsTime() {
        Neighbourhood net = connected();
        net.pass(Duration.ofMinutes(10));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(b.name());

        net.pass(Duration.ofMinutes(45));

        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void stoppingEndsAnIkeSaThatIsBeingLeftToo() {
        Neighbourhood net = connected();
        net.pass(Duration.ofMinutes(51));
        while (net.all(Event.SwitchCompleted.class).size() < 2) {
            net.pass(Duration.ofMillis(100));
        }

        net.stop();

        assertThat(net.sessionsAt(a)).isZero();
    }
}
