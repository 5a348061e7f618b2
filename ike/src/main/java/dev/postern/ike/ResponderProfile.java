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

    /// Begins a profile.
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /// Begins one that differs from this one.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// What holds for this peer: the same profile under the terms of its group, at a full exchange
    /// and at each resume.
    public ResponderProfile forPeer(Identity authenticated, List<Octets> aaaAttributes) {
        PeerGroup group = groupOf(authenticated, aaaAttributes);
        return group == null ? this : group.over(this);
    }

    /// The group that decides for this peer; null for none.
    public @Nullable PeerGroup groupOf(Identity authenticated, List<Octets> aaaAttributes) {
        for (PeerGroup group : groups) {
            if (group.has(authenticated, aaaAttributes)) {
                return group;
            }
        }
        return null;
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

    /// What is not set: nobody is let in, nothing is offered, nothing is resumed and no peer is
    /// checked; Child SAs are tunnels and live for [LifePolicy#STANDARD]. Keys are shared, not
    /// copied.
    public static final class Builder {
        private String name;
        private Map<Identity, SecretBytes> preSharedKeys = Map.of();
        private List<IkeSuite> ikeSuites = List.of();
        private List<EspSuite> espSuites = List.of();
        private boolean assignsAddresses;
        private List<TrafficSelector> localSelectors = List.of();
        private List<TrafficSelector> remoteSelectors = List.of();
        private ResumptionPolicy resumption = ResumptionPolicy.DISABLED;
        private LivenessPolicy liveness = LivenessPolicy.NEVER;
        private @Nullable EapPolicy eap;
        private LifePolicy life = LifePolicy.STANDARD;
        private @Nullable CertificatePolicy certificates;
        private ChildMode mode = ChildMode.TUNNEL;
        private List<PeerGroup> groups = List.of();

        private Builder(String name) {
            this.name = name;
        }

        private Builder(ResponderProfile from) {
            name = from.name;
            preSharedKeys = from.preSharedKeys;
            ikeSuites = from.ikeSuites;
            espSuites = from.espSuites;
            assignsAddresses = from.assignsAddresses;
            localSelectors = from.localSelectors;
            remoteSelectors = from.remoteSelectors;
            resumption = from.resumption;
            liveness = from.liveness;
            eap = from.eap;
            life = from.life;
            certificates = from.certificates;
            mode = from.mode;
            groups = from.groups;
        }

        public Builder preSharedKeys(Map<Identity, SecretBytes> value) {
            preSharedKeys = value;
            return this;
        }

        public Builder ikeSuites(List<IkeSuite> value) {
            ikeSuites = value;
            return this;
        }

        public Builder espSuites(List<EspSuite> value) {
            espSuites = value;
            return this;
        }

        public Builder assignsAddresses(boolean value) {
            assignsAddresses = value;
            return this;
        }

        public Builder localSelectors(List<TrafficSelector> value) {
            localSelectors = value;
            return this;
        }

        public Builder remoteSelectors(List<TrafficSelector> value) {
            remoteSelectors = value;
            return this;
        }

        public Builder resumption(ResumptionPolicy value) {
            resumption = value;
            return this;
        }

        public Builder liveness(LivenessPolicy value) {
            liveness = value;
            return this;
        }

        public Builder eap(@Nullable EapPolicy value) {
            eap = value;
            return this;
        }

        public Builder life(LifePolicy value) {
            life = value;
            return this;
        }

        public Builder certificates(@Nullable CertificatePolicy value) {
            certificates = value;
            return this;
        }

        public Builder mode(ChildMode value) {
            mode = value;
            return this;
        }

        public Builder groups(List<PeerGroup> value) {
            groups = value;
            return this;
        }

        public ResponderProfile build() {
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
                    groups);
        }
    }
}
