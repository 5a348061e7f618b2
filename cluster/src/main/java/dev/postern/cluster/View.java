package dev.postern.cluster;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Members that agree that they see each other, the one that coordinates them first. Each member of
/// a view is told the same view.
///
/// @param number grows with each view of one side
public record View(long number, List<Member> members) {
    public static final View NONE = new View(0, List.of());

    public View {
        members = List.copyOf(members);
    }

    public boolean has(String node) {
        return members.stream().anyMatch(member -> member.node().equals(node));
    }

    /// The names of the members.
    public Set<String> nodes() {
        return members.stream().map(Member::node).collect(Collectors.toUnmodifiableSet());
    }
}
