package dev.postern.ike;

import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// What both roles' profiles say about an IKE SA that stands: later exchanges go by it, whoever
/// begins them.
public sealed interface ConnectionProfile permits InitiatorProfile, ResponderProfile {
    String name();

    List<IkeSuite> ikeSuites();

    List<EspSuite> espSuites();

    /// What is on our side, where no address is assigned.
    List<TrafficSelector> localSelectors();

    /// What is on the peer's side, where no address is assigned.
    List<TrafficSelector> remoteSelectors();

    ResumptionPolicy resumption();

    /// What Child SAs carry.
    ChildMode mode();

    LivenessPolicy liveness();

    LifePolicy life();
}
