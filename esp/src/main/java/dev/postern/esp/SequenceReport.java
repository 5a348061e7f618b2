package dev.postern.esp;

/// Takes the news of `SecurityAssociations.reportSequences`.
@FunctionalInterface
public interface SequenceReport {
    /// @param inboundSpi names the pair
    /// @param outbound the last sequence number that was sealed
    /// @param inbound the highest sequence number that was opened
    void used(int inboundSpi, long outbound, long inbound);
}
