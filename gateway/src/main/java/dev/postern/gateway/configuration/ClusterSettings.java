package dev.postern.gateway.configuration;

import dev.postern.grid.GridSettings;
import dev.postern.pki.Credentials;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

/// The cluster that a gateway is a member of.
///
/// @param self the gateway itself
/// @param others every other member, of whatever site
/// @param credentials the certificate that we show the other members, with its key
/// @param certificateEnd when it ends, or what others believe it by
/// @param tls who we are towards them, and whom we admit
/// @param silence after how long a silent member counts as lost
/// @param copies how many members hold a session; 0 for all
/// @param tgsKeyEvery how often the cluster makes a TGS key; zero for never
/// @param state the file of the last view; null for none
/// @param bridgeTls who we are towards members of other sites, and whom we admit; null where sites
///   share nothing
/// @param siteLostAfter after how long another site counts as fenced; zero for never
public record ClusterSettings(
        String name,
        ClusterMember self,
        List<ClusterMember> others,
        Credentials credentials,
        Instant certificateEnd,
        SSLContext tls,
        Duration silence,
        int copies,
        Duration tgsKeyEvery,
        @Nullable Path state,
        @Nullable SSLContext bridgeTls,
        Duration siteLostAfter) {
    /// A member, as the file names it.
    ///
    /// @param bridge where other sites reach it; null where sites share nothing
    public record ClusterMember(
            String node,
            String site,
            InetSocketAddress address,
            @Nullable InetSocketAddress bridge) {}

    public ClusterSettings {
        others = List.copyOf(others);
    }

    /// What the grid is told.
    ///
    /// @param number the gateway's member number
    public GridSettings grid(int number) {
        return new GridSettings(
                name,
                self.node(),
                self.site(),
                number,
                self.address(),
                others.stream()
                        .filter(other -> other.site().equals(self.site()))
                        .map(other -> new GridSettings.Peer(other.node(), other.address()))
                        .toList(),
                tls,
                silence,
                copies,
                state,
                bridge());
    }

    private GridSettings.@Nullable Bridge bridge() {
        InetSocketAddress own = self.bridge();
        Set<String> sites =
                others.stream()
                        .map(ClusterMember::site)
                        .filter(site -> !site.equals(self.site()))
                        .collect(Collectors.toSet());
        return own == null || bridgeTls == null || sites.isEmpty()
                ? null
                : new GridSettings.Bridge(
                        own,
                        others.stream()
                                .map(ClusterMember::bridge)
                                .filter(Objects::nonNull)
                                .toList(),
                        sites,
                        bridgeTls,
                        siteLostAfter);
    }
}
