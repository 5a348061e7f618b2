/// What happens to a million clients when a site dies: a model without cryptography or octets, in
/// which each client is a few numbers. Detection, retransmission and back-off follow the production
/// schedules ([dev.postern.ike.RetransmissionSchedule], [dev.postern.ike.failover.RetryPolicy]'s
/// rule); what an exchange costs a gateway is measured (docs/performance.md); and a test holds the
/// model's recovery times against those of the simulator with its real clients and gateways.
@NullMarked
package dev.postern.sim.scale;

import org.jspecify.annotations.NullMarked;
