package dev.postern.ike.standby;

import dev.postern.wire.Octets;

import java.util.List;

/// Counters of a protected IKE SA that have moved on since its [StandbyRecord] was written. They
/// come in batches and may be lost: a takeover leaps over what a standby cannot know.
///
/// @param key of the record, SPIi | SPIr
/// @param nextRequestId Message ID of our next request
/// @param expectedRequestId Message ID of the peer's next request
public record StandbyCounters(
        Octets key, int nextRequestId, int expectedRequestId, List<Sequences> sequences) {
    /// Sequence numbers of one Child SA.
    ///
    /// @param outbound the last one that was sealed
    /// @param inbound the highest that was opened
    public record Sequences(int inboundSpi, long outbound, long inbound) {}

    public StandbyCounters {
        sequences = List.copyOf(sequences);
    }
}
