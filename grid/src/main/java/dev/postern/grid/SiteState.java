package dev.postern.grid;

/// A site of the domain, as this member sees it.
///
/// @param self whether it is ours
/// @param seen whether its master is on the bridge
/// @param caughtUp whether it has sent us, since our site began, all that it had
/// @param fenced whether it counts as lost for good until it is seen again
public record SiteState(
        String site, boolean self, boolean seen, boolean caughtUp, boolean fenced) {}
