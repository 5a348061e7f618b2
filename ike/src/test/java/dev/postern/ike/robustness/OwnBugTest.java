package dev.postern.ike.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.SeededEntropy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// A bug of ours ends the IKE SA that it concerns; all others go on. The bug here is an entropy
/// source that fails at will.
class OwnBugTest {
    private static final Now NOW = new Now(1_000_000_000L, 1_767_225_600L);
    private static final Path PATH =
            new Path(
                    Net.port4500(Net.ip(198, 51, 100, 7)),
                    Net.port4500(Net.ip(192, 0, 2, 1)),
                    true);

    private final ClientSettings settings = new ClientSettings();
    private final List<RuntimeException> seen = new ArrayList<>();
    private boolean broken;
    private final SeededEntropy seeded = new SeededEntropy(1);
    private final Entropy entropy =
            octets -> {
                if (broken && octets.length == 32) {
                    throw new IllegalStateException("secret words that belong in no event");
                }
                seeded.fill(octets);
            };

    @Test
    void handleReturnsTheBugIsCountedAndTheHookSeesIt() {
        IkeEndpoint endpoint = new IkeEndpoint(settings.configuration(), entropy, seen::add);
        broken = true;

        List<Effect> effects =
                endpoint.handle(NOW, new Input.Initiate(1, settings.profile(), PATH));

        assertThat(effects).isEmpty();
        assertThat(seen).hasSize(1);
        assertThat(endpoint.counters().get(Counter.INTERNAL_ERROR)).isEqualTo(1);
        assertThat(endpoint.size()).isZero();
    }

    @Test
    void theIkeSaConcernedIsClosedWithThePlaceAndWithoutTheMessageAndOthersGoOn() {
        IkeEndpoint endpoint = new IkeEndpoint(settings.configuration(), entropy, seen::add);
        endpoint.handle(NOW, new Input.Initiate(1, settings.profile(), PATH));
        Effect.Send first =
                (Effect.Send)
                        endpoint.handle(NOW, new Input.Initiate(2, settings.profile(), PATH))
                                .getFirst();
        // A COOKIE makes the second one ask for another group: fresh entropy is needed.
        byte[] response = invalidKe(first.octets());
        broken = true;

        List<Effect> effects = endpoint.handle(NOW, new Input.Datagram(PATH, response));

        assertThat(effects).hasSize(1);
        Effect.Emit emit = (Effect.Emit) effects.getFirst();
        Event.IkeSaClosed closed = (Event.IkeSaClosed) emit.event();
        assertThat(closed.handle()).isEqualTo(2);
        assertThat(closed.reason()).isEqualTo(Event.CloseReason.INTERNAL_ERROR);
        assertThat(closed.detail())
                .contains("IllegalStateException", "OwnBugTest")
                .doesNotContain("secret words");
        assertThat(endpoint.size()).isEqualTo(1);
        broken = false;
        Now later = NOW.plusNanos(RetransmissionSchedule.STANDARD.firstWaitNanos());
        assertThat(endpoint.handle(later, new Input.DeadlineReached()))
                .hasSize(1)
                .allMatch(effect -> effect instanceof Effect.Send);
    }

    private static byte[] invalidKe(byte[] request) {
        byte[] response = new byte[28 + 10];
        System.arraycopy(request, 0, response, 0, 8);
        response[16] = 41;
        response[17] = 0x20;
        response[18] = 34;
        response[19] = 0x20;
        response[27] = 38;
        response[28 + 3] = 10;
        response[28 + 7] = 17;
        response[28 + 9] = 19;
        return response;
    }

    {
        settings.ikeSuites =
                dev.postern.ike.world.Suites.ike(
                        "aes256gcm16-prfsha384-x25519", "aes256gcm16-prfsha384-ecp256");
    }
}
