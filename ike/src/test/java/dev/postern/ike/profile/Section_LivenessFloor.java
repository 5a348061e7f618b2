package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// docs/protocol.md, "How a client finds out that its gateway is gone": a gateway bounds how often
/// its idle clients check it.
class Section_LivenessFloor {
    private final Resumption r = new Resumption(61);

    private static LivenessPolicy everySeconds(long seconds) {
        return new LivenessPolicy(
                seconds * Now.NANOS_PER_SECOND, RetransmissionSchedule.QUICK, true);
    }

    private static LivenessPolicy floor(long seconds) {
        return new LivenessPolicy(
                0, RetransmissionSchedule.STANDARD, false, seconds * Now.NANOS_PER_SECOND);
    }

    /// Checks that the client sends within this time, in which nothing else happens.
    private long checksWithin(Duration time) {
        int before = r.world.carried().size();
        r.world.advance(time);
        return r.world.carried().stream()
                .skip(before)
                .filter(datagram -> datagram.from().equals(r.client().address()))
                .filter(datagram -> datagram.header().exchange() == ExchangeType.INFORMATIONAL)
                .count();
    }

    @Test
    void withoutAWordOfTheGatewayTheClientsOwnPolicyHolds() {
        r.settings.liveness = everySeconds(5);
        r.connect();
        assertThat(checksWithin(Duration.ofSeconds(101))).isEqualTo(20);
    }

    @Test
    void theGatewaysFloorHoldsForAClientThatWouldCheckMoreOften() {
        r.aSettings.liveness = floor(50);
        r.settings.liveness = everySeconds(5);
        r.connect();
        assertThat(checksWithin(Duration.ofSeconds(101))).isEqualTo(2);
    }

    @Test
    void aClientThatChecksMoreSeldomOrNeverIsLeftAlone() {
        r.aSettings.liveness = floor(2);
        r.settings.liveness = everySeconds(50);
        r.connect();
        assertThat(checksWithin(Duration.ofSeconds(101))).isEqualTo(2);
        Resumption never = new Resumption(62);
        never.aSettings.liveness = floor(2);
        never.connect();
        int sent = never.world.carried().size();
        never.world.advance(Duration.ofSeconds(101));
        assertThat(never.world.carried()).hasSize(sent);
    }

    @Test
    void noGatewayPutsItOffForMoreThanAnHour() {
        r.aSettings.liveness = floor(1_000_000);
        r.settings.liveness = everySeconds(5);
        r.aSettings.resumption =
                new ResumptionPolicy(
                        true, false, 86_400, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);
        r.connect();
        assertThat(checksWithin(Duration.ofSeconds(3_601))).isEqualTo(1);
    }

    @Test
    void theGatewayThatResumesTheSessionSaysWhatHoldsThere() {
        r.aSettings.liveness = floor(50);
        r.bSettings.liveness = floor(20);
        r.settings.liveness = everySeconds(5);
        ResumableSession ticket = r.connect();
        r.a().die();
        r.resume(r.b(), ticket);
        // Whoever resumes confirms at once; that is no check.
        r.world.advance(Duration.ofSeconds(1));
        int before = r.world.carried().size();
        r.world.advance(Duration.ofSeconds(101));
        long toB =
                r.world.carried().stream()
                        .skip(before)
                        .filter(datagram -> datagram.from().equals(r.client().address()))
                        .filter(datagram -> datagram.to().equals(r.b().address()))
                        .count();
        assertThat(toB).isEqualTo(5);
    }
}
