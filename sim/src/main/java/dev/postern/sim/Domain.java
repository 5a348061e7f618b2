package dev.postern.sim;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.ChildMode;
import dev.postern.ike.Childless;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Lifetime;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.failover.CalmPolicy;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.DiscoveryPolicy;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.ike.failover.SwitchAllowance;
import dev.postern.pki.Credentials;
import dev.postern.sim.Terms.Extra;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The configuration of a simulated secure domain. Limits are low, so that a run of a minute
/// reaches them.
final class Domain {
    /// How long a client stays after a first move, and at most.
    static final long FIRST_DWELL_NANOS = 200 * Now.NANOS_PER_MILLI;

    private static final long LONGEST_DWELL_NANOS = 2 * Now.NANOS_PER_SECOND;
    private static final int RESUMES_PER_GATEWAY = 1_000;

    private static final String PROFILE = "roadwarriors";
    private static final String CLIENTS_PROFILE = "office";
    static final String NAME = "vpn.example";
    private static final Identity STRANGER = Identity.fqdn("gw.other.example");
    static final EndpointConfiguration.Limits LIMITS =
            new EndpointConfiguration.Limits(
                    4, 12, 6 * Now.NANOS_PER_SECOND, 24, 3, 8 * Now.NANOS_PER_SECOND);

    private static final LivenessPolicy GATEWAY_LIVENESS =
            new LivenessPolicy(8 * Now.NANOS_PER_SECOND, RetransmissionSchedule.STANDARD, false);
    private static final LivenessPolicy CLIENT_LIVENESS =
            new LivenessPolicy(5 * Now.NANOS_PER_SECOND, RetransmissionSchedule.QUICK, true);

    private final Plan plan;
    private StandbyPolicy clientStandby = StandbyPolicy.DEFAULT;
    private List<FurtherChildSa> furtherChildSas = List.of();

    /// Of clients; where they prove themselves by EAP, their passwords.
    private final Map<Identity, SecretBytes> keys = new HashMap<>();

    private final SecretBytes ppk;
    private final Interior interior;
    private final Addresses addresses;
    private final Proofs proofs;

    Domain(Plan plan) {
        this.plan = plan;
        Dice dice = Dice.of(plan.seed(), "pre-shared keys");
        for (int i = 0; i < plan.clients(); i++) {
            keys.put(clientIdentity(i), key(dice));
        }
        this.ppk = key(Dice.of(plan.seed(), "post-quantum pre-shared key"));
        this.interior = new Interior(plan.terms());
        this.addresses = plan.terms().addresses();
        this.proofs = new Proofs(plan, keys);
    }

    /// Text, as a password is.
    private static SecretBytes key(Dice dice) {
        return SecretBytes.owning(
                HexFormat.of().formatHex(dice.octets(16)).getBytes(StandardCharsets.US_ASCII));
    }

    static String gatewayName(int index) {
        return "gw-" + (char) ('a' + index);
    }

