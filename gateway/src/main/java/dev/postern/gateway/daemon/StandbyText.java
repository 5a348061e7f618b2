package dev.postern.gateway.daemon;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRecords.Backlog;
import dev.postern.grid.NodeState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What `postern ctl standby` shows.
///
/// @param epoch under which this member serves; 0 where it is a standby
/// @param settled whether the IKE SAs of the member before it are all here
/// @param owner who has the addresses as far as is known here; null for nobody
/// @param records IKE SAs whose records stand in this process, by the member that serves them
/// @param backlog what this member has not yet told the others
record StandbyText(
        int epoch,
        boolean settled,
        @Nullable Held owner,
        Map<String, Integer> records,
        Backlog backlog) {

    static StandbyText of(StandbySeat seat, List<NodeState> nodes) {
        StandbyRecords records = seat.records();
        Map<String, Integer> counts = new LinkedHashMap<>();
        nodes.forEach(node -> counts.put(node.node(), records.sizeOf(node.node())));
        return new StandbyText(
                seat.epoch(), seat.isSettled(), seat.owner(), counts, records.backlog());
    }

    private String role() {
        return epoch == 0 ? "standby" : settled ? "active" : "taking-over";
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(
                switch (role()) {
                    case "standby" -> "this member is a standby";
                    case "active" -> "this member is active, epoch " + epoch;
                    default -> "this member takes over, epoch " + epoch;
                });
        lines.add(
                owner == null
                        ? "nobody is known to have the shared addresses"
                        : owner.node() + " has the shared addresses, epoch " + owner.epoch());
        lines.add(String.format(Locale.ROOT, "%-24s %s", "SERVED BY", "RECORDS HERE"));
        records.forEach(
                (node, count) -> lines.add(String.format(Locale.ROOT, "%-24s %d", node, count)));
        lines.add(
                backlog.entries() == 0
                        ? "the other members know all"
                        : backlog.entries()
                                + " changes are on their way to the other members, the first for "
                                + backlog.millis()
                                + " ms");
        return lines;
    }

    /// Names of nodes are of the configuration's alphabet: nothing in them is to be escaped.
    String json() {
        return "{\"role\":\""
                + role()
                + "\",\"epoch\":"
                + epoch
                + ",\"owner\":"
                + (owner == null ? "null" : "\"" + owner.node() + "\"")
                + ",\"ownerEpoch\":"
                + (owner == null ? "null" : String.valueOf(owner.epoch()))
                + ",\"records\":"
                + records.entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                        .collect(Collectors.joining(",", "{", "}"))
                + ",\"backlog\":"
                + backlog.entries()
                + ",\"lagMillis\":"
                + backlog.millis()
                + "}";
    }
}
