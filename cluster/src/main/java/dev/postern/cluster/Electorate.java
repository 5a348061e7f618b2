package dev.postern.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Decides which side of a split goes on. The voters are the members of the last view that was
/// primary; more than half of them make the next primary view. Of two even halves it is the one
/// with the lowest name, so that of two members that lose sight of each other exactly one goes on.
/// Where every other node is known to be down, whoever is there goes on.
///
/// A vote is a process's, not a node's: one that was started again may have missed who went on
/// without it. And a voter that has died may have voted before: its death makes the others no
/// majority, unless nobody else is left. Processes that have all just been started therefore want
/// to see every node, or to know that it is down.
///
/// Immutable.
///
/// @param generation grows with each primary view; of two electorates the higher one is the truth
/// @param voters the names of nodes, with the incarnation of each; empty where it is not known
/// @param witnessed whether a process that is there has been part of that primary view
public record Electorate(long generation, Map<String, String> voters, boolean witnessed) {
    private static final String UNKNOWN = "";

    public Electorate {
        voters = new TreeMap<>(voters);
    }

    /// Before the first view, as the configuration or the last run has it.
    ///
    /// @param generation 0 for the configuration's
    public static Electorate atStart(long generation, Collection<String> nodes) {
        Map<String, String> voters = new TreeMap<>();
        nodes.forEach(node -> voters.put(node, UNKNOWN));
        return new Electorate(generation, voters, false);
    }

    /// Of a view that is primary: its members are the voters.
    public static Electorate of(long generation, Collection<Member> primary) {
        Map<String, String> voters = new TreeMap<>();
        primary.forEach(member -> voters.put(member.node(), member.incarnation()));
        return new Electorate(generation, voters, true);
    }

    /// The names of the voters.
    public Set<String> nodes() {
        return Set.copyOf(voters.keySet());
    }

    /// Whether these, who see each other, are the primary side.
    ///
    /// @param inDoubt nodes of the cluster that are not there, and not known to be down
    public boolean elects(Collection<Member> present, Collection<String> inDoubt) {
        if (inDoubt.isEmpty()) {
            return true;
        }
        TreeMap<String, String> votes = new TreeMap<>();
        for (Member member : present) {
            if (hasVoter(member)) {
                votes.put(member.node(), member.incarnation());
            }
        }
        String first = new TreeMap<>(voters).firstKey();
        return 2 * votes.size() > voters.size()
                || (2 * votes.size() == voters.size() && votes.containsKey(first));
    }

    /// Whether this process is a voter.
    boolean hasVoter(Member member) {
        return member.incarnation().equals(voters.get(member.node()));
    }

    /// Whether the same processes are the voters, whatever the generation.
    boolean isOfSameAs(Electorate other) {
        return voters.equals(other.voters);
    }

    /// What two members know together: the later one.
    public Electorate and(Electorate other) {
        if (generation == other.generation) {
            return witnessed ? this : other;
        }
        return generation > other.generation ? this : other;
    }
}
