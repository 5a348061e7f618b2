/// What happens to a million clients when a site dies: a model without cryptography or octets, in
/// which each client is a few numbers. What a client tries next is asked of the production classes:
/// its [dev.postern.ike.failover.Plan] for the rounds, its [dev.postern.ike.failover.RetryPolicy]
/// for the wait between them, [dev.postern.ike.RetransmissionSchedule] for its requests. What an
/// exchange costs a gateway is measured (docs/performance.md).
///
/// [RealRun] is the same with the failover clients and endpoints of production, for as many as
/// there is memory for: the model is held against it, and against the simulator.
@NullMarked
package dev.postern.sim.scale;

import org.jspecify.annotations.NullMarked;
