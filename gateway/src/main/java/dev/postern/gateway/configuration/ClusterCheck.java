package dev.postern.gateway.configuration;

import dev.postern.gateway.configuration.ClusterSettings.ClusterMember;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What two members of a cluster must agree about: who they are, who belongs to it, and how many
/// copies there are.
final class ClusterCheck {
    private ClusterCheck() {}

    /// What is wrong with the other one's file, in words; empty where they are not of one cluster.
    static List<String> problemsOf(GatewayConfiguration one, GatewayConfiguration other) {
        ClusterSettings ours = one.cluster();
        ClusterSettings theirs = other.cluster();
        if (ours == null || theirs == null) {
            return List.of();
        }
        if (!ours.name().equals(theirs.name())) {
            return list(ours).stream().anyMatch(list(theirs)::contains)
                    ? List.of(differs("cluster.name", ours.name(), theirs.name(), one))
                    : List.of();
        }
        List<String> problems = new ArrayList<>();
        if (ours.copies() != theirs.copies()) {
            String copies = String.valueOf(theirs.copies());
            problems.add(differs("cluster.copies", String.valueOf(ours.copies()), copies, one));
        }
        if (ours.self().node().equals(theirs.self().node())) {
            problems.add(
                    "cluster.node = \""
                            + theirs.self().node()
                            + "\": is also that of "
                            + one.file()
                            + "; legal is another one on each member of the cluster");
        }
        if (!list(ours).equals(list(theirs))) {
            problems.add(
                    "cluster.member: names "
                            + text(list(theirs))
                            + ", and "
                            + one.file()
                            + " names "
                            + text(list(ours))
                            + "; legal is the same list on each member of the cluster");
        }
        return problems;
    }

    private static String differs(
            String key, String ours, String theirs, GatewayConfiguration one) {
        return key
                + " = \""
                + theirs
                + "\": is \""
                + ours
                + "\" in "
                + one.file()
                + ", which names the same members; legal is the same on each member of the cluster";
    }

    /// In the order of names: that of the file means nothing.
    private static List<ClusterMember> list(ClusterSettings cluster) {
        return Stream.concat(Stream.of(cluster.self()), cluster.others().stream())
                .sorted(Comparator.comparing(ClusterMember::node))
                .toList();
    }

    private static String text(List<ClusterMember> members) {
        return members.stream()
                .map(member ->
                        member.node()
                                + " at "
                                + address(member.address())
                                + " of site "
                                + member.site()
                                + (member.bridge() == null
                                        ? ""
                                        : " with bridge " + address(member.bridge())))
                .collect(Collectors.joining(", "));
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
