package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.Uniqueness;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/// Runs full exchanges and resumes between throwaway endpoints before the sockets open, so that the
/// first client after a start does not pay for class loading: right after a failure that client is
/// one of many, and its retransmission timer is short. Nothing of it leaves the process, and its
/// keys are as random as any.
public final class Rehearsal {
    /// Of the profile, and of the secure domain.
    static final String NAME = "rehearsal";

    private static final int ROUNDS = 20;
    private static final Identity GATEWAY = Identity.fqdn("gateway.rehearsal");
    private static final Identity CLIENT = Identity.fqdn("client.rehearsal");

    private final Entropy entropy;
    private final IkeSuite ike;
    private final EspSuite esp;

    /// What the two ends of a rehearsal know of each other.
    record Ends(
            ResponderProfile responder,
            InitiatorProfile initiator,
            TicketSealer tickets,
            Path path) {}

    Rehearsal(Entropy entropy, IkeSuite ike, EspSuite esp) {
        this.entropy = entropy;
        this.ike = ike;
        this.esp = esp;
    }

    /// What each daemon does at its start.
    public static void run(Entropy entropy, IkeSuite ike, EspSuite esp) {
        Rehearsal rehearsal = new Rehearsal(entropy, ike, esp);
        for (int round = 0; round < ROUNDS; round++) {
            rehearsal.round();
        }
    }

    private void round() {
        Ends ends = ends();
        IkeEndpoint gateway = gateway(ends, 0, StandbyPolicy.DEFAULT);
        IkeEndpoint client = client();
        Now now = new Now(System.nanoTime(), 1);
        ResumableSession session =
                converse(now, client, gateway, initiate(ends, 1), Rehearsal::ignore);
        if (session != null) {
            Input resume = new Input.Resume(2, ends.initiator, ends.path, session);
            converse(now, client, gateway, resume, Rehearsal::ignore);
        }
    }

    private static void ignore(Effect effect) {}

    static Input initiate(Ends ends, long handle) {
        return new Input.Initiate(handle, ends.initiator, ends.path);
    }

    /// Profiles and keys for one gateway, or the members of one cluster, and their client.
    Ends ends() {
        SecretBytes key = SecretBytes.owning(entropy.octets(32));
        List<TrafficSelector> inside =
                List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 24));
        ResumptionPolicy resumption =
                new ResumptionPolicy(
                        true,
                        false,
                        60,
                        ResumptionPolicy.KeyExchangeInResume.NEVER,
                        ResumptionPolicy.Rfc5723Auth.RFC);
        LifePolicy life = LifePolicy.UNLIMITED.withUniqueness(Uniqueness.NEVER);
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        return new Ends(
                ResponderProfile.builder(NAME)
                        .preSharedKeys(Map.of(CLIENT, key))
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .assignsAddresses(true)
                        .localSelectors(inside)
                        .resumption(resumption)
                        .life(life)
                        .build(),
                InitiatorProfile.builder(NAME, CLIENT)
                        .namedGateway(GATEWAY)
                        .acceptedGateways(List.of(GATEWAY))
                        .secureDomain(NAME)
                        .preSharedKey(key)
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .requestAddresses(true)
                        .remoteSelectors(inside)
                        .resumption(resumption)
                        .life(life)
                        .build(),
                new SealedTickets(ring()),
                new Path(here, here, true));
    }

    private dev.postern.ticket.TgsKeyRing ring() {
        return switch (TgsKeyFile.parse(TgsKeyFile.generate(entropy, 0))) {
            case TgsKeyFile.Parsed.Valid parsed -> parsed.ring();
            case TgsKeyFile.Parsed.Invalid _ ->
                    throw new IllegalStateException("a generated TGS key does not parse");
        };
    }

    IkeEndpoint gateway(Ends ends, int member, StandbyPolicy standby) {
        return new IkeEndpoint(
                EndpointConfiguration.builder(GATEWAY, NAME, new IvPrefix(member, 0))
                        .profiles(List.of(ends.responder))
                        .tickets(ends.tickets)
                        .standby(standby)
                        .build(),
                entropy);
    }

    IkeEndpoint client() {
        return new IkeEndpoint(
                EndpointConfiguration.builder(CLIENT, NAME, new IvPrefix(0, 0)).build(), entropy);
    }

    /// Carries messages to and fro until nobody has anything to say; the ticket that the client
    /// got, if any.
    ///
    /// @param beside takes what else the gateway does
    static @Nullable ResumableSession converse(
            Now now,
            IkeEndpoint client,
            IkeEndpoint gateway,
            Input first,
            Consumer<Effect> beside) {
        ResumableSession session = null;
        Queue<Effect> fromClient = new ArrayDeque<>(client.handle(now, first));
        Queue<Effect> fromGateway = new ArrayDeque<>();
        while (!fromClient.isEmpty() || !fromGateway.isEmpty()) {
            while (!fromClient.isEmpty()) {
                Effect effect = fromClient.poll();
                if (effect instanceof Effect.Send send) {
                    fromGateway.addAll(
                            gateway.handle(now, new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Emit(Event.TicketReceived received)) {
                    session = received.session();
                }
            }
            while (!fromGateway.isEmpty()) {
                Effect effect = fromGateway.poll();
                if (effect instanceof Effect.Send send) {
                    fromClient.addAll(
                            client.handle(now, new Input.Datagram(send.path(), send.octets())));
                } else if (effect instanceof Effect.Raise raise) {
                    Answer lease =
                            new Answer.AddressesLeased(
                                    List.of(InetAddress.ofLiteral("10.9.0.1")), List.of());
                    fromGateway.addAll(
                            gateway.handle(now, new Input.Answered(raise.askId(), lease)));
                } else {
                    beside.accept(effect);
                }
            }
        }
        return session;
    }
}
