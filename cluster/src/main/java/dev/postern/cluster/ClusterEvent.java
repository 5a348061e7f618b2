package dev.postern.cluster;

/// What happens to the membership of a cluster, in the order in which one member sees it.
public sealed interface ClusterEvent {
    record MemberJoined(Member member) implements ClusterEvent {}

    /// A member is gone without a word: its process has died, or it is cut off from us.
    ///
    /// @param dead whether its process is known to have ended; where it is not, it may be alive on
    ///   the other side of a split
    record MemberLost(Member member, boolean dead) implements ClusterEvent {}

    /// A member has said that it ends, and has ended.
    record MemberLeft(Member member) implements ClusterEvent {}

    /// A member that was lost is known to have ended, or was fenced by an operator.
    record MemberDead(String node) implements ClusterEvent {}

    /// There is a new view, or this side has become or ceased to be the primary one.
    ///
    /// @param primary whether this side may do what must happen once: raise switch counts by
    ///   reference, take over a lost member, lend addresses
    record ViewChanged(View view, boolean primary) implements ClusterEvent {}
}
