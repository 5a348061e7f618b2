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
/// @param requestAddresses whether to ask for an inner IPv4 address
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

    /// With one Child SA.
    public InitiatorProfile(
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
            ChildMode mode) {
        this(
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
                List.of());
    }

    /// In tunnel mode.
    public InitiatorProfile(
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
            @Nullable CertificatePolicy certificates) {
        this(
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
                ChildMode.TUNNEL,
                List.of());
    }

    /// A client with a pre-shared key.
    public InitiatorProfile(
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
            LifePolicy life) {
        this(
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
                null,
                life,
                null,
                ChildMode.TUNNEL,
                List.of());
    }

    /// The same profile with another gateway in mind.
    public InitiatorProfile towards(@Nullable Identity gateway) {
        return with(gateway, acceptedGateways, certificates, mode, furtherChildSas);
    }

    /// The same profile where this gateway may answer too.
    public InitiatorProfile accepting(Identity gateway) {
        if (acceptedGateways.contains(gateway)) {
            return this;
        }
        List<Identity> accepted = new ArrayList<>(acceptedGateways);
        accepted.add(gateway);
        return with(namedGateway, accepted, certificates, mode, furtherChildSas);
    }

    /// The same profile with Child SAs of another mode.
    public InitiatorProfile withMode(ChildMode other) {
        return with(namedGateway, acceptedGateways, certificates, other, furtherChildSas);
    }

    /// The same profile with certificates.
    public InitiatorProfile withCertificates(@Nullable CertificatePolicy policy) {
        return with(namedGateway, acceptedGateways, policy, mode, furtherChildSas);
    }

    /// The same profile with these Child SAs beside the first one.
    public InitiatorProfile withFurtherChildSas(List<FurtherChildSa> others) {
        return with(namedGateway, acceptedGateways, certificates, mode, others);
    }

    private InitiatorProfile with(
            @Nullable Identity named,
            List<Identity> accepted,
            @Nullable CertificatePolicy policy,
            ChildMode childMode,
            List<FurtherChildSa> others) {
        return new InitiatorProfile(
                name,
                localIdentity,
                named,
                accepted,
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
                policy,
                childMode,
                others);
    }
}
