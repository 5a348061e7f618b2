package dev.postern.gateway.daemon;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Member;
import dev.postern.gateway.configuration.ClusterSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.grid.Grid;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// A gateway's seat in its cluster: what it hears of the other members, and what an operator asks
/// of it.
final class ClusterSeat implements AutoCloseable {
    private final Grid grid;

    private ClusterSeat(Grid grid) {
        this.grid = grid;
    }

    /// Joins the cluster of the configuration; null where it has none.
    ///
    /// @throws IOException in words, where the member cannot join
    static @Nullable ClusterSeat join(GatewayConfiguration configuration, EventLog events)
            throws IOException {
        ClusterSettings cluster = configuration.cluster();
        return cluster == null
                ? null
                : new ClusterSeat(
                        Grid.start(
                                cluster.grid(configuration.member()),
                                event -> write(events, event)));
    }

    private static void write(EventLog events, ClusterEvent event) {
        switch (event) {
            case ClusterEvent.MemberJoined(Member member) ->
                    events.line("member-joined", "node", member.node(), "number", member.number());
            case ClusterEvent.MemberLost(Member member, boolean dead) ->
                    events.line("member-lost", "node", member.node(), "dead", dead);
            case ClusterEvent.MemberLeft(Member member) ->
                    events.line("member-left", "node", member.node());
            case ClusterEvent.MemberDead(String node) -> events.line("member-dead", "node", node);
            case ClusterEvent.ViewChanged changed ->
                    events.line(
                            "view-changed",
                            "view",
                            changed.view().number(),
                            "primary",
                            changed.primary(),
                            "members",
                            changed.view().members().stream()
                                    .map(Member::node)
                                    .collect(Collectors.joining(" ")));
        }
    }

    /// The members, for people or as one JSON object.
    List<String> members(boolean json) {
        return json
                ? List.of(MembersText.json(grid.view(), grid.isPrimary(), grid.nodes()))
                : MembersText.table(grid.view(), grid.isPrimary(), grid.nodes());
    }

    /// An operator says that a lost member has ended.
    ///
    /// @throws AdminException where it is not a lost member
    List<String> fence(String node) throws AdminException {
        if (grid.nodes().stream().noneMatch(each -> each.node().equals(node))) {
            throw new AdminException(
                    "there is no member "
                            + node
                            + "; there are "
                            + grid.nodes().stream()
                                    .map(each -> each.node())
                                    .collect(Collectors.joining(", ")));
        }
        if (!grid.fence(node)) {
            throw new AdminException(
                    node
                            + " is not in doubt: it is up, or known to be down; `ctl members` shows"
                            + " which");
        }
        return List.of(
                node
                        + " counts as down; this side is "
                        + (grid.isPrimary() ? "" : "not ")
                        + "primary");
    }

    @Override
    public void close() {
        grid.close();
    }
}
