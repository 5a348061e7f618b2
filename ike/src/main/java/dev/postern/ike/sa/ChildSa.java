package dev.postern.ike.sa;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// One Child SA as the control plane knows it; its keys live in the data plane.
///
/// @param initiatorSelectors TSi of the exchange that made it
public record ChildSa(
        int inboundSpi,
        int outboundSpi,
        EspSuite suite,
        List<TrafficSelector> initiatorSelectors,
        List<TrafficSelector> responderSelectors) {

    /// What a ticket says about it.
    public SessionChildSa toSession() {
        return new SessionChildSa(
                suite.toProposal(1, Octets.EMPTY),
                initiatorSelectors,
                responderSelectors,
                false,
                true);
    }
}
