package dev.postern.gateway.configuration;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.ChildMode;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.GatewayName;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.AuxiliaryPolicy;
import dev.postern.ike.failover.CalmPolicy;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.DiscoveryPolicy;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.NamedGateway;
import dev.postern.ike.failover.Rank;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.ike.failover.SwitchAllowance;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All that a client is told. Immutable; there is none that has not been checked.
///
/// @param file where it was read from
/// @param identity IDi
/// @param preSharedKey ours, or with EAP the gateway's; null with EAP alone, or where certificates
///   stand in its place
/// @param eap null where the client does not prove itself by EAP
/// @param certificates null where certificates play no part
/// @param ppk null where no post-quantum pre-shared key plays a part
/// @param gateways at least one
/// @param discovery how those are found that are given by name
/// @param mode of the Child SA; in transport mode there are no subnets and no inner address
/// @param requestsAddress whether inner addresses are asked for, of either family
/// @param localSubnets our side of the tunnel where no address is asked for, else empty
/// @param remoteSubnets what is reached through the tunnel, by its first Child SA
/// @param furtherChildSas what is reached by others; none in transport mode
/// @param ticket where the session outlives the client's process; null where it does not
/// @param setsUpAhead whether the session is parked as soon as it can be resumed
/// @param trafficSilence how long packets go out without one coming back before the gateway is
///   checked; zero for never
/// @param exchangeSchedule for IKE_SA_INIT, IKE_AUTH and other exchanges
/// @param resumeSchedule for a resume
/// @param redirects where gateways may send it
/// @param calm how often it moves
/// @param switches to which gateways vouchers may call it
/// @param auxiliary sessions that it holds ready at other gateways
/// @param adminSocket where an operator talks to it while it runs; null for nowhere
/// @param host what it may change on its host
/// @param warnings what is legal but deserves a loud word at the start
public record ClientConfiguration(
        Path file,
        Identity identity,
        @Nullable SecretBytes preSharedKey,
        @Nullable ClientEap eap,
        @Nullable CertificateSettings certificates,
        @Nullable PpkPolicy ppk,
        String secureDomain,
        List<Gateway> gateways,
        DiscoverySettings discovery,
        List<IkeSuite> ikeSuites,
        List<EspSuite> espSuites,
        ChildMode mode,
        boolean requestsAddress,
        List<Prefix> localSubnets,
        List<Prefix> remoteSubnets,
        List<ChildSettings> furtherChildSas,
        ClientInside inside,
        ResumptionPolicy resumption,
        @Nullable KeptTicket ticket,
        boolean setsUpAhead,
        LivenessPolicy liveness,
        LifePolicy life,
        Duration trafficSilence,
        RetransmissionSchedule exchangeSchedule,
        RetransmissionSchedule resumeSchedule,
        Retry retry,
        RedirectAllowance redirects,
        CalmPolicy calm,
        SwitchAllowance switches,
        AuxiliaryPolicy auxiliary,
        @Nullable Path adminSocket,
        HostSettings host,
        NetworkPolicy network,
        Log log,
        List<Problem> warnings) {
    /// The name of the one profile that a client has.
    public static final String PROFILE = "client";

    /// A gateway that may serve this client, or a name for several.
    ///
    /// @param identity IDr that it must prove
    /// @param address of its NAT traversal port; unresolved where it is known by name
    /// @param name what is looked up; null where the address is known
    public record Gateway(
            Identity identity, InetSocketAddress address, Rank rank, @Nullable GatewayName name) {
        /// The address as a name that stands for itself.
        private GatewayName literally() {
            return GatewayName.addresses(address.getAddress().getHostAddress(), address.getPort());
        }
    }

    /// How long a client waits that no gateway answers.
    ///
    /// @param first between the first two rounds over all of them
    /// @param raceAfter before the next one is asked beside the first; zero for never
    public record Retry(Duration first, Duration maximum, Duration raceAfter) {}

    public ClientConfiguration {
        gateways = List.copyOf(gateways);
        ikeSuites = List.copyOf(ikeSuites);
        espSuites = List.copyOf(espSuites);
        localSubnets = List.copyOf(localSubnets);
        remoteSubnets = List.copyOf(remoteSubnets);
        furtherChildSas = List.copyOf(furtherChildSas);
        warnings = List.copyOf(warnings);
    }

    /// Reads a file and the files it names.
    public static ClientConfiguration read(Path file) throws ConfigurationException {
        return parse(file, TomlDocument.textOf(file));
    }

    /// Reads `text` as the contents of `file`, beside which the files that it names are looked for.
    public static ClientConfiguration parse(Path file, String text) throws ConfigurationException {
        return parse(file, text, Instant.now());
    }

    /// @param now when certificates are looked at
    public static ClientConfiguration parse(Path file, String text, Instant now)
            throws ConfigurationException {
        Report report = new Report();
        Section top = TomlDocument.parse(report, file, text, ClientKeys.TOP);
        ClientConfiguration configuration = new ClientReader(report, top, now).read();
        report.throwIfAny();
        return configuration;
    }

    /// What is reached through the tunnel, by any of its Child SAs.
    public List<Prefix> reached() {
        return reached(remoteSubnets, furtherChildSas);
    }

    static List<Prefix> reached(List<Prefix> first, List<ChildSettings> further) {
        return Stream.concat(
                        first.stream(),
                        further.stream().flatMap(each -> each.remoteSubnets().stream()))
                .distinct()
                .toList();
    }

    public boolean isTransport() {
        return mode == ChildMode.TRANSPORT;
    }

    /// What the client's endpoint is told. Nobody takes a client over, so member and epoch are 0.
    public EndpointConfiguration endpoint() {
        return EndpointConfiguration.builder(identity, secureDomain, new IvPrefix(0, 0))
                .logsKeys(log.keyDirectory() != null)
                .network(network)
                .secrets(
                        new EndpointSecrets(
                                List.of(), ppk == null ? Map.of() : Map.of(PROFILE, ppk)))
                .build();
    }

    /// How the session is kept alive at these gateways.
    ///
    /// @param candidates those that are given by address, in the file's order
    /// @param apart gateways by address that this host has no way to at the moment: looked at again
    ///   as if they were names
    public ClientPolicy policy(List<GatewayCandidate> candidates, List<Gateway> apart) {
        return new ClientPolicy(
                initiatorProfile(gateways.getFirst()),
                candidates,
                liveness.schedule(),
                new RetryPolicy(
                        retry.first().toNanos(),
                        retry.maximum().toNanos(),
                        retry.raceAfter().toNanos()),
                redirects,
                calm,
                discoveryPolicy(apart),
                switches,
                auxiliary);
    }

    private DiscoveryPolicy discoveryPolicy(List<Gateway> apart) {
        List<Rank> ranks = new ArrayList<>();
        List<NamedGateway> names = new ArrayList<>();
        for (Gateway gateway : gateways) {
            GatewayName name = apart.contains(gateway) ? gateway.literally() : gateway.name();
            if (name == null) {
                ranks.add(gateway.rank());
            } else {
                names.add(new NamedGateway(name, gateway.identity(), accepted(), gateway.rank()));
            }
        }
        return new DiscoveryPolicy(
                ranks,
                names,
                discovery.scope(),
                discovery.patience().toNanos(),
                discovery.shortest().toNanos(),
                discovery.longest().toNanos());
    }

    /// Identities that may serve us.
    private List<Identity> accepted() {
        return Stream.concat(
                        gateways.stream().map(Gateway::identity), discovery.identities().stream())
                .distinct()
                .toList();
    }

    /// How to connect to one of the gateways. The key is shared, not copied.
    public InitiatorProfile initiatorProfile(Gateway gateway) {
        return InitiatorProfile.builder(PROFILE, identity)
                .namedGateway(gateway.identity())
                .acceptedGateways(accepted())
                .secureDomain(secureDomain)
                .preSharedKey(
                        preSharedKey == null || eap != null
                                ? InitiatorProfile.NO_KEY
                                : preSharedKey)
                .ikeSuites(ikeSuites)
                .espSuites(espSuites)
                .requestAddresses(requestsAddress)
                .localSelectors(
                        isTransport() ? Profile.EVERYWHERE : Profile.selectors(localSubnets))
                .remoteSelectors(
                        isTransport() ? Profile.EVERYWHERE : Profile.selectors(remoteSubnets))
                .resumption(resumption)
                .exchangeSchedule(exchangeSchedule)
                .resumeSchedule(resumeSchedule)
                .liveness(liveness)
                .eap(eap == null ? null : eap.policy())
                .life(life)
                .certificates(certificates == null ? null : certificates.policy())
                .mode(mode)
                .furtherChildSas(furtherChildSas.stream().map(ChildSettings::wanted).toList())
                .build();
    }
}
