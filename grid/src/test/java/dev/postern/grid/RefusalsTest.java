package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// What an operator is told of those who are no members.
final class RefusalsTest {
    private final List<String> lines = new ArrayList<>();
    private final Refusals refusals = new Refusals(lines::add);
    private final X509Certificate certificate = new TestAuthority("an authority").certificate();

    @Test
    void whoWasRefusedFromWhereAndWhyIsSaidOnceAMinute() {
        refusals.tell(InetAddress.ofLiteral("192.0.2.1"), certificate, "it has\nexpired");
        refusals.tell(InetAddress.ofLiteral("192.0.2.1"), certificate, "it has\nexpired");
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("192.0.2.1")
                .contains("refused: it has?expired")
                .doesNotContain("\n");
        refusals.tell(InetAddress.ofLiteral("192.0.2.2"), certificate, "it has expired");
        assertThat(lines).hasSize(2);
    }

    @Test
    void aStrangersNameIsNoLongerThanALine() {
        refusals.tell(InetAddress.ofLiteral("192.0.2.1"), certificate, "x".repeat(10_000));
        assertThat(lines.getFirst().length()).isLessThanOrEqualTo(400);
    }
}
