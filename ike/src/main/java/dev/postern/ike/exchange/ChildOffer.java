package dev.postern.ike.exchange;

import dev.postern.ike.ResponderProfile;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.ChildSa;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// What an initiator offers for a Child SA: proposals and selectors.
record ChildOffer(
        List<Proposal> proposals,
        List<TrafficSelector> initiatorSelectors,
        List<TrafficSelector> responderSelectors) {

    /// The offer in these payloads, or null where a part is missing.
    static @Nullable ChildOffer of(List<Payload> payloads) {
        Payload.SecurityAssociation sa = Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.TsInitiator tsI = Message.find(payloads, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(payloads, Payload.TsResponder.class);
        return sa == null || tsI == null || tsR == null
                ? null
                : new ChildOffer(sa.proposals(), tsI.selectors(), tsR.selectors());
    }

    /// The same offer with TSi wide enough for the addresses that the initiator gets now: a resumed
    /// session's selectors name its old address.
    ChildOffer withInitiatorAddresses(List<InetAddress> assigned) {
        return assigned.isEmpty()
                ? this
                : new ChildOffer(
                        proposals,
                        assigned.stream().map(TrafficSelector::host).toList(),
                        responderSelectors);
    }

    /// The Child SA that the profile allows, or null where nothing is left of the selectors
    /// (TS_UNACCEPTABLE).
    ///
    /// @param assigned inner addresses that the initiator gets; then TSi is exactly these
    @Nullable ChildSa narrow(
            int inboundSpi,
            ProposalSelector.ChosenEsp chosen,
            ResponderProfile profile,
            List<InetAddress> assigned) {
        List<TrafficSelector> initiatorPolicy =
                assigned.isEmpty()
                        ? profile.remoteSelectors()
                        : assigned.stream().map(TrafficSelector::host).toList();
        List<TrafficSelector> tsI =
                TrafficSelectorNarrowing.narrow(initiatorSelectors, initiatorPolicy);
        List<TrafficSelector> tsR =
                TrafficSelectorNarrowing.narrow(responderSelectors, profile.localSelectors());
        if (tsI.isEmpty() || tsR.isEmpty()) {
            return null;
        }
        return new ChildSa(inboundSpi, chosen.offer().spi().toInt(), chosen.suite(), tsI, tsR);
    }

    /// SAr2, TSi, TSr.
    static List<Payload> answer(ChildSa child, ProposalSelector.ChosenEsp chosen) {
        return List.of(
                new Payload.SecurityAssociation(
                        List.of(chosen.answer(Octets.ofInt(child.inboundSpi())))),
                new Payload.TsInitiator(child.initiatorSelectors()),
                new Payload.TsResponder(child.responderSelectors()));
    }
}
