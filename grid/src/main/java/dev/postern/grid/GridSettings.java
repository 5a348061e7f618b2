package dev.postern.grid;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

/// What a member of a cluster is told.
///
/// @param cluster its name; members of another name are strangers
/// @param node our name, as the certificate has it
/// @param number our member number, 0 to 255
/// @param listen where other members reach us; bound to, and to nothing else
/// @param peers every other member of the site
/// @param tls who we are and whom we talk to ([MemberTls])
/// @param silence after how long without a sign a member counts as lost
/// @param owners how many members hold a session; 0 for all of them
/// @param state where it outlives a restart who was in the cluster, and beside it under which
///   epochs we have taken over; null for memory
/// @param bridge the way to the other sites of the domain; null where there is none
public record GridSettings(
        String cluster,
        String node,
        String site,
        int number,
        InetSocketAddress listen,
        List<Peer> peers,
        SSLContext tls,
        Duration silence,
        int owners,
        @Nullable Path state,
        @Nullable Bridge bridge) {
    /// Another member, as the configuration names it.
    public record Peer(String node, InetSocketAddress address) {}

    /// How the sites reach each other: one member of each, its site master, is on the bridge.
    ///
    /// @param listen where we are reached when we are our site's master; bound to only then
    /// @param others where the other members of all sites are
    /// @param sites the names of the other sites
    /// @param tls who we are and whom we talk to: members of any site
    /// @param lostAfter after how long out of sight a site counts as lost; zero for never
    public record Bridge(
            InetSocketAddress listen,
            List<InetSocketAddress> others,
            Set<String> sites,
            SSLContext tls,
            Duration lostAfter) {
        public Bridge {
            others = List.copyOf(others);
            sites = Set.copyOf(sites);
        }
    }

    public GridSettings {
        peers = List.copyOf(peers);
    }

    /// The other sites of the domain.
    Set<String> otherSites() {
        return bridge == null ? Set.of() : bridge.sites();
    }
}
