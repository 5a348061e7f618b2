package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// How a client connects.
///
/// @param namedGateway whom we mean; null where only an address is known, then any of
///   `acceptedGateways` may answer
/// @param acceptedGateways identities that may answer; never empty
/// @param secureDomain name of the domain that resumes are addressed to where no gateway is named
/// @param preSharedKey for a full exchange without EAP
/// @param eap null where the client proves itself without EAP
/// @param certificates `own` proves the client, `peers` vouch for the gateway; null where
///   certificates play no part
/// @param requestAddresses whether to ask for inner addresses, of either family
/// @param localSelectors our side where no address is asked for
/// @param remoteSelectors what we want to reach through the tunnel
/// @param mode of Child SAs; in transport mode the selectors are the addresses of the two peers
/// @param furtherChildSas what is set up beside the first Child SA; none in transport mode
public record InitiatorProfile(
        String name,
        Identity localIdentity,
        @Nullable Identity namedGateway,
        List<Identity> acceptedGateways,
        String secureDomain,
        SecretBytes preSharedKey,
        List<IkeSuite> ikeSuites,
        List<EspSuite> espSuites,
        boolean requestAddresses,
        List<TrafficSelector> localSelectors,
        List<TrafficSelector> remoteSelectors,
        ResumptionPolicy resumption,
        RetransmissionSchedule exchangeSchedule,
        RetransmissionSchedule resumeSchedule,
        LivenessPolicy liveness,
        @Nullable EapPolicy eap,
        LifePolicy life,
        @Nullable CertificatePolicy certificates,
        ChildMode mode,
        List<FurtherChildSa> furtherChildSas)
        implements ConnectionProfile {
    /// Of a client that proves itself otherwise.
    public static final SecretBytes NO_KEY = SecretBytes.owning(new byte[0]);

    public InitiatorProfile {
        acceptedGateways = List.copyOf(acceptedGateways);
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        localSelectors = List.copyOf(localSelectors);
        remoteSelectors = List.copyOf(remoteSelectors);
        furtherChildSas = List.copyOf(furtherChildSas);
        if (ikeSuites.isEmpty() || espSuites.isEmpty() || acceptedGateways.isEmpty()) {
            throw new IllegalArgumentException(
                    "profile " + name + " lacks suites or accepted gateways");
        }
    }

    /// Begins a profile.
    public static Builder builder(String name, Identity localIdentity) {
        return new Builder(name, localIdentity);
    }

    /// Begins one that differs from this one.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// The same profile with another gateway in mind.
    public InitiatorProfile towards(@Nullable Identity gateway) {
        return toBuilder().namedGateway(gateway).build();
    }

    /// The same profile where this gateway may answer too.
    public InitiatorProfile accepting(Identity gateway) {
        if (acceptedGateways.contains(gateway)) {
            return this;
        }
        List<Identity> accepted = new ArrayList<>(acceptedGateways);
        accepted.add(gateway);
        return toBuilder().acceptedGateways(accepted).build();
    }

    /// Suites and gateways must be set. Without more, no address is asked for, nothing is resumed,
    /// the gateway is never checked and Child SAs are tunnels that live for [LifePolicy#STANDARD].
    /// The key is shared, not copied.
    public static final class Builder {
        private String name;
        private Identity localIdentity;
        private @Nullable Identity namedGateway;
        private List<Identity> acceptedGateways = List.of();
        private String secureDomain = "";
        private SecretBytes preSharedKey = NO_KEY;
        private List<IkeSuite> ikeSuites = List.of();
        private List<EspSuite> espSuites = List.of();
        private boolean requestAddresses;
        private List<TrafficSelector> localSelectors = List.of();
        private List<TrafficSelector> remoteSelectors = List.of();
        private ResumptionPolicy resumption = ResumptionPolicy.DISABLED;
        private RetransmissionSchedule exchangeSchedule = RetransmissionSchedule.STANDARD;
        private RetransmissionSchedule resumeSchedule = RetransmissionSchedule.QUICK;
        private LivenessPolicy liveness = LivenessPolicy.NEVER;
        private @Nullable EapPolicy eap;
        private LifePolicy life = LifePolicy.STANDARD;
        private @Nullable CertificatePolicy certificates;
        private ChildMode mode = ChildMode.TUNNEL;
        private List<FurtherChildSa> furtherChildSas = List.of();

        private Builder(String name, Identity localIdentity) {
            this.name = name;
            this.localIdentity = localIdentity;
        }

        private Builder(InitiatorProfile from) {
            name = from.name;
            localIdentity = from.localIdentity;
            namedGateway = from.namedGateway;
            acceptedGateways = from.acceptedGateways;
            secureDomain = from.secureDomain;
            preSharedKey = from.preSharedKey;
            ikeSuites = from.ikeSuites;
            espSuites = from.espSuites;
            requestAddresses = from.requestAddresses;
            localSelectors = from.localSelectors;
            remoteSelectors = from.remoteSelectors;
            resumption = from.resumption;
            exchangeSchedule = from.exchangeSchedule;
            resumeSchedule = from.resumeSchedule;
            liveness = from.liveness;
            eap = from.eap;
            life = from.life;
            certificates = from.certificates;
            mode = from.mode;
            furtherChildSas = from.furtherChildSas;
        }

        public Builder localIdentity(Identity value) {
            localIdentity = value;
            return this;
        }

        public Builder namedGateway(@Nullable Identity value) {
            namedGateway = value;
            return this;
        }

        public Builder acceptedGateways(List<Identity> value) {
            acceptedGateways = value;
            return this;
        }

        public Builder secureDomain(String value) {
            secureDomain = value;
            return this;
        }

        public Builder preSharedKey(SecretBytes value) {
            preSharedKey = value;
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

        public Builder requestAddresses(boolean value) {
            requestAddresses = value;
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

        public Builder exchangeSchedule(RetransmissionSchedule value) {
            exchangeSchedule = value;
            return this;
        }

        public Builder resumeSchedule(RetransmissionSchedule value) {
            resumeSchedule = value;
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

        public Builder furtherChildSas(List<FurtherChildSa> value) {
            furtherChildSas = value;
            return this;
        }

        public InitiatorProfile build() {
            return new InitiatorProfile(
                    name,
                    localIdentity,
                    namedGateway,
                    acceptedGateways,
                    secureDomain,
                    preSharedKey,
                    ikeSuites,
                    espSuites,
                    requestAddresses,
                    localSelectors,
                    remoteSelectors,
                    resumption,
                    exchangeSchedule,
                    resumeSchedule,
                    liveness,
                    eap,
                    life,
                    certificates,
                    mode,
                    furtherChildSas);
        }
    }
}
