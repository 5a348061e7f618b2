package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.ChildMode;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/// Whom a gateway lets in, and to what.
///
/// @param pools names of the pools that peers get inner addresses from, at most one of a family;
///   empty where `remoteSubnets` says what is theirs
/// @param mode of Child SAs; in transport mode there are no pools and no subnets
/// @param localSubnets what peers may reach through the tunnel
/// @param remoteSubnets empty where there is a pool
/// @param preSharedKeys by the identity that a peer claims
/// @param eap null where no peer authenticates by EAP
/// @param certificates null where certificates play no part
/// @param ppk null where no post-quantum pre-shared key plays a part
public record Profile(
        String name,
        List<IkeSuite> ikeSuites,
        List<EspSuite> espSuites,
        ChildMode mode,
        List<String> pools,
        List<Prefix> localSubnets,
        List<Prefix> remoteSubnets,
        Map<Identity, SecretBytes> preSharedKeys,
        ResumptionPolicy resumption,
        LivenessPolicy liveness,
        LifePolicy life,
        @Nullable EapSettings eap,
        @Nullable CertificateSettings certificates,
        @Nullable PpkPolicy ppk) {
    /// What a policy of transport mode names: each peer's own address is within it.
    static final List<TrafficSelector> EVERYWHERE =
            List.of(
                    TrafficSelector.subnet(InetAddress.ofLiteral("0.0.0.0"), 0),
                    TrafficSelector.subnet(InetAddress.ofLiteral("::"), 0));

    public Profile {
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        pools = List.copyOf(pools);
        localSubnets = List.copyOf(localSubnets);
        remoteSubnets = List.copyOf(remoteSubnets);
        preSharedKeys = Map.copyOf(preSharedKeys);
    }

    /// Whether tickets are issued and accepted, for which a TGS key is needed.
    public boolean resumes() {
        return resumption.resumesAnybody();
    }

    /// Whether RADIUS servers decide about its peers.
    public boolean asksRadius() {
        return eap != null && eap.method() instanceof EapSettings.Method.Radius;
    }

    /// This profile as the control plane knows it. The keys are shared, not copied.
    public ResponderProfile responderProfile(List<PeerGroup> groups) {
        return ResponderProfile.builder(name)
                .preSharedKeys(preSharedKeys)
                .ikeSuites(ikeSuites)
                .espSuites(espSuites)
                .assignsAddresses(!pools.isEmpty())
                .localSelectors(mode == ChildMode.TRANSPORT ? EVERYWHERE : selectors(localSubnets))
                .remoteSelectors(
                        mode == ChildMode.TRANSPORT ? EVERYWHERE : selectors(remoteSubnets))
                .resumption(resumption)
                .liveness(liveness)
                .eap(eap == null ? null : eap.policy())
                .life(life)
                .certificates(certificates == null ? null : certificates.policy())
                .mode(mode)
                .groups(groups)
                .build();
    }

    static List<TrafficSelector> selectors(List<Prefix> subnets) {
        return subnets.stream()
                .map(subnet -> TrafficSelector.subnet(subnet.address(), subnet.length()))
                .toList();
    }
}
