/// The secure domain as pure logic: gateways that know each other (draft-dondeti-ipsec-failover-sol-00 section 6.1).
///
/// A [Member] is one gateway's process, a [View] is the set of members that agree that they see each other. Views come from an
/// engine that detects failures; [Membership] makes [ClusterEvent]s of them and decides by an [Electorate] whether this side of a
/// split may go on with what must happen once:
///
///     engine -- View, proof of a death, leave --> Membership -- MemberJoined, MemberLost, MemberLeft, ViewChanged(primary) --> daemons
///
/// What the members share stands in records of [Fields], which keep what a newer version has put into them:
///
/// | what | where | across a partition |
/// |---|---|---|
/// | sessions by reference | [dev.postern.ticket.store.SessionStore] | the primary side alone |
/// | who owns a shared address or a lost member's sessions | [Ownership] | the primary side alone, fenced by an epoch |
/// | IKE SAs of hot standby | [StandbyRecords] | their owner writes, nobody else |
///
/// Nothing here has a thread, a clock or a socket.
@NullMarked
package dev.postern.cluster;

import org.jspecify.annotations.NullMarked;
