package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.CalmPolicy;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Two gateways of one secure domain and as many clients as are wanted, on a wire without delay and
/// a clock that jumps. A gateway that is cut off neither hears nor answers.
final class TwoGateways {
    static final InetSocketAddress A = new InetSocketAddress("192.0.2.1", 4500);
    static final InetSocketAddress B = new InetSocketAddress("192.0.2.2", 4500);

    private static final LivenessPolicy CLIENTS_LIVENESS =
            new LivenessPolicy(60 * Now.NANOS_PER_SECOND, RetransmissionSchedule.QUICK, true);

    static final IkeSuite IKE =
            new IkeSuite(
                    EncryptionAlgorithm.AES_GCM_16_128,
                    IntegrityAlgorithm.NONE,
                    Prf.HMAC_SHA2_256,
                    KeyExchangeMethod.X25519);
    static final EspSuite ESP = new EspSuite(EncryptionAlgorithm.AES_GCM_16_128, false);

    private final Entropy entropy = new SecureRandom()::nextBytes;
    private final List<TrafficSelector> inside =
            List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 16));
    private final ResumptionPolicy resumption =
            new ResumptionPolicy(
                    true,
                    false,
                    86_400,
                    ResumptionPolicy.KeyExchangeInResume.NEVER,
                    ResumptionPolicy.Rfc5723Auth.RFC);
    private final Map<Identity, SecretBytes> keys = new HashMap<>();
    private final Map<InetSocketAddress, IkeEndpoint> gateways = new HashMap<>();
    private final Set<InetSocketAddress> cutOff = new HashSet<>();
    private int lastInnerAddress;
    private long nanos = 1;

    /// @param clients how many there will be
    TwoGateways(int clients) {
        for (int number = 0; number < clients; number++) {
            keys.put(identity(number), SecretBytes.owning(entropy.octets(32)));
        }
        TgsKeyRing ring = EndpointPair.ring();
        gateways.put(A, gateway("gw-a.bench", 1, ring));
        gateways.put(B, gateway("gw-b.bench", 2, ring));
    }

    private static Identity identity(int number) {
        return Identity.fqdn("client-" + number + ".bench");
    }

    private IkeEndpoint gateway(String name, int member, TgsKeyRing ring) {
        ResponderProfile profile =
                ResponderProfile.builder("bench")
                        .preSharedKeys(keys)
                        .ikeSuites(List.of(IKE))
                        .espSuites(List.of(ESP))
                        .assignsAddresses(true)
                        .localSelectors(inside)
                        .resumption(resumption)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        return new IkeEndpoint(
                EndpointConfiguration.builder(Identity.fqdn(name), "bench", new IvPrefix(member, 0))
                        .profiles(List.of(profile))
                        .tickets(new SealedTickets(ring))
                        .build(),
                entropy);
    }

    /// A client that has not begun yet.
    FailoverClient client(int number) {
        Identity own = identity(number);
        Identity a = Identity.fqdn("gw-a.bench");
        Identity b = Identity.fqdn("gw-b.bench");
        InetSocketAddress local = new InetSocketAddress("203.0.113.1", 1_024 + number);
        InitiatorProfile profile =
                InitiatorProfile.builder("bench", own)
                        .namedGateway(a)
                        .acceptedGateways(List.of(a, b))
                        .secureDomain("bench")
                        .preSharedKey(keys.getOrDefault(own, SecretBytes.owning(new byte[0])))
                        .ikeSuites(List.of(IKE))
                        .espSuites(List.of(ESP))
                        .requestAddresses(true)
                        .remoteSelectors(inside)
                        .resumption(resumption)
                        .liveness(CLIENTS_LIVENESS)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        ClientPolicy policy =
                new ClientPolicy(
                        profile,
                        List.of(
                                new GatewayCandidate("gw-a", a, new Path(local, A, true)),
                                new GatewayCandidate("gw-b", b, new Path(local, B, true))),
                        RetransmissionSchedule.QUICK,
                        new RetryPolicy(Now.NANOS_PER_SECOND, 60 * Now.NANOS_PER_SECOND),
                        RedirectAllowance.DEFAULT,
                        CalmPolicy.DEFAULT);
        EndpointConfiguration configuration =
                EndpointConfiguration.builder(own, "bench", new IvPrefix(0, 0)).build();
        return new FailoverClient(policy, new IkeEndpoint(configuration, entropy), entropy);
    }

    Now now() {
        return new Now(nanos, 1_767_225_600L + nanos / Now.NANOS_PER_SECOND);
    }

    void jump(long passed) {
        nanos += passed;
    }

    void jumpTo(long instant) {
        nanos = Math.max(nanos, instant);
    }

    void cutOff(InetSocketAddress gateway) {
        cutOff.add(gateway);
    }

    void reconnect(InetSocketAddress gateway) {
        cutOff.remove(gateway);
    }

    /// Brings a client's datagram to its gateway.
    ///
    /// @return what comes back
    List<Effect.Send> answers(Effect.Send sent) {
        InetSocketAddress to = sent.path().remote();
        IkeEndpoint gateway = gateways.get(to);
        if (gateway == null || cutOff.contains(to)) {
            return List.of();
        }
        Path path = new Path(to, sent.path().local(), true);
        List<Effect> effects = gateway.handle(now(), new Input.Datagram(path, sent.octets()));
        for (Effect effect : effects) {
            if (effect instanceof Effect.Raise raise
                    && raise.ask() instanceof Ask.LeaseAddresses wish) {
                Answer lease =
                        new Answer.AddressesLeased(
                                wish.wanted().isEmpty() ? List.of(lease()) : wish.wanted(),
                                List.of());
                return sends(gateway.handle(now(), new Input.Answered(raise.askId(), lease)));
            }
        }
        return sends(effects);
    }

    private static List<Effect.Send> sends(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(Effect.Send.class::cast)
                .toList();
    }

    private InetAddress lease() {
        lastInnerAddress++;
        byte[] octets = {
            10, 2, (byte) (lastInnerAddress >>> 8), (byte) lastInnerAddress,
        };
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
