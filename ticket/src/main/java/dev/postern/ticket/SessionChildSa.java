package dev.postern.ticket;

import dev.postern.wire.Proposal;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// One Child SA of a session, as a resume restores it: what was negotiated, without keys and SPIs.
///
/// @param proposal the chosen ESP proposal, with an empty SPI
/// @param transportMode transport mode, else tunnel mode
/// @param isDefault restored within the resume exchange itself; exactly one of a session
public record SessionChildSa(
        Proposal proposal,
        List<TrafficSelector> initiatorSelectors,
        List<TrafficSelector> responderSelectors,
        boolean transportMode,
        boolean isDefault) {
    public SessionChildSa {
        initiatorSelectors = List.copyOf(initiatorSelectors);
        responderSelectors = List.copyOf(responderSelectors);
    }
}
