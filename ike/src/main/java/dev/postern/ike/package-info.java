/// The sans-IO IKEv2 control plane (RFC 7296) with both resumption protocols.
///
/// [dev.postern.ike.IkeEndpoint] takes an [dev.postern.ike.Input] at a [dev.postern.ike.Now] and yields
/// [dev.postern.ike.Effect]s; `nextDeadline()` says when it wants to be woken. There is no clock, socket, thread, log,
/// file or random source inside: time and entropy come in as values, questions go out as an [dev.postern.ike.Ask] and come
/// back as an [dev.postern.ike.Answer].
///
///     Datagram, Answer, Command, deadline --> IkeEndpoint --> Send, InstallChildSa, Ask, Emit
///
/// One endpoint is single-threaded. `exchange` holds one file per exchange and role, `sa` keys and
/// windows, `negotiate` what is agreed on, `guard` what keeps strangers cheap, `failover` the client's decision to move.
@NullMarked
package dev.postern.ike;

import org.jspecify.annotations.NullMarked;
