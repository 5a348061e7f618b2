package dev.postern.ike.world;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.ChildMode;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;

/// A client's configuration, to be changed where a test needs it different.
public final class ClientSettings {
    public final String name;
    public Identity identity;
    public int host = 7;
    public SecretBytes preSharedKey = GatewaySettings.key("correct horse battery staple");
    public @Nullable Identity namedGateway;
    public List<Identity> acceptedGateways =
            List.of(
                    Identity.fqdn("gw-a.example"),
                    Identity.fqdn("gw-b.example"),
                    Identity.fqdn("gw-c.example"));
    public String domain = "vpn.example";
    public List<IkeSuite> ikeSuites = Suites.IKE_DEFAULT;
    public List<EspSuite> espSuites = Suites.ESP_DEFAULT;
    public boolean requestAddresses = true;
    public List<TrafficSelector> localSelectors = List.of();
    public List<TrafficSelector> remoteSelectors = List.of(Net.subnet(0, 0, 0, 0, 0));
    public ResumptionPolicy resumption = Suites.ONE_ROUND_TRIP;
    public RetransmissionSchedule exchangeSchedule = RetransmissionSchedule.STANDARD;
    public RetransmissionSchedule resumeSchedule = RetransmissionSchedule.QUICK;
    public LivenessPolicy liveness = LivenessPolicy.NEVER;
    public @Nullable EapPolicy eap;
    public @Nullable CertificatePolicy certificates;
    public LifePolicy life = LifePolicy.UNLIMITED;
    public ChildMode mode = ChildMode.TUNNEL;
    public List<FurtherChildSa> furtherChildSas = List.of();
    public boolean logsKeys;
    public StandbyPolicy standby = StandbyPolicy.DEFAULT;
    public NetworkPolicy network = NetworkPolicy.DEFAULT;
    public EndpointSecrets secrets = EndpointSecrets.NONE;

    public ClientSettings() {
        this("c07");
    }

    public ClientSettings(String name) {
        this.name = name;
        this.identity = Identity.fqdn(name + ".example");
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return Net.port4500(Net.ip(198, 51, 100, host));
    }

    public InitiatorProfile profile() {
        return InitiatorProfile.builder("office", identity)
                .namedGateway(namedGateway)
                .acceptedGateways(acceptedGateways)
                .secureDomain(domain)
                .preSharedKey(preSharedKey)
                .ikeSuites(ikeSuites)
                .espSuites(espSuites)
                .requestAddresses(requestAddresses)
                .localSelectors(localSelectors)
                .remoteSelectors(remoteSelectors)
                .resumption(resumption)
                .exchangeSchedule(exchangeSchedule)
                .resumeSchedule(resumeSchedule)
                .liveness(liveness)
                .eap(eap)
                .life(life)
                .certificates(certificates)
                .mode(mode)
                .furtherChildSas(furtherChildSas)
                .build();
    }

    public EndpointConfiguration configuration() {
        return EndpointConfiguration.builder(identity, domain, new IvPrefix(0, 0))
                .logsKeys(logsKeys)
                .network(network)
                .standby(standby)
                .secrets(secrets)
                .build();
    }
}
