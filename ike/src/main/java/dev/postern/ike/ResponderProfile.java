package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// Whom a gateway lets in, and to what.
///
/// @param preSharedKeys by the identity that the peer claims; kept, not copied
/// @param assignsAddresses peers ask for an inner address and get one; else `remoteSelectors` says
///   what is theirs
/// @param eap null where no peer authenticates by EAP
/// @param certificates null where certificates play no part
/// @param localSelectors what peers may reach through the tunnel
/// @param mode of Child SAs; one that is offered in tunnel mode alone where transport mode is
///   wanted is refused, and one that may be a tunnel becomes one where that is wanted
/// @param groups the first that has a peer decides what it may reach
public record ResponderProfile(
        String name,
        Map<Identity, SecretBytes> preSharedKeys,
        List<IkeSuite> ikeSuites,
        List<EspSuite> espSuites,
        boolean assignsAddresses,
        List<TrafficSelector> localSelectors,
        List<TrafficSelector> remoteSelectors,
        ResumptionPolicy resumption,
        LivenessPolicy liveness,
        @Nullable EapPolicy eap,
        LifePolicy life,
        @Nullable CertificatePolicy certificates,
        ChildMode mode,
        List<PeerGroup> groups)
        implements ConnectionProfile {
    public ResponderProfile {
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        localSelectors = List.copyOf(localSelectors);
        remoteSelectors = List.copyOf(remoteSelectors);
        groups = List.copyOf(groups);
    }

    /// Without groups.
    public ResponderProfile(
            String name,
            Map<Identity, SecretBytes> preSharedKeys,
            List<IkeSuite> ikeSuites,
            List<EspSuite> espSuites,
            boolean assignsAddresses,
            List<TrafficSelector> localSelectors,
            List<TrafficSelector> remoteSelectors,
            ResumptionPolicy resumption,
            LivenessPolicy liveness,
            @Nullable EapPolicy eap,
            LifePolicy life,
            @Nullable CertificatePolicy certificates,
            ChildMode mode) {
        this(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                eap,
                life,
                certificates,
                mode,
                List.of());
    }

    /// What holds for this peer: the same profile under the terms of its group, at a full exchange
    /// and at each resume.
    public ResponderProfile forPeer(Identity authenticated, List<Octets> aaaAttributes) {
        for (PeerGroup group : groups) {
            if (group.has(authenticated, aaaAttributes)) {
                return group.over(this);
            }
        }
        return this;
    }

    /// The same profile with groups.
    public ResponderProfile withGroups(List<PeerGroup> others) {
        return new ResponderProfile(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                eap,
                life,
                certificates,
                mode,
                others);
    }

    /// In tunnel mode.
    public ResponderProfile(
            String name,
            Map<Identity, SecretBytes> preSharedKeys,
            List<IkeSuite> ikeSuites,
            List<EspSuite> espSuites,
            boolean assignsAddresses,
            List<TrafficSelector> localSelectors,
            List<TrafficSelector> remoteSelectors,
            ResumptionPolicy resumption,
            LivenessPolicy liveness,
            @Nullable EapPolicy eap,
            LifePolicy life,
            @Nullable CertificatePolicy certificates) {
        this(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                eap,
                life,
                certificates,
                ChildMode.TUNNEL);
    }

    /// Peers with pre-shared keys alone.
    public ResponderProfile(
            String name,
            Map<Identity, SecretBytes> preSharedKeys,
            List<IkeSuite> ikeSuites,
            List<EspSuite> espSuites,
            boolean assignsAddresses,
            List<TrafficSelector> localSelectors,
            List<TrafficSelector> remoteSelectors,
            ResumptionPolicy resumption,
            LivenessPolicy liveness,
            LifePolicy life) {
        this(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                null,
                life,
                null,
                ChildMode.TUNNEL);
    }

    /// The same profile with certificates.
    public ResponderProfile withCertificates(@Nullable CertificatePolicy policy) {
        return new ResponderProfile(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                eap,
                life,
                policy,
                mode,
                groups);
    }

    /// The same profile with Child SAs of another mode.
    public ResponderProfile withMode(ChildMode other) {
        return new ResponderProfile(
                name,
                preSharedKeys,
                ikeSuites,
                espSuites,
                assignsAddresses,
                localSelectors,
                remoteSelectors,
                resumption,
                liveness,
                eap,
                life,
                certificates,
                other,
                groups);
    }

    /// Whether a session that began with this method may go on under this profile.
    public boolean allows(int authenticationMethod, Identity authenticated) {
        return switch (authenticationMethod) {
            case Payload.Authentication.SHARED_KEY -> preSharedKeys.containsKey(authenticated);
            case Payload.Authentication.EAP -> eap != null;
            case Payload.Authentication.DIGITAL_SIGNATURE,
                    Payload.Authentication.RSA_SIGNATURE,
                    Payload.Authentication.ECDSA_256,
                    Payload.Authentication.ECDSA_384,
                    Payload.Authentication.ECDSA_521 ->
                    certificates != null && certificates.admits(authenticated);
            default -> false;
        };
    }

    /// Never prints a key.
    @Override
    public String toString() {
        return "ResponderProfile[" + name + ", " + preSharedKeys.size() + " peers]";
    }
}
