package dev.postern.ike.exchange;

import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.TrafficSelectorNarrowing;
import dev.postern.ike.sa.ChildSa;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// What further Child SAs of an established IKE SA may carry: the profile's selectors, and the
/// inner addresses on the side that they were assigned to.
record SelectorPolicy(List<TrafficSelector> own, List<TrafficSelector> peer) {
    static SelectorPolicy of(IkeSa sa) {
        ConnectionProfile profile = sa.relation().profile();
        List<TrafficSelector> assigned =
                sa.innerAddresses().stream().map(TrafficSelector::host).toList();
        List<TrafficSelector> own = profile.localSelectors();
        List<TrafficSelector> peer = profile.remoteSelectors();
        if (assigned.isEmpty()) {
            return new SelectorPolicy(own, peer);
        }
        return sa.isClient()
                ? new SelectorPolicy(assigned, peer)
                : new SelectorPolicy(own, assigned);
    }

    /// The selectors of a Child SA, as they are for the side that asks for its like.
    static SelectorPolicy of(ChildSa child, boolean client) {
        return client
                ? new SelectorPolicy(child.initiatorSelectors(), child.responderSelectors())
                : new SelectorPolicy(child.responderSelectors(), child.initiatorSelectors());
    }

    /// What is left of the peer's wishes; a list is empty where nothing is (TS_UNACCEPTABLE).
    SelectorPolicy narrow(List<TrafficSelector> ownWish, List<TrafficSelector> peerWish) {
        return new SelectorPolicy(
                TrafficSelectorNarrowing.narrow(ownWish, own),
                TrafficSelectorNarrowing.narrow(peerWish, peer));
    }

    /// The same protocols and ports between the two ends of a path.
    SelectorPolicy at(Path path) {
        return new SelectorPolicy(
                TransportMode.at(path.local().getAddress(), own),
                TransportMode.at(path.remote().getAddress(), peer));
    }

    boolean isEmpty() {
        return own.isEmpty() || peer.isEmpty();
    }
}
