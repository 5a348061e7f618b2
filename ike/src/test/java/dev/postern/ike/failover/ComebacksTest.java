package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ticket.Revocation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Failover profile, "What a client may never do": a gateway that proves itself, lets the client in
/// and sends it away at once cannot drive it either, and neither can somebody who has one crash
/// again and again.
final class ComebacksTest {
    private static final Duration STEP = Duration.ofMillis(200);
    private static final int STEPS_OF_AN_HOUR = 5 * 3_600;
    private static final int STEPS_OF_A_MINUTE = 5 * 60;
    private static final int BOUND = Comebacks.BOUND;

    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private static int served(Neighbourhood net) {
        return net.all(Event.SwitchCompleted.class).size();
    }

    private static void deleteAll(Neighbourhood net, GatewaySettings gateway) {
        net.tell(gateway, new Input.Revoke(new Revocation.OfEverything(net.now().epochSeconds())));
    }

    @Test
    void whomEveryDeleteFollowsComesBackEverMoreRarelyAndNotMoreOftenThanItMayMove() {
        Neighbourhood net = new Neighbourhood(a);
        net.start();
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            if (!net.current().isEmpty()) {
                deleteAll(net, a);
            }
            net.pass(STEP);
        }
        assertThat(net.all(Event.IkeSaClosed.class))
                .extracting(Event.IkeSaClosed::reason)
                .contains(CloseReason.DELETED_BY_PEER);
        assertThat(served(net)).isBetween(10, BOUND + 1);
        List<Long> waits =
                net.all(Event.RetryScheduled.class).stream()
                        .map(Event.RetryScheduled::waitNanos)
                        .toList();
        assertThat(waits.getFirst()).isLessThanOrEqualTo(Neighbourhood.RETRY.firstNanos());
        assertThat(waits.stream().limit(BOUND - 1))
                .as("longer on the whole, with full jitter")
                .anyMatch(wait -> wait > 8 * Neighbourhood.RETRY.firstNanos())
                .allMatch(wait -> wait <= Neighbourhood.RETRY.maximumNanos());

        net.pass(Duration.ofHours(2));
        assertThat(net.current()).as("an honest gateway by now").isEqualTo(a.name());
    }

    @Test
    void anotherGatewayThatKeepsItIsGoneToAtOnce() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            if (net.current().equals(a.name())) {
                deleteAll(net, a);
            }
            net.pass(STEP);
        }
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(served(net)).isLessThanOrEqualTo(3);
    }

    @Test
    void aGatewayThatParksItAtOnceWakesItNoMoreOftenEither() {
        Neighbourhood net = new Neighbourhood(a);
        net.start();
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            net.tell(a, new Input.ParkPeer(net.settings.identity));
            net.wake();
            net.pass(STEP);
        }
        assertThat(served(net)).isBetween(10, BOUND + 1);
    }

    @Test
    void aGatewayThatCrashesAgainAndAgainIsComeBackToAtOnceOnlyOnce() {
        Neighbourhood net = new Neighbourhood(a);
        net.start();
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            if (!net.current().isEmpty()) {
                net.restart(a);
                net.suspect();
            }
            net.pass(STEP);
        }
        assertThat(served(net)).isBetween(5, BOUND + 1);
    }

    @Test
    void aGatewayThatCrashesAgainAndAgainDoesNotKeepItFromAnHonestOne() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        boolean served = false;
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            if (net.current().equals(a.name())) {
                net.restart(a);
                net.suspect();
            }
            net.pass(STEP);
            served |= net.current().equals(b.name());
            assertThat(served || i < STEPS_OF_A_MINUTE).as("at B within a minute").isTrue();
        }
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(served(net)).isLessThanOrEqualTo(6);
    }

    @Test
    void aGatewayThatParksItAtOnceDoesNotKeepItFromAnHonestOne() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        for (int i = 0; i < STEPS_OF_AN_HOUR; i++) {
            if (net.current().equals(a.name())) {
                net.tell(a, new Input.ParkPeer(net.settings.identity));
            }
            net.wake();
            net.pass(STEP);
        }
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(served(net)).isLessThanOrEqualTo(6);
    }

    @Test
    void aSessionThatHasLastedIsSetUpAnewAtOnce() {
        Neighbourhood net = new Neighbourhood(a);
        net.start();
        for (int i = 0; i < 2 * BOUND; i++) {
            net.pass(Duration.ofNanos(Comebacks.LASTING_NANOS));
            deleteAll(net, a);
            net.pass(Duration.ofNanos(Neighbourhood.RETRY.firstNanos() + Now.NANOS_PER_SECOND));
            assertThat(net.current()).isEqualTo(a.name());
        }
    }
}
