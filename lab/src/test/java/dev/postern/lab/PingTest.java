package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// What of a ping that goes on counts as lost.
@Tag("privileged")
final class PingTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose private final Lab lab = Lab.open("Ping");

    /// Says what `ping` would, and its counts at once, and goes on until it is ended.
    private LabProcess saying(String... lines) {
        String text =
                String.join("\n", lines) + "\n4 packets transmitted, 4 received, 0% packet loss\n";
        LabProcess ping =
                lab.host("host")
                        .start("ping", "/bin/sh", "-c", "printf '%s' \"$0\"; exec sleep 60", text);
        ping.awaitLine("packets transmitted", SOON);
        return ping;
    }

    @Test
    void aRequestWithoutAnAnswerIsLost() {
        LabProcess ping =
                saying(
                        "64 bytes from 10.1.0.100: icmp_seq=1 ttl=63 time=20.0 ms",
                        "no answer yet for icmp_seq=2",
                        "64 bytes from 10.1.0.100: icmp_seq=3 ttl=63 time=20.0 ms");

        assertThatThrownBy(() -> Ping.finishWithoutLoss(ping, Duration.ofMillis(50)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("each of the first 3 requests is answered");
    }

    @Test
    void nothingIsKnownUntilALaterRequestIsAnswered() {
        LabProcess ping = saying("64 bytes from 10.1.0.100: icmp_seq=1 ttl=63 time=20.0 ms");

        assertThatThrownBy(() -> Ping.finishWithoutLoss(ping, Duration.ofMillis(50)))
                .isInstanceOf(LabException.class);
    }
}
