package dev.postern.esp;

/// What went through an SA pair. Octets are those of inner packets.
///
/// @param lastOutboundSequence also the number of packets that were sealed
/// @param highestInboundSequence the right edge of the replay window
public record SaTraffic(
        long inboundPackets,
        long inboundOctets,
        long highestInboundSequence,
        long lastOutboundSequence,
        long outboundOctets) {}
