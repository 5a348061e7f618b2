package dev.postern.ike.exchange;

import dev.postern.ike.Path;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.wire.Message;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The selectors that a responder has chosen, found to be within what this initiator offered, in
/// the mode that it offered (RFC 7296 sections 1.3.1 and 2.9).
///
/// @param own of our side, `peer` of the peer's
/// @param transport null in tunnel mode
record AnsweredSelectors(
        List<TrafficSelector> own, List<TrafficSelector> peer, @Nullable PeersAddresses transport) {
    /// Null where the answer goes beyond the offer, lacks a part, or makes a Child SA of the other
    /// mode: "if this is unacceptable to the initiator, the initiator MUST delete the SA".
    static @Nullable AnsweredSelectors judge(
            List<Payload> answer, SelectorPolicy offered, boolean transport, Path path) {
        Payload.TsInitiator tsI = Message.find(answer, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(answer, Payload.TsResponder.class);
        if (tsI == null || tsR == null || TransportMode.isIn(answer) != transport) {
            return null;
        }
        AnsweredSelectors answered =
                transport
                        ? betweenPeers(tsI.selectors(), tsR.selectors(), path)
                        : new AnsweredSelectors(tsI.selectors(), tsR.selectors(), null);
        return answered != null
                        && TrafficSelectorNarrowing.isSubset(answered.own, offered.own())
                        && TrafficSelectorNarrowing.isSubset(answered.peer, offered.peer())
                ? answered
                : null;
    }

    private static @Nullable AnsweredSelectors betweenPeers(
            List<TrafficSelector> own, List<TrafficSelector> peer, Path path) {
        TransportMode.Seen seen = TransportMode.seen(own, peer, path);
        return seen == null
                ? null
                : new AnsweredSelectors(seen.own(), seen.peer(), seen.addresses());
    }
}
