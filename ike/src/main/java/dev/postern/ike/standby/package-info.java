/// What a standby member has to know of an IKE SA to carry on with it where the active member left
/// it (RFC 6311; failover profile, "Hot standby").
///
///     active member   Effect.KeepRecord, KeepCounters, ForgetRecord --> the cluster's store
///     standby         (nothing: it is strictly passive until the shared address is its own)
///     newly active    the store --> Input.TakeOver(records, epoch)
///
/// A [dev.postern.ike.standby.StandbyRecord] is the snapshot; [dev.postern.ike.standby.StandbyFormat]
/// is its octets, a versioned chain of payloads like a ticket's. Records hold the keys of traffic, so
/// they travel between members under TLS and are kept in memory only.
@NullMarked
package dev.postern.ike.standby;

import org.jspecify.annotations.NullMarked;
