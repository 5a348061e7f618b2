package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

/// An operator hears in time that a gateway will be no member any more.
final class MembershipEndTest {
    private static final Instant END = Instant.parse("2027-03-01T12:00:00Z");

    private final MembershipEnd end = new MembershipEnd(END);

    private static Instant before(int days) {
        return END.minus(Duration.ofDays(days));
    }

    @Test
    void itIsToldAMonthAheadAndThenDaily() {
        assertThat(end.isDue(before(31))).isFalse();
        assertThat(end.isDue(before(30))).isTrue();
        assertThat(end.isDue(before(30).plusSeconds(5))).isFalse();
        assertThat(end.isDue(before(29).minusSeconds(5))).isFalse();
        assertThat(end.isDue(before(29))).isTrue();
        assertThat(end.isDue(before(1))).isTrue();
        assertThat(end.isDue(END.plusSeconds(1))).as("when it has ended too").isTrue();
    }

    @Test
    void whatItSaysIsWhatIsToBeDone() {
        assertThat(end.text(before(31)))
                .isEqualTo("the certificate of this member is good until 2027-03-01");
        assertThat(end.text(before(30)))
                .contains(
                        "ends on 2027-03-01; start it with a new one before (postern pki member)");
        assertThat(end.text(END.plusSeconds(1)))
                .contains("HAS ENDED on 2027-03-01")
                .contains("cannot be started again; start it with a new one");
    }
}
