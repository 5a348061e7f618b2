package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Member;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// docs/cluster.md, "Ports and certificates": a member's name, number and address are its own.
class RivalsTest {
    private static final Seat A = seat("gw-a", 1, "192.0.2.1:7800");
    private static final Seat B = seat("gw-b", 2, "192.0.2.2:7800");
    private static final Seat OTHER_A = seat("gw-a", 9, "192.0.2.9:7800");
    private static final Map<String, String> PLACES =
            Map.of("gw-a", "192.0.2.1:7800", "gw-b", "192.0.2.2:7800");

    private static Seat seat(String node, int number, @Nullable String listen) {
        return new Seat(new Member(node, "east", number, node + number + listen), 0, listen);
    }

    /// Of a view in which nobody has said yet what is in its file.
    private static @Nullable String refusal(Seat seat, Seat... view) {
        return new Rivals(List.of(view), _ -> null).refusal(seat.member());
    }

    private static @Nullable String listed(Seat seat, Seat holder, Seat... view) {
        return new Rivals(List.of(view), member -> member.equals(holder.member()) ? PLACES : null)
                .refusal(seat.member());
    }

    @Test
    void membersOfTheirOwnNamesNumbersAndAddressesMayAllGoOn() {
        for (Seat each : List.of(A, B)) {
            assertThat(refusal(each, A, B)).isNull();
            assertThat(listed(each, A, A, B)).isNull();
            assertThat(listed(each, B, A, B)).isNull();
        }
    }

    @Test
    void ofTwoOfOneNameTheLaterOneIsRefusedWithBothAddresses() {
        assertThat(refusal(A, A, B, OTHER_A)).isNull();
        assertThat(refusal(B, A, B, OTHER_A)).isNull();
        assertThat(refusal(OTHER_A, A, B, OTHER_A))
                .contains("member gw-a already, at 192.0.2.1:7800")
                .contains("this one at 192.0.2.9:7800")
                .contains("end the other one, or give this one a node of its own");
        assertThat(refusal(A, OTHER_A, A)).contains("member gw-a already, at 192.0.2.9:7800");
    }

    @Test
    void ofTwoOfOneNumberTheLaterOneIsRefused() {
        Seat c = seat("gw-c", 1, "192.0.2.3:7800");
        assertThat(refusal(A, A, B, c)).isNull();
        assertThat(refusal(c, A, B, c))
                .contains("member of number 1 already, gw-a at 192.0.2.1:7800")
                .contains("this one, gw-c at 192.0.2.3:7800")
                .contains("0 to 255");
    }

    /// It was started again before the engine has missed its last process.
    @Test
    void whoeverListensWhereAnotherOneListenedIsThatOneStartedAgain() {
        Seat again = new Seat(new Member("gw-a", "east", 1, "another process"), 1, A.listen());
        assertThat(refusal(again, A, B, again)).isNull();
        Seat renamed = seat("gw-x", 1, A.listen());
        assertThat(refusal(renamed, A, B, renamed)).isNull();
    }

    @Test
    void whoeverIsElsewhereThanAnotherOneHasItIsRefusedWithBothAddresses() {
        assertThat(listed(OTHER_A, B, B, OTHER_A))
                .contains("gw-a runs at 192.0.2.9:7800")
                .contains("the file of gw-b has 192.0.2.1:7800 for it")
                .contains("the same list at all members");
        assertThat(listed(B, B, B, OTHER_A)).isNull();
    }

    /// Then the list of the later one is what differs from what runs.
    @Test
    void whoeverHasAnotherOneElsewhereThanItIsIsRefusedWhereItIsTheLaterOne() {
        assertThat(listed(B, B, OTHER_A, B)).contains("the file of gw-b has 192.0.2.1:7800 for it");
        assertThat(listed(OTHER_A, B, OTHER_A, B)).isNull();
    }

    /// Else one wrong member could end several right ones.
    @Test
    void whoMustNotGoOnStandsInNobodysWay() {
        assertThat(refusal(OTHER_A, A, OTHER_A, B)).isNotNull();
        assertThat(listed(B, B, A, OTHER_A, B)).isNull();
    }

    /// A member of an earlier version does not say where it listens.
    @Test
    void whoDoesNotSayWhereItListensIsJudgedByNameAndNumberAlone() {
        Seat silent = seat("gw-a", 1, null);
        assertThat(refusal(A, silent, B, A)).contains("member gw-a already, at another address");
        assertThat(listed(silent, B, B, silent)).isNull();
    }
}
