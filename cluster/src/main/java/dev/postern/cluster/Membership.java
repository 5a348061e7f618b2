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
/// are the engine's; what they mean is decided here, once each member of the view has said by which
/// voters it goes ([Announcement]): one that was cut off may have missed who went on. Until then
/// this side is not primary. Single-threaded.
public final class Membership {
    private final Set<String> leaving = new HashSet<>();
    private final Set<String> configured;

    /// Nodes that are known to be down.
    private final Set<String> dead = new HashSet<>();

    /// Of these, those that an operator has fenced.
    private final Set<String> fenced = new HashSet<>();

    /// The members of the view whose voters we know.
    private final Set<String> heard = new HashSet<>();

    private View view = View.NONE;
    private Electorate electorate;
    private boolean primary;

    /// @param configured the names of all nodes of the cluster
    /// @param electorate of the last primary view that the last run knew, else of all nodes
    public Membership(Collection<String> configured, Electorate electorate) {
        this.configured = Set.copyOf(configured);
        this.electorate = electorate;
    }

    public View view() {
        return view;
    }

    /// Whether this side may do what must happen once.
    public boolean isPrimary() {
        return primary;
    }

    /// The nodes whose majority decides next; to be kept over a restart, with its generation.
    public Electorate electorate() {
        return electorate;
    }

    /// Whether a node that is not in the view is known to have ended.
    public boolean isDead(String node) {
        return dead.contains(node);
    }

    /// Whether this is another view than the one that we go by. One of the same members under
    /// another number is: the others lost us and found us again, which we have not noticed, and
    /// they wait for our word about this one.
    public boolean isNews(View next) {
        return !next.equals(view);
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
                fenced.remove(member.node());
                events.add(new MemberJoined(member));
            }
        }
        view = next;
        heard.clear();
        primary = false;
        events.addAll(isWaiting() ? List.of() : decide());
        return events;
    }

    private void end(String node, View next) {
        if (!next.has(node)) {
            dead.add(node);
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
        List<ClusterEvent> events = new ArrayList<>();
        events.add(new MemberDead(node));
        events.addAll(isWaiting() ? List.of() : decideAgain());
        return events;
    }

    /// An operator answers for it that a node is down until it is seen again.
    public List<ClusterEvent> fenced(String node) {
        List<ClusterEvent> events = ended(node);
        if (!events.isEmpty()) {
            fenced.add(node);
        }
        return events;
    }

    /// A node that was down may be up again, or cannot be reached any more. Whoever is primary
    /// stays so; who becomes primary because all others are down has to know it of all at once.
    public void doubted(String node) {
        if (!fenced.contains(node)) {
            dead.remove(node);
        }
    }

    /// What the other members of the view are to hear from us, after each change.
    ///
    /// @param self our incarnation
    public Announcement announcement(String self) {
        return new Announcement(Announcement.name(view), self, electorate);
    }

    /// Another member says by which voters it goes.
    public List<ClusterEvent> heard(Announcement said) {
        boolean ofView =
                said.view().equals(Announcement.name(view))
                        && view.members().stream()
                                .anyMatch(each -> each.incarnation().equals(said.incarnation()));
        if (!ofView) {
            return List.of();
        }
        boolean waited = isWaiting();
        heard.add(said.incarnation());
        electorate = electorate.and(said.electorate());
        return isWaiting() ? List.of() : waited ? decide() : decideAgain();
    }

    /// Whether others of the view have still to say by which voters they go.
    public boolean isWaiting() {
        return heard.size() + 1 < view.members().size();
    }

    private List<ClusterEvent> decideAgain() {
        boolean before = primary;
        List<ClusterEvent> decided = decide();
        return primary == before ? List.of() : decided;
    }

    private List<ClusterEvent> decide() {
        Set<String> inDoubt = new HashSet<>(configured);
        inDoubt.addAll(electorate.nodes());
        inDoubt.removeAll(view.nodes());
        inDoubt.removeAll(dead);
        primary = !view.members().isEmpty() && electorate.elects(view.members(), inDoubt);
        if (primary) {
            electorate = electorate.after(view.members());
        }
        return List.of(new ViewChanged(view, primary));
    }
}
