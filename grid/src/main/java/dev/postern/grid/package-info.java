/// What the members of a cluster share, on an embedded data grid: Infinispan in the gateway's process, over JGroups on TCP under
/// mutual TLS 1.3. Nothing to install, for one member or many.
///
/// [Grid] starts a member and tells its events; [MemberStack] is the stack of protocols under it, [MemberTls] decides whom it
/// talks to. The engine finds failures and agrees on views; what a view means is decided by
/// [dev.postern.cluster.Membership], on one thread:
///
///     JGroups -- view --> Grid -- View --> Membership -- ClusterEvent --> the gateway
///                           \-- Knock: does a lost member's machine refuse its port? --> it has ended
///
/// One cache per kind of state. What must happen once (sessions by reference, ownership, lent addresses) lives in caches that
/// deny access on the minor side of a split; what only grows (TGS keys, revocations) in one that goes on and is united
/// afterwards. With `gateway`, `net` and `cli` this is the only module with threads and sockets.
@NullMarked
package dev.postern.grid;

import org.jspecify.annotations.NullMarked;
