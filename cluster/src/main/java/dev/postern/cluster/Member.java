package dev.postern.cluster;

import java.util.Comparator;

/// One gateway's process in a cluster.
///
/// @param node its name in the configuration, which its certificate bears; unique in the cluster
/// @param site where it stands
/// @param number 0 to 255, the member number that begins its explicit IVs; unique in the secure
///   domain
/// @param incarnation names the process: a gateway that was started again has another one
public record Member(String node, String site, int number, String incarnation) {
    /// The order by which ties are broken: lower names first.
    public static final Comparator<Member> ORDER =
            Comparator.comparing(Member::site)
                    .thenComparing(Member::node)
                    .thenComparing(Member::incarnation);

    /// @throws IllegalArgumentException where a name is empty or the number is none
    public Member {
        if (node.isEmpty() || site.isEmpty() || number >>> 8 != 0) {
            throw new IllegalArgumentException("a member without a name, or of no number");
        }
    }

    @Override
    public String toString() {
        return node + "@" + site;
    }
}
