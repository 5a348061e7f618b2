package dev.postern.grid;

import java.net.InetSocketAddress;

/// A node of the cluster, as this member sees it.
///
/// @param number its member number; -1 where it was never seen
/// @param coordinator whether it coordinates the members that we see
/// @param self whether it is this member
public record NodeState(
        String node,
        String site,
        int number,
        InetSocketAddress address,
        Presence presence,
        boolean coordinator,
        boolean self) {
    /// Whether it is there.
    public enum Presence {
        /// It is in the view.
        UP,
        /// It is out of sight and may be alive.
        LOST,
        /// Its process is known to have ended.
        DOWN
    }
}
