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

    /// @param before the record as it stands, null for none
    /// @param node who wants to own
    /// @param view of the primary side
    public static Decision judge(@Nullable Fields before, String node, View view) {
        if (before == null) {
            return write(Fields.empty(), node, 1);
        }
        Held held = held(before);
        boolean free = held.node().isEmpty() || held.node().equals(node);
        return free || !view.has(held.node())
                ? write(before, node, held.epoch() + 1)
                : new Decision.Refuse(held);
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
