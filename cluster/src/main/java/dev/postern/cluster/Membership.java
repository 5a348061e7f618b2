package dev.postern.cluster;

import dev.postern.cluster.ClusterEvent.MemberDead;
import dev.postern.cluster.ClusterEvent.MemberJoined;
import dev.postern.cluster.ClusterEvent.MemberLeft;
import dev.postern.cluster.ClusterEvent.MemberLost;
import dev.postern.cluster.ClusterEvent.ViewChanged;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who is in the cluster, as one member sees it, and whether this side is the primary one. Views
/// are the engine's; what they mean is decided here. Single-threaded.
public final class Membership {
    private final Set<String> leaving = new HashSet<>();
    private final Set<String> dead = new HashSet<>();
    private View view = View.NONE;
    private Electorate electorate;
    private boolean primary;

    /// @param voters names of the nodes of the last primary view that the last run knew, else of
    ///   all that are configured
    public Membership(Collection<String> voters) {
        this.electorate = Electorate.atStart(voters);
    }

    public View view() {
        return view;
    }

    /// Whether this side may do what must happen once.
    public boolean isPrimary() {
        return primary;
    }

    /// The nodes whose majority decides next; to be kept over a restart.
    public Set<String> voters() {
        return electorate.voters();
    }

    /// Whether a node that is not in the view is known to have ended.
    public boolean isDead(String node) {
        return dead.contains(node);
    }

    /// The engine has agreed on a view.
    public List<ClusterEvent> viewed(View next) {
        List<ClusterEvent> events = new ArrayList<>();
        for (Member before : view.members()) {
            if (next.members().contains(before)) {
                continue;
            }
            if (leaving.remove(before.incarnation())) {
                end(before.node(), next);
                events.add(new MemberLeft(before));
            } else {
                // Another process of that node can only have been started after the end of this
                // one: they share an address.
                boolean replaced = next.has(before.node());
                events.add(new MemberLost(before, replaced || dead.contains(before.node())));
            }
        }
        for (Member member : next.members()) {
            if (!view.members().contains(member)) {
                dead.remove(member.node());
                events.add(new MemberJoined(member));
            }
        }
        view = next;
        decide();
        events.add(new ViewChanged(view, primary));
        return events;
    }

    private void end(String node, View next) {
        if (!next.has(node)) {
            dead.add(node);
            electorate = electorate.without(node);
        }
    }

    /// A member has said that it is about to end; its absence from the next view is no loss.
    public void leaves(String incarnation) {
        if (view.members().stream().anyMatch(each -> each.incarnation().equals(incarnation))) {
            leaving.add(incarnation);
        }
    }

    /// The process of a node that is not in the view is known to have ended: its machine refuses
    /// connections to its port, or an operator has fenced it.
    public List<ClusterEvent> ended(String node) {
        if (view.has(node) || !dead.add(node)) {
            return List.of();
        }
        electorate = electorate.without(node);
        boolean before = primary;
        decide();
        List<ClusterEvent> events = new ArrayList<>();
        events.add(new MemberDead(node));
        if (primary != before) {
            events.add(new ViewChanged(view, primary));
        }
        return events;
    }

    private void decide() {
        primary = !view.members().isEmpty() && electorate.elects(view.nodes());
        if (primary) {
            electorate = electorate.after(view.nodes());
        }
    }
}
