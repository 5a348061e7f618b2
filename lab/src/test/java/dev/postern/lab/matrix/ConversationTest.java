package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// How tcpdump's lines are read.
final class ConversationTest {
    private static final String FROM_CLIENT = "IP 192.0.2.10.58332 > 192.0.2.1.4500: NONESP-encap:";
    private static final String TO_CLIENT = "IP 192.0.2.1.4500 > 192.0.2.10.58332: NONESP-encap:";

    private static Conversation read(String... lines) {
        return new Conversation(
                0,
                Long.MAX_VALUE,
                List.of(lines).stream()
                        .map(Conversation::message)
                        .flatMap(Optional::stream)
                        .toList());
    }

    @Test
    void exchangesAndResponsesAreToldApart() {
        Conversation said =
                read(
                        "1795327326.213198 " + FROM_CLIENT + " isakmp: parent_sa ikev2_init[I]",
                        "1795327326.237731 " + FROM_CLIENT + " isakmp: child_sa  ikev2_auth[I]",
                        "1795327326.341509 " + TO_CLIENT + " isakmp: child_sa  ikev2_auth[R]",
                        "1795382018.533803 " + FROM_CLIENT + " isakmp: child_sa  #240[I]",
                        "1795382018.684865 " + TO_CLIENT + " isakmp: child_sa  #240[R]",
                        "1795382047.653025 " + TO_CLIENT + " isakmp: parent_sa inf2",
                        "1795382047.655703 " + FROM_CLIENT + " isakmp: parent_sa inf2[IR]",
                        "1795382047.655703 " + FROM_CLIENT + " isakmp: child_sa  child_sa[IR]",
                        "(fragment of another line)");

        assertThat(said.count()).isEqualTo(8);
        assertThat(said.count(Conversation.IKE_AUTH)).isEqualTo(2);
        assertThat(said.answered(Conversation.IKE_AUTH)).isEqualTo(1);
        assertThat(said.answered(Conversation.IKE_SESSION_RESUME_1RTT)).isEqualTo(1);
        assertThat(said.answered("inf2")).isEqualTo(1);
        assertThat(said.messages().getFirst().epochMillis()).isEqualTo(1_795_327_326_213L);
    }

    @Test
    void whatPassedBeforeAndAfterDoesNotCount() {
        Conversation said =
                read(
                                "1.000000 " + FROM_CLIENT + " isakmp: child_sa  inf2[I]",
                                "2.000000 " + FROM_CLIENT + " isakmp: child_sa  #240[I]",
                                "3.500000 " + FROM_CLIENT + " isakmp: child_sa  inf2[I]")
                        .between(1_001, 3_499);

        assertThat(said.messages())
                .containsExactly(
                        new Conversation.Message(
                                2_000, Conversation.IKE_SESSION_RESUME_1RTT, false));
        assertThat(said.seconds()).isEqualTo(3);
    }
}
