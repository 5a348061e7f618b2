package dev.postern.ike.exchange;

import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.negotiate.EspSuite;
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
import java.util.ArrayList;
import java.util.List;

/// What an initiator offers for a Child SA: proposals and selectors.
record ChildOffer(
        List<Proposal> proposals,
        List<TrafficSelector> initiatorSelectors,
        List<TrafficSelector> responderSelectors,
        boolean transportMode) {

    /// The offer in these payloads, or null where a part is missing.
    static @Nullable ChildOffer of(List<Payload> payloads) {
        Payload.SecurityAssociation sa = Message.find(payloads, Payload.SecurityAssociation.class);
        Payload.TsInitiator tsI = Message.find(payloads, Payload.TsInitiator.class);
        Payload.TsResponder tsR = Message.find(payloads, Payload.TsResponder.class);
        return sa == null || tsI == null || tsR == null
                ? null
                : new ChildOffer(
                        sa.proposals(),
                        tsI.selectors(),
                        tsR.selectors(),
                        TransportMode.isIn(payloads));
    }

    /// The same offer with TSi wide enough for the addresses that the initiator gets now: a resumed
    /// session's selectors name its old address.
    ChildOffer withInitiatorAddresses(List<InetAddress> assigned) {
        return assigned.isEmpty()
                ? this
                : new ChildOffer(
                        proposals,
                        assigned.stream().map(TrafficSelector::host).toList(),
                        responderSelectors,
                        transportMode);
    }

    /// The Child SA that the profile allows, or null where nothing is left of the selectors
    /// (TS_UNACCEPTABLE).
    ///
    /// @param path where the offer came from
    /// @param assigned inner addresses that the initiator gets; then TSi is exactly these
    @Nullable ChildSa narrow(
            int inboundSpi,
            ProposalSelector.ChosenEsp chosen,
            ResponderProfile profile,
            Path path,
            List<InetAddress> assigned) {
        if (TransportMode.isWanted(profile)) {
            return transportMode ? betweenPeers(inboundSpi, chosen, profile, path) : null;
        }
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

    private @Nullable ChildSa betweenPeers(
            int inboundSpi,
            ProposalSelector.ChosenEsp chosen,
            ResponderProfile profile,
            Path path) {
        TransportMode.Seen seen = TransportMode.seen(responderSelectors, initiatorSelectors, path);
        if (seen == null) {
            return null;
        }
        List<TrafficSelector> tsI =
                TrafficSelectorNarrowing.narrow(seen.peer(), profile.remoteSelectors());
        List<TrafficSelector> tsR =
                TrafficSelectorNarrowing.narrow(seen.own(), profile.localSelectors());
        return tsI.isEmpty() || tsR.isEmpty()
                ? null
                : new ChildSa(
                        inboundSpi,
                        chosen.offer().spi().toInt(),
                        chosen.suite(),
                        tsI,
                        tsR,
                        seen.addresses());
    }

    /// SAi2, TSi, TSr of a client.
    static List<Payload> asked(InitiatorProfile profile, int inboundSpi, SelectorPolicy offered) {
        List<Proposal> proposals = new ArrayList<>();
        for (EspSuite suite : profile.espSuites()) {
            proposals.add(suite.toProposal(proposals.size() + 1, Octets.ofInt(inboundSpi)));
        }
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(proposals));
        payloads.add(new Payload.TsInitiator(offered.own()));
        payloads.add(new Payload.TsResponder(offered.peer()));
        payloads.addAll(TransportMode.asked(TransportMode.isWanted(profile)));
        return payloads;
    }

    /// SAr2, TSi, TSr, and the mode where it is not the tunnel's.
    static List<Payload> answer(ChildSa child, ProposalSelector.ChosenEsp chosen) {
        List<Payload> answer = new ArrayList<>();
        answer.add(
                new Payload.SecurityAssociation(
                        List.of(chosen.answer(Octets.ofInt(child.inboundSpi())))));
        answer.add(new Payload.TsInitiator(child.initiatorSelectors()));
        answer.add(new Payload.TsResponder(child.responderSelectors()));
        answer.addAll(TransportMode.asked(child.isTransport()));
        return answer;
    }
}
