package dev.postern.cluster;

import dev.postern.cluster.ClusterEvent.MemberDead;
import dev.postern.cluster.ClusterEvent.MemberJoined;
import dev.postern.cluster.ClusterEvent.MemberLeft;
import dev.postern.cluster.ClusterEvent.MemberLost;
import dev.postern.cluster.ClusterEvent.ViewChanged;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Who is in the cluster, as one member sees it, and whether this side is the primary one. Views
/// are the engine's; what they mean is decided here, once each member of the view has said by which
/// voters it goes ([Announcement]): one that was cut off may have missed who went on. Until then
/// this side is not primary. Single-threaded.
///
/// A view may end while some of its members know that it is primary and others wait for a word yet.
/// So each says that it goes over to it, and none goes on before all have said so; whoever has, and
/// does not know what came of it, goes by both from then on: by the voters of before, and by those
/// that may have come in their place. This is dynamic voting as in "Dynamic Voting for Consistent
/// Primary Components" (Yeger Lotem, Keidar, Dolev; 1997).
public final class Membership {
    private final Set<String> leaving = new HashSet<>();
    private final Set<String> configured;

    /// Nodes that are known to be down.
    private final Set<String> dead = new HashSet<>();

    /// Of these, those that an operator has fenced.
    private final Set<String> fenced = new HashSet<>();

    /// Of these, those that may have been started since, which others have seen and we have not: it
    /// takes another proof before we go on without them.
    private final Set<String> dated = new HashSet<>();

    /// Of views to which we went over, and do not know whether anybody went on with them.
    private final List<Electorate> attempts = new ArrayList<>();

    private View view = View.NONE;
    private Ballot ballot = new Ballot(view);
    private Electorate electorate;

    /// The generation under which we go over to the view; 0 as long as we do not.
    private long attempted;

    private boolean primary;

    /// Whether it has been told what comes of the view.
    private boolean decided;

    private @Nullable Announcement said;

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
        date(dead);
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
                dated.remove(member.node());
                events.add(new MemberJoined(member));
            }
        }
        if (ballot.isComplete()) {
            List<Electorate> open = ballot.open(attempts);
            attempts.removeIf(attempt -> !isOfView(attempt) && !open.contains(attempt));
        }
        view = next;
        ballot = new Ballot(next);
        attempted = 0;
        primary = false;
        decided = false;
        events.addAll(decide());
        return events;
    }

    private boolean isOfView(Electorate attempt) {
        return attempt.isOfSameAs(Electorate.of(0, view.members()));
    }

    private void end(String node, View next) {
        if (!next.has(node)) {
            dead.add(node);
            dated.remove(node);
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
        if (view.has(node)) {
            return List.of();
        }
        List<ClusterEvent> events = new ArrayList<>();
        if (dead.add(node)) {
            events.add(new MemberDead(node));
        } else if (!dated.remove(node)) {
            return List.of();
        }
        events.addAll(decide());
        return events;
    }

    /// An operator answers for it that a node is down until it is seen again.
    public List<ClusterEvent> fenced(String node) {
        boolean news = !view.has(node) && !dead.contains(node);
        List<ClusterEvent> events = ended(node);
        if (news) {
            fenced.add(node);
        }
        return events;
    }

    /// A node that was down may be up again, or cannot be reached any more. Whoever is primary
    /// stays so; who becomes primary because all others are down has to know it of all at once.
    public void doubted(String node) {
        if (!fenced.contains(node)) {
            dead.remove(node);
            dated.remove(node);
        }
    }

    /// What the other members of the view are to hear from us.
    ///
    /// @param self our incarnation
    public Announcement announcement(String self) {
        return new Announcement(Announcement.name(view), self, electorate, attempts, attempted);
    }

    /// The same, where it has not been asked for yet; else null. To be asked after each change.
    ///
    /// @param self our incarnation
    public @Nullable Announcement news(String self) {
        Announcement now = announcement(self);
        if (now.equals(said)) {
            return null;
        }
        said = now;
        return now;
    }

    /// Another member says by which voters it goes, and whether it goes over to the view.
    public List<ClusterEvent> heard(Announcement other) {
        Announcement before = ballot.lastOf(other);
        if (!ballot.hears(other)) {
            return List.of();
        }
        if (before == null || !before.tellsTheSame(other)) {
            dateVotersOf(other);
        }
        electorate = electorate.and(other.electorate());
        // What was attempted before that has failed, or others have gone on from there.
        attempts.removeIf(attempt -> attempt.generation() <= electorate.generation());
        return decide();
    }

    /// Nodes that were in views of which we have not known may have been started since we found
    /// them down.
    private void dateVotersOf(Announcement other) {
        Stream.concat(Stream.of(other.electorate()), other.attempts().stream())
                .filter(each -> each.generation() > electorate.generation())
                .forEach(each -> date(each.nodes()));
    }

    private void date(Set<String> nodes) {
        nodes.stream()
                .filter(node -> dead.contains(node) && !fenced.contains(node))
                .forEach(dated::add);
    }

    /// Whether others of the view have still to say by which voters they go, or that they go over.
    public boolean isWaiting() {
        return !ballot.isComplete() || (attempted > 0 && !primary);
    }

    private List<ClusterEvent> decide() {
        if (!ballot.isComplete() || primary) {
            return List.of();
        }
        // Who goes over has found that this side may go on, perhaps by what is known to it alone.
        if (ballot.attempted() > 0 || attempted > 0 || isElected()) {
            attempt();
            if (!ballot.isUnanimous()) {
                return List.of();
            }
            electorate = Electorate.of(attempted, view.members());
            attempts.clear();
            primary = true;
        } else if (decided) {
            return List.of();
        }
        decided = true;
        return List.of(new ViewChanged(view, primary));
    }

    private void attempt() {
        long ours = attempted > 0 ? attempted : ballot.nextGeneration(electorate, attempts);
        attempted = Math.max(ours, ballot.attempted());
        attempts.removeIf(this::isOfView);
        attempts.add(Electorate.of(attempted, view.members()));
    }

    /// Whether this side may go on, whatever came of the attempts that its members know of.
    private boolean isElected() {
        List<Electorate> possible = new ArrayList<>(ballot.open(attempts));
        possible.removeIf(attempt -> attempt.generation() <= electorate.generation());
        possible.add(electorate);
        Set<String> inDoubt = new HashSet<>(configured);
        possible.forEach(each -> inDoubt.addAll(each.nodes()));
        inDoubt.removeAll(view.nodes());
        dead.stream().filter(node -> !dated.contains(node)).forEach(inDoubt::remove);
        return !view.members().isEmpty()
                && possible.stream().allMatch(each -> each.elects(view.members(), inDoubt));
    }
}
