package dev.postern.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Decides which side of a split goes on. The voters are the members of the last view that was
/// primary, less those that left or are proven dead; more than half of them make the next primary
/// view. Of two even halves it is the one with the lowest name, so that of two members that lose
/// sight of each other exactly one goes on. A member that has just been started has no history in
/// this process and must not break a tie: another may have gone on without it.
///
/// Immutable.
///
/// @param voters names of nodes
/// @param mayBreakTies whether this process has been part of a primary view
public record Electorate(Set<String> voters, boolean mayBreakTies) {
    public Electorate {
        voters = Set.copyOf(voters);
    }

    /// Before the first view, as the configuration or the last run has it.
    public static Electorate atStart(Collection<String> nodes) {
        return new Electorate(new HashSet<>(nodes), false);
    }

    /// Without a voter that has left, is proven dead, or was fenced.
    public Electorate without(String node) {
        Set<String> left = new HashSet<>(voters);
        left.remove(node);
        return new Electorate(left, mayBreakTies);
    }

    /// Whether these nodes, which see each other, are the primary side.
    public boolean elects(Set<String> present) {
        long votes = voters.stream().filter(present::contains).count();
        if (2 * votes != voters.size()) {
            return 2 * votes > voters.size();
        }
        // No voter at all is left but those who look: everybody else is dead.
        return voters.isEmpty()
                || (mayBreakTies && present.contains(new TreeSet<>(voters).first()));
    }

    /// After a view that was primary: its members are the voters.
    public Electorate after(Set<String> primary) {
        return new Electorate(primary, true);
    }
}
