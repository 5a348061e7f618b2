package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import java.util.List;
import java.util.Map;

/// Whom a gateway lets in, and to what.
///
/// @param preSharedKeys by the identity that the peer claims; kept, not copied
/// @param assignsAddresses peers ask for an inner address and get one; else `remoteSelectors` says
///   what is theirs
/// @param localSelectors what peers may reach through the tunnel
public record ResponderProfile(
        String name,
        Map<Identity, SecretBytes> preSharedKeys,
        List<IkeSuite> ikeSuites,
        List<EspSuite> espSuites,
        boolean assignsAddresses,
        List<TrafficSelector> localSelectors,
        List<TrafficSelector> remoteSelectors,
        ResumptionPolicy resumption,
        LivenessPolicy liveness) {
    public ResponderProfile {
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        localSelectors = List.copyOf(localSelectors);
        remoteSelectors = List.copyOf(remoteSelectors);
    }

    /// Never prints a key.
    @Override
    public String toString() {
        return "ResponderProfile[" + name + ", " + preSharedKeys.size() + " peers]";
    }
}
