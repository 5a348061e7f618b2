package dev.postern.sim;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.FurtherChildSa;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Lifetime;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.failover.AuxiliaryPolicy;
import dev.postern.ike.failover.CalmPolicy;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.DiscoveryPolicy;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.ike.failover.SwitchAllowance;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
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

    static final String NAME = "vpn.example";
    private static final Identity STRANGER = Identity.fqdn("gw.other.example");
    static final EndpointConfiguration.Limits LIMITS =
            new EndpointConfiguration.Limits(
                    4, 12, 6 * Now.NANOS_PER_SECOND, 24, 3, 8 * Now.NANOS_PER_SECOND);

    private static final List<IkeSuite> IKE =
            List.of(SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519"));
    private static final List<EspSuite> ESP = List.of(SuiteNames.espSuite("aes256gcm16"));
    private static final LivenessPolicy GATEWAY_LIVENESS =
            new LivenessPolicy(8 * Now.NANOS_PER_SECOND, RetransmissionSchedule.STANDARD, false);
    private static final LivenessPolicy CLIENT_LIVENESS =
            new LivenessPolicy(5 * Now.NANOS_PER_SECOND, RetransmissionSchedule.QUICK, true);

    private final Plan plan;
    private StandbyPolicy clientStandby = StandbyPolicy.DEFAULT;
    private List<FurtherChildSa> furtherChildSas = List.of();
    private AuxiliaryPolicy auxiliary;
    private final Map<Identity, SecretBytes> preSharedKeys = new HashMap<>();

    Domain(Plan plan) {
        this.plan = plan;
        this.auxiliary = auxiliary(plan.seed());
        Dice dice = Dice.of(plan.seed(), "pre-shared keys");
        for (int i = 0; i < plan.clients(); i++) {
            preSharedKeys.put(clientIdentity(i), SecretBytes.owning(dice.octets(24)));
        }
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

    /// Everything that must never be seen in a datagram and is known from the start.
    List<byte[]> secrets() {
        List<byte[]> secrets = new ArrayList<>();
        preSharedKeys.values().forEach(key -> secrets.add(key.expose().clone()));
        return secrets;
    }

    EndpointConfiguration gateway(int index, @Nullable TicketSealer tickets) {
        return gateway(index, index + 1, tickets);
    }

    /// @param member its number in the secure domain
    EndpointConfiguration gateway(int index, int member, @Nullable TicketSealer tickets) {
        ResponderProfile profile =
                ResponderProfile.builder("roadwarriors")
                        .preSharedKeys(preSharedKeys)
                        .ikeSuites(IKE)
                        .espSuites(ESP)
                        .assignsAddresses(true)
                        .localSelectors(
                                List.of(
                                        Addresses.network(
                                                Addresses.ip(10, 1, 0, 0),
                                                Addresses.ip(10, 1, 255, 255))))
                        .resumption(tickets == null ? ResumptionPolicy.DISABLED : resumption())
                        .liveness(GATEWAY_LIVENESS)
                        .life(plan.lives().gateway())
                        .build();
        return EndpointConfiguration.builder(gatewayIdentity(index), NAME, new IvPrefix(member, 0))
                .profiles(List.of(profile))
                .tickets(tickets)
                .limits(LIMITS)
                .logsKeys(true)
                .standby(StandbyPolicy.DEFAULT.protecting(Set.of(profile.name())))
                .build();
    }

    /// A gateway's configuration with keys of somebody else's making.
    ///
    /// @param named with the clients' keys in place of that, and another name
    EndpointConfiguration impostor(int index, TicketSealer tickets, boolean named) {
        Dice dice = Dice.of(plan.seed(), "impostor");
        Map<Identity, SecretBytes> wrong = new HashMap<>();
        preSharedKeys
                .keySet()
                .forEach(name -> wrong.put(name, SecretBytes.owning(dice.octets(24))));
        ResponderProfile honest = gateway(index, tickets).profiles().getFirst();
        ResponderProfile profile =
                ResponderProfile.builder(honest.name())
                        .preSharedKeys(named ? preSharedKeys : wrong)
                        .ikeSuites(IKE)
                        .espSuites(ESP)
                        .assignsAddresses(true)
                        .localSelectors(honest.localSelectors())
                        .resumption(resumption())
                        .liveness(GATEWAY_LIVENESS)
                        .life(plan.lives().gateway())
                        .build();
        return EndpointConfiguration.builder(
                        named ? STRANGER : gatewayIdentity(index), NAME, new IvPrefix(index + 1, 0))
                .profiles(List.of(profile))
                .tickets(tickets)
                .limits(LIMITS)
                .logsKeys(true)
                .build();
    }

    /// What clients speak of RFC 6311.
    void clientsSpeak(StandbyPolicy policy) {
        clientStandby = policy;
    }

    /// What clients of a seed hold ready: some a session at another gateway.
    static AuxiliaryPolicy auxiliary(long seed) {
        Dice dice = Dice.of(seed, "auxiliary");
        boolean some = seed < PlanMaker.FIRST_HOT || PlanMaker.isLoose(seed);
        if (seed < 0 || !some || !dice.permille(150)) {
            return AuxiliaryPolicy.NONE;
        }
        return new AuxiliaryPolicy(
                1,
                dice.flip() ? AuxiliaryPolicy.Use.AT_ONCE : AuxiliaryPolicy.Use.AFTER_RESUME,
                2 * Now.NANOS_PER_SECOND);
    }

    /// The same for clients that start from now on.
    void clientsHoldReady(AuxiliaryPolicy policy) {
        auxiliary = policy;
    }

    /// Clients have a second Child SA from now on, towards a part of what is inside.
    void clientsWantAnother() {
        furtherChildSas =
                List.of(
                        new FurtherChildSa(
                                "printers",
                                List.of(),
                                List.of(Addresses.PRINTERS),
                                Lifetime.UNLIMITED));
    }

    EndpointConfiguration client(int index) {
        return EndpointConfiguration.builder(clientIdentity(index), NAME, new IvPrefix(0, 0))
                .logsKeys(true)
                .standby(clientStandby)
                .build();
    }

    /// Clients prefer different gateways, in turn.
    ClientPolicy policy(int index) {
        List<GatewayCandidate> candidates = new ArrayList<>();
        List<Identity> accepted = new ArrayList<>();
        for (int i = 0; i < plan.gateways(); i++) {
            int gateway = (index + i) % plan.gateways();
            accepted.add(gatewayIdentity(gateway));
            candidates.add(
                    new GatewayCandidate(
                            gatewayName(gateway),
                            gatewayIdentity(gateway),
                            new Path(Addresses.client(index), Addresses.gateway(gateway), true)));
        }
        Identity self = clientIdentity(index);
        SecretBytes key = preSharedKeys.get(self);
        if (key == null) {
            throw new IllegalStateException("no key for " + self);
        }
        InitiatorProfile profile =
                InitiatorProfile.builder("office", self)
                        .acceptedGateways(accepted)
                        .secureDomain(NAME)
                        .preSharedKey(key)
                        .ikeSuites(IKE)
                        .espSuites(ESP)
                        .requestAddresses(true)
                        .remoteSelectors(
                                List.of(
                                        Addresses.network(
                                                Addresses.ip(0, 0, 0, 0),
                                                Addresses.ip(255, 255, 255, 255))))
                        .resumption(resumption())
                        .liveness(CLIENT_LIVENESS)
                        .life(plan.lives().client())
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
                auxiliary);
    }

    private ResumptionPolicy resumption() {
        return new ResumptionPolicy(
                true,
                false,
                plan.ticketLifetimeSeconds(),
                plan.keyExchange() ? KeyExchangeInResume.REQUIRED : KeyExchangeInResume.NEVER,
                Rfc5723Auth.RFC,
                plan.byReference() ? TicketStorage.BY_REFERENCE : TicketStorage.BY_VALUE);
    }
}
