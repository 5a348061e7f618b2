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

/// Runs full exchanges and resumes between throwaway endpoints before the sockets open, so that the
/// first client after a start does not pay for class loading: right after a failure that client is
/// one of many, and its retransmission timer is short. Nothing of it leaves the process, and its
/// keys are as random as any.
public final class Rehearsal {
    private static final int ROUNDS = 20;

    private final Entropy entropy;
    private final IkeSuite ike;
    private final EspSuite esp;

    private Rehearsal(Entropy entropy, IkeSuite ike, EspSuite esp) {
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
        TicketSealer tickets = new SealedTickets(ring());
        Identity gateway = Identity.fqdn("gateway.rehearsal");
        Identity client = Identity.fqdn("client.rehearsal");
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
        ResponderProfile responder =
                ResponderProfile.builder("rehearsal")
                        .preSharedKeys(Map.of(client, key))
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .assignsAddresses(true)
                        .localSelectors(inside)
                        .resumption(resumption)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        InitiatorProfile initiator =
                InitiatorProfile.builder("rehearsal", client)
                        .namedGateway(gateway)
                        .acceptedGateways(List.of(gateway))
                        .secureDomain("rehearsal")
                        .preSharedKey(key)
                        .ikeSuites(List.of(ike))
                        .espSuites(List.of(esp))
                        .requestAddresses(true)
                        .remoteSelectors(inside)
                        .resumption(resumption)
                        .life(LifePolicy.UNLIMITED)
                        .build();
        IkeEndpoint gatewayEnd = endpoint(gateway, List.of(responder), tickets);
        IkeEndpoint clientEnd = endpoint(client, List.of(), null);
        Now now = new Now(System.nanoTime(), 1);
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Path path = new Path(here, here, true);
        ResumableSession session =
                converse(now, clientEnd, gatewayEnd, new Input.Initiate(1, initiator, path));
        if (session != null) {
            converse(now, clientEnd, gatewayEnd, new Input.Resume(2, initiator, path, session));
        }
    }

    private dev.postern.ticket.TgsKeyRing ring() {
        return switch (TgsKeyFile.parse(TgsKeyFile.generate(entropy, 0))) {
            case TgsKeyFile.Parsed.Valid parsed -> parsed.ring();
            case TgsKeyFile.Parsed.Invalid _ ->
                    throw new IllegalStateException("a generated TGS key does not parse");
        };
    }

    private IkeEndpoint endpoint(
            Identity identity, List<ResponderProfile> profiles, @Nullable TicketSealer tickets) {
        return new IkeEndpoint(
                EndpointConfiguration.builder(identity, "rehearsal", new IvPrefix(0, 0))
                        .profiles(profiles)
                        .tickets(tickets)
                        .build(),
                entropy);
    }

    /// Carries messages to and fro until nobody has anything to say; the ticket that the client
    /// got, if any.
    private static @Nullable ResumableSession converse(
            Now now, IkeEndpoint client, IkeEndpoint gateway, Input first) {
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
                }
            }
        }
        return session;
    }
}
