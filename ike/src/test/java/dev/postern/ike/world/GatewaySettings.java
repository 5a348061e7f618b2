package dev.postern.ike.world;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.ChildMode;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A gateway's configuration, to be changed where a test needs it different.
public final class GatewaySettings {
    public final String name;
    public final int number;
    public String domain = "vpn.example";
    public String profileName = "roadwarriors";
    public final Map<Identity, SecretBytes> keys = new HashMap<>();
    public List<IkeSuite> ikeSuites = Suites.IKE_DEFAULT;
    public List<EspSuite> espSuites = Suites.ESP_DEFAULT;
    public boolean assignsAddresses = true;
    public List<TrafficSelector> localSelectors = List.of(Net.subnet(10, 1, 0, 0, 16));
    public List<TrafficSelector> remoteSelectors = List.of();
    public ResumptionPolicy resumption = Suites.BOTH_PROTOCOLS;
    public LivenessPolicy liveness = LivenessPolicy.NEVER;
    public LifePolicy life = LifePolicy.UNLIMITED;
    public Limits limits = Limits.DEFAULT;
    public @Nullable TicketSealer tickets = World.sealer(1);
    public @Nullable EapPolicy eap;
    public @Nullable CertificatePolicy certificates;
    public StoreByHand store = new StoreByHand();
    public ChildMode mode = ChildMode.TUNNEL;
    public List<PeerGroup> groups = List.of();

    /// Profiles behind the one that the rest is about.
    public List<ResponderProfile> furtherProfiles = List.of();

    public boolean logsKeys;
    public NetworkPolicy network = NetworkPolicy.DEFAULT;
    public EndpointSecrets secrets = EndpointSecrets.NONE;
    public StandbyPolicy standby = StandbyPolicy.DEFAULT;
    public int poolNetwork = 77;

    /// The last octet of its address; the same for members that share one.
    public int host;

    public int member;
    private @Nullable Pool pool;

    /// Gateway `a` is 192.0.2.1, `b` 192.0.2.2 and so on.
    public GatewaySettings(char letter) {
        this.name = "gw-" + letter;
        this.number = letter - 'a' + 1;
        this.host = number;
        this.member = number;
        keys.put(Identity.fqdn("c07.example"), key("correct horse battery staple"));
        keys.put(Identity.fqdn("c08.example"), key("another key of another client"));
    }

    public static SecretBytes key(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.US_ASCII));
    }

    public String name() {
        return name;
    }

    public Identity identity() {
        return Identity.fqdn(name + ".example");
    }

    public InetSocketAddress address() {
        return Net.port4500(Net.ip(192, 0, 2, host));
    }

    public Pool pool() {
        Pool known = pool;
        if (known == null) {
            known = new Pool(poolNetwork);
            pool = known;
        }
        return known;
    }

    public ResponderProfile profile() {
        return ResponderProfile.builder(profileName)
                .preSharedKeys(keys)
                .ikeSuites(ikeSuites)
                .espSuites(espSuites)
                .assignsAddresses(assignsAddresses)
                .localSelectors(localSelectors)
                .remoteSelectors(remoteSelectors)
                .resumption(resumption)
                .liveness(liveness)
                .eap(eap)
                .life(life)
                .certificates(certificates)
                .mode(mode)
                .groups(groups)
                .build();
    }

    public EndpointConfiguration configuration() {
        List<ResponderProfile> profiles = new ArrayList<>(List.of(profile()));
        profiles.addAll(furtherProfiles);
        return EndpointConfiguration.builder(identity(), domain, new IvPrefix(member, 0))
                .profiles(profiles)
                .tickets(tickets)
                .limits(limits)
                .logsKeys(logsKeys)
                .network(network)
                .standby(standby)
                .secrets(secrets)
                .build();
    }
}
