package dev.postern.ike.sa;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One Child SA as the control plane knows it; its keys live in the data plane.
///
/// @param initiatorSelectors the side of the session's initiator, whoever began the exchange
/// @param responderSelectors the other side
/// @param transport the addresses as the peer has them, in transport mode; null in tunnel mode
public record ChildSa(
        int inboundSpi,
        int outboundSpi,
        EspSuite suite,
        List<TrafficSelector> initiatorSelectors,
        List<TrafficSelector> responderSelectors,
        @Nullable PeersAddresses transport) {
    /// In tunnel mode.
    public ChildSa(
            int inboundSpi,
            int outboundSpi,
            EspSuite suite,
            List<TrafficSelector> initiatorSelectors,
            List<TrafficSelector> responderSelectors) {
        this(inboundSpi, outboundSpi, suite, initiatorSelectors, responderSelectors, null);
    }

    public boolean isTransport() {
        return transport != null;
    }

    /// What a ticket says about it.
    public SessionChildSa toSession(boolean isDefault) {
        return new SessionChildSa(
                suite.toProposal(1, Octets.EMPTY),
                initiatorSelectors,
                responderSelectors,
                isTransport(),
                isDefault);
    }
}