    static Set<String> gatewayNames(int count) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            names.add(gatewayName(i));
        }
        return names;
    }

    static String clientName(int index) {
        return "c" + (index + 1);
    }

    static Identity gatewayIdentity(int index) {
        return Identity.fqdn(gatewayName(index) + ".example");
    }

    static Identity clientIdentity(int index) {
        return Identity.fqdn(clientName(index) + ".example");
    }

    /// By which clients know a gateway: members behind one address have one identity.
    private Identity identityOf(int gateway) {
        return gatewayIdentity(plan.front(gateway));
    }

    /// Everything that must never be seen in a datagram and is known from the start.
    List<byte[]> secrets() {
        List<byte[]> secrets = new ArrayList<>();
        keys.values().forEach(key -> secrets.add(key.expose().clone()));
        secrets.addAll(proofs.secrets());
        if (plan.terms().has(Extra.PPK)) {
            secrets.add(ppk.expose().clone());
        }
        return secrets;
    }

    EndpointConfiguration gateway(int index, @Nullable TicketSealer tickets) {
        return gateway(index, index + 1, tickets);
    }

    /// @param member its number in the secure domain
    EndpointConfiguration gateway(int index, int member, @Nullable TicketSealer tickets) {
        ResponderProfile profile =
                proofs.of(identityOf(index), ResponderProfile.builder(PROFILE))
                        .ikeSuites(plan.terms().ikeSuites())
                        .espSuites(plan.terms().espSuites())
                        .assignsAddresses(plan.terms().assignsAddresses())
                        .localSelectors(List.of(interior.network()))
                        .remoteSelectors(List.of(interior.offices()))
                        .mode(mode())
                        .resumption(tickets == null ? ResumptionPolicy.DISABLED : resumption())
                        .liveness(GATEWAY_LIVENESS)
                        .life(childless(plan.lifetimes().gateway(), Childless.ALLOW))
                        .build();
        return EndpointConfiguration.builder(identityOf(index), NAME, new IvPrefix(member, 0))
                .profiles(List.of(profile))
                .tickets(tickets)
                .limits(LIMITS)
                .logsKeys(true)
                .network(network())
                .secrets(secretsOf(PROFILE))
                .standby(StandbyPolicy.DEFAULT.protecting(Set.of(profile.name())))
                .build();
    }

    /// A gateway's configuration with keys of somebody else's making.
    ///
    /// @param named with the clients' keys in place of that, and another name
    EndpointConfiguration impostor(int index, TicketSealer tickets, boolean named) {
        Dice dice = Dice.of(plan.seed(), "impostor");
        Map<Identity, SecretBytes> wrong = new HashMap<>();
        keys.keySet().forEach(name -> wrong.put(name, key(dice)));
        Identity name = named ? STRANGER : gatewayIdentity(index);
        EndpointConfiguration honest = gateway(index, tickets);
        ResponderProfile profile =
                (named ? proofs : new Proofs(plan, "impostor", wrong))
                        .of(name, honest.profiles().getFirst().toBuilder())
                        .build();
        return honest.toBuilder()
                .localIdentity(name)
                .profiles(List.of(profile))
                .standby(StandbyPolicy.DEFAULT)
                .build();
    }

    /// What clients speak of RFC 6311.
    void clientsSpeak(StandbyPolicy policy) {
        clientStandby = policy;
    }

    /// Clients have a second Child SA from now on, towards a part of what is inside.
    void clientsWantAnother() {
        furtherChildSas =
                List.of(
                        new FurtherChildSa(
                                "printers",
                                List.of(),
                                List.of(Interior.PRINTERS),
                                Lifetime.UNLIMITED));
    }

    EndpointConfiguration client(int index) {
        return EndpointConfiguration.builder(clientIdentity(index), NAME, new IvPrefix(0, 0))
                .logsKeys(true)
                .network(network())
                .secrets(secretsOf(CLIENTS_PROFILE))
                .standby(clientStandby)
                .build();
    }

    /// Beside what proves who is who.
    private EndpointSecrets secretsOf(String profile) {
        return plan.terms().has(Extra.PPK)
                ? new EndpointSecrets(
                        List.of(),
                        Map.of(
                                profile,
                                new PpkPolicy(List.of(Ppk.named("all", ppk, List.of())), true)))
                : EndpointSecrets.NONE;
    }

    private ChildMode mode() {
        return plan.terms().has(Extra.TRANSPORT) ? ChildMode.TRANSPORT : ChildMode.TUNNEL;
    }

    private LifePolicy childless(LifePolicy life, Childless use) {
        return plan.terms().has(Extra.CHILDLESS) ? life.withChildless(use) : life;
    }

    private NetworkPolicy network() {
        return NetworkPolicy.DEFAULT.withFragmentSize(plan.terms().fragmentSize());
    }

    /// What proves a gateway to clients that know it by its certificate; null where they have keys.
    @Nullable Credentials credentials(int gateway) {
        return proofs.credentials(gatewayIdentity(gateway));
    }

    /// What a client is known by: a pre-shared key or a password.
    SecretBytes key(int client) {
        SecretBytes key = keys.get(clientIdentity(client));
        if (key == null) {
            throw new IllegalStateException("no key for " + clientName(client));
        }
        return key;
    }

    /// By which a client names itself in EAP.
    static String userName(int client) {
        return clientName(client) + ".example";
    }

    /// What the AAA server knows; null for a stranger.
    @Nullable SecretBytes passwordOf(String user) {
        SecretBytes password = keys.get(Identity.fqdn(user));
        return password == null ? null : password.copy();
    }

    /// Clients prefer different gateways, in turn.
    ClientPolicy policy(int index) {
        List<GatewayCandidate> candidates = new ArrayList<>();
        List<Identity> accepted = new ArrayList<>();
        for (int i = 0; i < plan.fronts(); i++) {
            int gateway = (index + i) % plan.fronts();
            accepted.add(gatewayIdentity(gateway));
            candidates.add(
                    new GatewayCandidate(
                            gatewayName(gateway),
                            gatewayIdentity(gateway),
                            new Path(addresses.client(index), addresses.gateway(gateway), true)));
        }
        Identity self = clientIdentity(index);
        InitiatorProfile profile =
                proofs.of(self, InitiatorProfile.builder(CLIENTS_PROFILE, self))
                        .acceptedGateways(accepted)
                        .secureDomain(NAME)
                        .ikeSuites(plan.terms().ikeSuites())
                        .espSuites(plan.terms().espSuites())
                        .requestAddresses(plan.terms().assignsAddresses())
                        .localSelectors(List.of(interior.office(index)))
                        .remoteSelectors(List.of(interior.everything()))
                        .mode(mode())
                        .resumption(resumption())
                        .liveness(CLIENT_LIVENESS)
                        .life(childless(plan.lifetimes().client(), Childless.REQUIRE))
                        .furtherChildSas(furtherChildSas)
                        .build();
        return new ClientPolicy(
                profile,
                candidates,
                RetransmissionSchedule.QUICK,
                new RetryPolicy(Now.NANOS_PER_SECOND, 8 * Now.NANOS_PER_SECOND),
                RedirectAllowance.DEFAULT,
                new CalmPolicy(
                        FIRST_DWELL_NANOS,
                        LONGEST_DWELL_NANOS,
                        plan.movesPerHour(),
                        RESUMES_PER_GATEWAY,
                        0),
                DiscoveryPolicy.NONE,
                SwitchAllowance.VOUCHED,
                plan.auxiliary());
    }

    private ResumptionPolicy resumption() {
        return new ResumptionPolicy(
                !plan.terms().rfc5723(),
                plan.terms().rfc5723(),
                plan.ticketLifetimeSeconds(),
                plan.keyExchange() ? KeyExchangeInResume.REQUIRED : KeyExchangeInResume.NEVER,
                Rfc5723Auth.RFC,
                plan.byReference() ? TicketStorage.BY_REFERENCE : TicketStorage.BY_VALUE);
    }
}
