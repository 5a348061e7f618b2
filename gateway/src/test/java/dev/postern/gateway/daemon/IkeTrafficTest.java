package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.gateway.configuration.Log;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/// What counts as a move's own, and what does not.
class IkeTrafficTest {
    private static final int SESSION_RESUME_1RTT = 240;
    private static final int INFORMATIONAL = 37;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final IkeTraffic traffic = new IkeTraffic();

    @Test
    void aQuestionToTheSilentGatewayIsNotTheMoves() {
        traffic.sent(message(SESSION_RESUME_1RTT, 90));
        traffic.begin();
        traffic.sent(message(SESSION_RESUME_1RTT, 100));
        traffic.sent(message(INFORMATIONAL, 57));
        traffic.received(message(INFORMATIONAL, 57));
        traffic.received(message(SESSION_RESUME_1RTT, 200));
        traffic.received(new byte[1]);
        traffic.end(
                new EventLog(
                        new PrintStream(lines, true, UTF_8),
                        Log.Format.JSON,
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                        true));
        assertThat(lines.toString(UTF_8))
                .contains("\"messagesSent\":1,\"messagesReceived\":2")
                .contains("\"octetsSent\":100,\"octetsReceived\":201");
        assertThat(traffic.messages()).isEqualTo(3);
    }

    private static byte[] message(int exchangeType, int length) {
        byte[] message = new byte[length];
        message[18] = (byte) exchangeType;
        return message;
    }
}
