package dev.postern.cluster;

import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRecords.Snapshot;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What a member of a loose cluster does where another one is lost: it stands in for that one if it
/// owns its sessions, and lets go of the matter where somebody else does or where the member is back.
///
///     member lost --> acquire("sessions of NODE") --> Owned(epoch) --> standIn --> records, part by part
///
/// The epoch is raised and kept in the cluster before anything happens under it. Single-threaded; the
/// records may come on another thread.
public final class LooseConduct {
    /// The epoch has two octets in an explicit IV (RFC 4106 leaves its construction to us).
    public static final int HIGHEST_EPOCH = StandbyRole.HIGHEST_EPOCH;

    /// How often [#look] is to be called, in nanoseconds.
    public static final long LOOK_NANOS = 200_000_000L;

    private static final String THING = "sessions of ";

    /// Calls the clients of a lost member.
    public interface Successor {
        /// The lost member's sessions are ours.
        ///
        /// @return takes what that member has left, a part after the other; null where it has not
        ///   vouched for us, and its clients come by themselves
        @Nullable Consumer<List<Snapshot>> standIn(String node, int epoch);

        /// The sessions have changed hands as often as they can: the clients come by themselves.
        void exhausted(String node, long epoch);
    }

    private final Ownership ownership;
    private final BiConsumer<String, Outcome> answers;
    private final StandbyRecords records;
    private final Successor successor;
    private final Set<String> lost = new LinkedHashSet<>();
    private final Set<String> asking = new LinkedHashSet<>();
    private boolean primary;

    /// @param answers where the cluster's answer about the sessions of a node goes: to [#judged],
    ///   on the one thread
    /// @param primary whether this side is the primary one at present
    public LooseConduct(
            Ownership ownership,
            BiConsumer<String, Outcome> answers,
            StandbyRecords records,
            Successor successor,
            boolean primary) {
        this.ownership = ownership;
        this.answers = answers;
        this.records = records;
        this.successor = successor;
        this.primary = primary;
    }

    /// By which name the cluster knows the sessions of a node ([Ownership]).
    public static String thing(String node) {
        return THING + node;
    }

    static boolean isThing(String thing) {
        return thing.startsWith(THING);
    }

    /// What this member hears of the others.
    public void on(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.MemberJoined joined -> isBack(joined.member().node());
            case ClusterEvent.MemberLost gone -> lose(gone.member().node());
            case ClusterEvent.MemberLeft left -> lose(left.member().node());
            case ClusterEvent.MemberDead(String node) -> lose(node);
            case ClusterEvent.ViewChanged changed -> {
                primary = changed.primary();
                look();
            }
        }
    }

    private void isBack(String node) {
        lost.remove(node);
    }

    private void lose(String node) {
        lost.add(node);
        look();
    }

    /// Asks for what nobody could say at the last look, every [#LOOK_NANOS].
    public void look() {
        for (String node : List.copyOf(lost)) {
            if (primary && asking.add(node)) {
                ownership.acquire(thing(node), outcome -> answers.accept(node, outcome));
            }
        }
    }

    /// The cluster's answer to a wish for the sessions of a node.
    public void judged(String node, Outcome outcome) {
        asking.remove(node);
        if (!lost.contains(node)) {
            return;
        }
        switch (outcome) {
            case Outcome.Owned(long epoch) when epoch <= HIGHEST_EPOCH -> {
                lost.remove(node);
                succeed(node, (int) epoch);
            }
            case Outcome.Owned(long epoch) -> {
                lost.remove(node);
                successor.exhausted(node, epoch);
            }
            case Outcome.Refused _ -> lost.remove(node);
            case Outcome.Unavailable _ -> {}
        }
    }

    private void succeed(String node, int epoch) {
        Consumer<List<Snapshot>> caller = successor.standIn(node, epoch);
        if (caller != null) {
            records.takeAll(
                    node,
                    part -> {
                        if (part.isEmpty()) {
                            records.dropTaken(node);
                        } else {
                            caller.accept(part);
                        }
                    });
        }
    }
}
