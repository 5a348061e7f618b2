package dev.postern.grid;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
/// @param state where it outlives a restart who was in the cluster; null for memory
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
        @Nullable Path state) {
    /// Another member, as the configuration names it.
    public record Peer(String node, InetSocketAddress address) {}

    public GridSettings {
        peers = List.copyOf(peers);
    }
}
