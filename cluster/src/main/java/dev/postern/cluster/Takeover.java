package dev.postern.cluster;

import dev.postern.cluster.Ownership.Held;

import org.jspecify.annotations.Nullable;

/// The decision whether a thing changes hands, and under which epoch.
public final class Takeover {
    private static final int NODE = 1;
    private static final int EPOCH = 2;

    /// What is to be written in place of the record before, or why nothing is.
    public sealed interface Decision {
        /// @param epoch the new owner's
        record Write(Fields record, long epoch) implements Decision {}

        record Refuse(Held by) implements Decision {}
    }

    private Takeover() {}

    /// Whether a thing's epochs are in nonces (failover profile, "Nonces"). Then its owner keeps
    /// each durably before anything happens under it, and never has it again, whatever the members
    /// have forgotten by then.
    public static boolean isKept(String thing) {
        return thing.equals(StandbyConduct.THING) || LooseConduct.isThing(thing);
    }

    /// @param before the record as it stands, null for none
    /// @param node who wants to own
    /// @param last the last epoch that this node has kept of the thing, 0 for none
    /// @param view of the primary side
    public static Decision judge(@Nullable Fields before, String node, long last, View view) {
        if (before == null) {
            return write(Fields.empty(), node, next(0, last));
        }
        Held held = held(before);
        boolean free = held.node().isEmpty() || held.node().equals(node);
        return free || !view.has(held.node())
                ? write(before, node, next(held.epoch(), last))
                : new Decision.Refuse(held);
    }

    private static long next(long known, long last) {
        return Math.max(known, last) + 1;
    }

    /// The record of a thing that its owner gives up: nobody's, its epoch stays.
    public static @Nullable Fields released(Fields before, String node) {
        return held(before).node().equals(node) ? before.with(NODE, "") : null;
    }

    public static Held held(Fields record) {
        return new Held(record.text(NODE), record.number(EPOCH, 0));
    }

    private static Decision.Write write(Fields before, String node, long epoch) {
        return new Decision.Write(before.with(NODE, node).with(EPOCH, epoch), epoch);
    }
}
