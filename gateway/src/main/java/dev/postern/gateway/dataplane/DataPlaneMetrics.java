package dev.postern.gateway.dataplane;

import dev.postern.esp.VerdictCounters;

/// What became of the packets. The counters go on counting; the other figures are of one moment.
///
/// @param sealed fates of packets from inside
/// @param opened fates of datagrams from outside, on the ports that carry ESP
/// @param sendFailures sealed trains that could not be sent in full
/// @param innerRefusals frames that the TUN device refused
/// @param ikeSendFailures IKE messages that could not be sent
/// @param ikeDropped IKE messages for which the control plane had no room
public record DataPlaneMetrics(
        VerdictCounters sealed,
        VerdictCounters opened,
        long sendFailures,
        long innerRefusals,
        long ikeSendFailures,
        long ikeDropped) {}
