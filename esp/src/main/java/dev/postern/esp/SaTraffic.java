package dev.postern.esp;

/// What went through an SA pair. Octets are those of inner packets.
///
/// @param lastOutboundSequence more than the packets that were sealed where some were left out
/// @param highestInboundSequence the right edge of the replay window
public record SaTraffic(
        long inboundPackets,
        long inboundOctets,
        long highestInboundSequence,
        long lastOutboundSequence,
        long outboundPackets,
        long outboundOctets) {}
