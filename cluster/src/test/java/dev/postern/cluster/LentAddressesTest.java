package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// About which addresses a member asks its cluster, and which it gives.
final class LentAddressesTest {
    private static final InetAddress OURS = InetAddress.ofLiteral("10.77.0.40");
    private static final InetAddress THEIRS = InetAddress.ofLiteral("10.77.0.2");

    /// A cluster that has noted nothing, or one address.
    private record Notes(@Nullable InetAddress address, String holder) implements Ownership {
        @Override
        public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
            then.accept(new Outcome.Owned(1));
        }

        @Override
        public void release(String thing) {}

        @Override
        public @Nullable Held heldHere(String thing) {
            return address != null && thing.equals(LentAddresses.thing(address))
                    ? new Held(holder, 1)
                    : null;
        }
    }

    private static LentAddresses lent() {
        return lent(new Notes(null, ""));
    }

    private static LentAddresses lent(Ownership notes) {
        LentAddresses lent = new LentAddresses("gw-b", "here", notes);
        lent.learn(share("gw-a", "10.77.0.1", "10.77.0.24"));
        lent.learn(share("gw-b", "10.77.0.25", "10.77.0.49"));
        return lent;
    }

    private static Shares.Share share(String node, String first, String last) {
        return new Shares.Share(
                node,
                "here",
                List.of(
                        new Shares.Range(
                                InetAddress.ofLiteral(first), InetAddress.ofLiteral(last))));
    }

    @Test
    void whatAClientBringsFromAnotherMemberIsAskedFor() {
        assertThat(lent().toAsk(List.of(THEIRS), List.of())).containsExactly(THEIRS);
    }

    @Test
    void whatRestedHereAndIsOursIsAskedFor() {
        assertThat(lent().toAsk(List.of(), List.of(OURS))).containsExactly(OURS);
    }

    /// It was given up when its last IKE SA ended: the other member gives it without a word.
    @Test
    void whatRestedHereAndIsAnotherMembersIsNot() {
        LentAddresses lent = lent(new Notes(THEIRS, "gw-b"));
        lent.answered(THEIRS, true);
        assertThat(lent.reuse(THEIRS)).isTrue();
        assertThat(lent.released(List.of(THEIRS))).containsExactly(THEIRS);
        assertThat(lent.toAsk(List.of(), List.of(THEIRS))).isEmpty();
        assertThat(lent.reuse(THEIRS)).isFalse();
    }

    /// A member hangs, and a client that has been told to ask again does so while the first
    /// question still waits for it.
    @Test
    void whatIsBeingAskedForIsNotAskedForAgainAndItsAnswerIsForAllWhoWait() {
        LentAddresses lent = lent();
        List<String> told = new ArrayList<>();
        assertThat(lent.isAskedFirst(THEIRS, () -> told.add("first"))).isTrue();
        assertThat(lent.isAskedFirst(THEIRS, () -> told.add("second"))).isFalse();
        assertThat(lent.isAskedFirst(OURS, () -> told.add("other"))).isTrue();
        lent.answered(THEIRS, true).forEach(Runnable::run);
        assertThat(told).containsExactly("first", "second");
        assertThat(lent.keep(THEIRS)).isTrue();

        assertThat(lent.answered(THEIRS, false)).isEmpty();
        assertThat(lent.isAskedFirst(THEIRS, () -> {})).as("a new question").isTrue();
    }

    @Test
    void whatTheClusterRefusesIsNotKept() {
        LentAddresses lent = lent();
        lent.isAskedFirst(THEIRS, () -> {});
        lent.answered(THEIRS, false);
        assertThat(lent.keep(THEIRS)).isFalse();
    }

    /// A ticket may still speak of it.
    @Test
    void whatIsOursStaysNotedWhenNobodyHasItAnyMore() {
        LentAddresses lent = lent();
        lent.answered(OURS, true);
        assertThat(lent.released(List.of(OURS))).isEmpty();
    }

    /// The holder may live on another side of a split, and serve its client there.
    @Test
    void whatAnotherMemberHasIsNotAskedForToBeGivenToSomebodyElse() {
        assertThat(lent(new Notes(OURS, "gw-a")).toAsk(List.of(), List.of(OURS))).isEmpty();
        assertThat(lent(new Notes(OURS, "gw-b")).toAsk(List.of(), List.of(OURS)))
                .containsExactly(OURS);
        assertThat(lent(new Notes(OURS, "gw-a")).toAsk(List.of(OURS), List.of()))
                .as("the client itself brings it back")
                .containsExactly(OURS);
    }

    @Test
    void whatWasNotedAsOursIsGivenToSomebodyElseWhileItIsStillNotedSo() {
        LentAddresses ours = lent(new Notes(OURS, "gw-b"));
        ours.answered(OURS, true);
        assertThat(ours.reuse(OURS)).isTrue();
        LentAddresses taken = lent(new Notes(OURS, "gw-a"));
        taken.answered(OURS, true);
        assertThat(taken.reuse(OURS)).as("the other side has let it go along").isFalse();
        LentAddresses cutOff = lent();
        cutOff.answered(OURS, true);
        assertThat(cutOff.reuse(OURS)).as("this side cannot say").isFalse();
    }

    /// A client may stay for longer than its note lasts.
    @Test
    void theNotesOfAddressesOfOthersAreRenewedInTurnBeforeTheyAreForgotten() {
        LentAddresses lent = lent();
        InetAddress next = InetAddress.ofLiteral("10.77.0.3");
        lent.answered(OURS, true);
        lent.answered(THEIRS, true);
        lent.answered(next, true);
        assertThat(lent.toRenew(5, 80)).isEmpty();
        assertThat(lent.toRenew(5, 80)).containsExactly(THEIRS);
        assertThat(lent.toRenew(10, 80)).containsExactly(next);
        assertThat(lent.toRenew(20, 80)).containsExactly(THEIRS, next);
        assertThat(lent.toRenew(500, 80)).as("each once").containsExactly(THEIRS, next);
        assertThat(lent.isKeptHere(next)).isTrue();
        lent.released(List.of(next));
        assertThat(lent.isKeptHere(next)).isFalse();
        assertThat(lent.toRenew(500, 80)).containsExactly(THEIRS);
        assertThat(lent.isKeptHere(OURS)).isFalse();
    }

    /// A client has taken it along to the other member.
    @Test
    void whatIsOursAndWithAnotherMemberIsGivenToNobody() {
        assertThat(lent(new Notes(OURS, "gw-a")).fresh(OURS)).isFalse();
        assertThat(lent(new Notes(OURS, "gw-a")).keep(OURS)).isFalse();
        assertThat(lent(new Notes(OURS, "gw-b")).fresh(OURS)).isTrue();
        assertThat(lent().fresh(OURS)).isTrue();
    }
}
