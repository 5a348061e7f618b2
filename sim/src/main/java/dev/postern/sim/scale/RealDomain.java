package dev.postern.sim.scale;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.failover.CalmPolicy;
import dev.postern.ike.failover.ClientPolicy;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.RedirectAllowance;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.sim.Dice;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The configuration of the real clients and gateways: that of production where the model has
/// nothing to say, pre-shared keys, and tickets for one round trip. Gateways are 192.0.2.1 and on,
/// clients have addresses of 100.64.0.0/10.
final class RealDomain {
    static final int MOST_GATEWAYS = 254;

    private static final String NAME = "vpn.example";
    private static final int PORT = 4500;
    private static final long TICKET_SECONDS = 86_400;
    private static final int KEY_LENGTH = 32;

    private static final IkeSuite IKE =
            new IkeSuite(
                    EncryptionAlgorithm.AES_GCM_16_128,
                    IntegrityAlgorithm.NONE,
                    Prf.HMAC_SHA2_256,
                    KeyExchangeMethod.X25519);
    private static final EspSuite ESP = new EspSuite(EncryptionAlgorithm.AES_GCM_16_128, false);

    private final ScaleParameters parameters;
    private final Population population;
    private final ResumptionPolicy resumption;
    private final TgsKeyRing ring;
    private final List<TrafficSelector> inside =
            List.of(TrafficSelector.subnet(ip(10, 1, 0, 0), 16));
    private final List<Identity> gateways = new ArrayList<>();
    private final Map<Identity, SecretBytes> keys = new HashMap<>();

    RealDomain(ScaleParameters parameters, Population population) {
        if (parameters.gateways() > MOST_GATEWAYS) {
            throw new IllegalArgumentException("more than " + MOST_GATEWAYS + " gateways");
        }
        this.parameters = parameters;
        this.population = population;
        this.resumption =
                parameters.tickets()
                        ? new ResumptionPolicy(
                                true,
                                false,
                                TICKET_SECONDS,
                                KeyExchangeInResume.NEVER,
                                Rfc5723Auth.RFC)
                        : ResumptionPolicy.DISABLED;
        Dice dice = dice("keys");
        this.ring =
                TgsKeyRing.of(
                        List.of(
                                new TgsKey(
                                        dice.word(),
                                        SecretBytes.owning(dice.octets(TgsKey.SECRET_LENGTH)),
                                        0,
                                        TgsKey.UNLIMITED)));
        for (int gateway = 0; gateway < parameters.gateways(); gateway++) {
            gateways.add(Identity.fqdn(gatewayName(gateway) + ".example"));
        }
        for (int client = 0; client < parameters.clients(); client++) {
            keys.put(clientIdentity(client), SecretBytes.owning(dice.octets(KEY_LENGTH)));
        }
    }

    private static void throwOn(RuntimeException bug) {
        throw bug;
    }

    private Dice dice(String purpose) {
        return Dice.of(parameters.seed(), purpose);
    }

    private static String gatewayName(int gateway) {
        return "gw-" + (gateway + 1);
    }

    private static Identity clientIdentity(int client) {
        return Identity.fqdn("c" + (client + 1) + ".example");
    }

    private static InetSocketAddress gatewayAddress(int gateway) {
        return new InetSocketAddress(ip(192, 0, 2, 1 + gateway), PORT);
    }

    private static InetSocketAddress clientAddress(int client) {
        return new InetSocketAddress(
                ip(100, 64 | client >>> 16, client >>> 8 & 0xff, client & 0xff), PORT);
    }

    /// Which gateway has this address.
    static int gatewayAt(InetSocketAddress address) {
        return (address.getAddress().getAddress()[3] & 0xff) - 1;
    }

    /// Which client has this address.
    static int clientAt(InetSocketAddress address) {
        byte[] octets = address.getAddress().getAddress();
        return (octets[1] & 0x3f) << 16 | (octets[2] & 0xff) << 8 | (octets[3] & 0xff);
    }

    /// From a gateway to a client.
    static Path path(int gateway, int client) {
        return new Path(gatewayAddress(gateway), clientAddress(client), true);
    }

    /// From a client to a gateway.
    static Path pathOfClient(int client, int gateway) {
        return new Path(clientAddress(client), gatewayAddress(gateway), true);
    }

    /// An inner address, another for each number.
    static InetAddress innerAddress(int number) {
        return ip(10, 128 | number >>> 16, number >>> 8 & 0xff, number & 0xff);
    }

    private static InetAddress ip(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    /// A gateway that starts, with nothing but its configuration and its TGS key.
    ///
    /// @param life how often it has started
    IkeEndpoint gateway(int index, int life) {
        ResponderProfile profile =
                ResponderProfile.builder("roadwarriors")
                        .preSharedKeys(keys)
                        .ikeSuites(List.of(IKE))
                        .espSuites(List.of(ESP))
                        .assignsAddresses(true)
                        .localSelectors(inside)
                        .resumption(resumption)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        return new IkeEndpoint(
                EndpointConfiguration.builder(gateways.get(index), NAME, new IvPrefix(index + 1, 0))
                        .profiles(List.of(profile))
                        .tickets(parameters.tickets() ? new SealedTickets(ring) : null)
                        .build(),
                dice(gatewayName(index) + " " + life),
                RealDomain::throwOn);
    }

    /// A client that has not begun yet. It knows its own gateway as the best, then the others in
    /// its order.
    FailoverClient client(int number) {
        Identity own = clientIdentity(number);
        int known = parameters.knownGateways();
        List<GatewayCandidate> candidates = new ArrayList<>();
        List<Identity> accepted = new ArrayList<>();
        for (int i = 0; i < known; i++) {
            int gateway = population.gateway(number, (i + known - 1) % known);
            accepted.add(gateways.get(gateway));
            candidates.add(
                    new GatewayCandidate(
                            gatewayName(gateway),
                            gateways.get(gateway),
                            pathOfClient(number, gateway)));
        }
        InitiatorProfile profile =
                InitiatorProfile.builder("office", own)
                        .acceptedGateways(accepted)
                        .secureDomain(NAME)
                        .preSharedKey(keys.getOrDefault(own, InitiatorProfile.NO_KEY))
                        .ikeSuites(List.of(IKE))
                        .espSuites(List.of(ESP))
                        .requestAddresses(true)
                        .remoteSelectors(inside)
                        .resumption(resumption)
                        .liveness(
                                new LivenessPolicy(
                                        parameters.idleMillis() * Now.NANOS_PER_MILLI,
                                        RetransmissionSchedule.QUICK,
                                        true))
                        .life(LifePolicy.UNLIMITED)
                        .build();
        ClientPolicy policy =
                new ClientPolicy(
                        profile,
                        candidates,
                        RetransmissionSchedule.QUICK,
                        parameters.retry(),
                        RedirectAllowance.DEFAULT,
                        CalmPolicy.DEFAULT);
        Dice entropy = dice("client " + number);
        EndpointConfiguration configuration =
                EndpointConfiguration.builder(own, NAME, new IvPrefix(0, 0)).build();
        return new FailoverClient(
                policy, new IkeEndpoint(configuration, entropy, RealDomain::throwOn), entropy);
    }
}
