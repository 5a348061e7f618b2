package dev.postern.fuzz;

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
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/// One gateway, one client that a fuzzer plays with, and one that it leaves alone.
final class EndpointNeighbourhood {
    private static final Identity GATEWAY = Identity.fqdn("gw.example");
    private static final Identity CLIENT = Identity.fqdn("client.example");
    private static final Identity BYSTANDER = Identity.fqdn("bystander.example");
    private static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4500);
    private static final InetSocketAddress THERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 4500);
    private static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.3"), 4500);
    private static final List<IkeSuite> IKE =
            List.of(SuiteNames.ikeSuite("aes256gcm16-prfsha256-x25519"));
    private static final List<EspSuite> ESP = List.of(SuiteNames.espSuite("aes256gcm16"));
    private static final long START = 1_000_000_000_000L;
    private static final long EPOCH = 1_800_000_000L;
    private static final int MOST_IN_FLIGHT = 64;

    private record Carried(boolean toGateway, byte[] octets) {}

    private final IkeEndpoint gateway;
    private final IkeEndpoint client;
    private final IkeEndpoint bystander;
    private final List<Carried> wire = new ArrayList<>();
    private final List<byte[]> transcript = new ArrayList<>();
    private final List<Long> questions = new ArrayList<>();
    private long nanos = START;
    private long lastHandle;
    private @Nullable ResumableSession session;
    private @Nullable Octets record;

    EndpointNeighbourhood() {
        this(NetworkPolicy.DEFAULT);
    }

    /// @param network of all of them
    EndpointNeighbourhood(NetworkPolicy network) {
        gateway = member(1, network);
        client = endpoint(configuration(2, CLIENT, network).build());
        bystander = endpoint(configuration(3, BYSTANDER, network).build());
        settleBystander(new Input.Initiate(1, initiator(BYSTANDER), path(ELSEWHERE, HERE)));
    }

    private static SealedTickets tickets() {
        byte[] secret = new CountingEntropy(77).octets(TgsKey.SECRET_LENGTH);
        TgsKey key = new TgsKey(7, SecretBytes.owning(secret), 0, TgsKey.UNLIMITED);
        return new SealedTickets(TgsKeyRing.of(List.of(key)));
    }

    private static SecretBytes key(Identity identity) {
        return SecretBytes.owning(new CountingEntropy(identity.hashCode()).octets(32));
    }

    private static ResumptionPolicy resumption() {
        return new ResumptionPolicy(
                true,
                true,
                3600,
                ResumptionPolicy.KeyExchangeInResume.NEVER,
                ResumptionPolicy.Rfc5723Auth.BOTH);
    }

    private static ResponderProfile responder() {
        return ResponderProfile.builder("all")
                .preSharedKeys(Map.of(CLIENT, key(CLIENT), BYSTANDER, key(BYSTANDER)))
                .ikeSuites(IKE)
                .espSuites(ESP)
                .assignsAddresses(true)
                .localSelectors(
                        List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 16)))
                .resumption(resumption())
                .life(LifePolicy.UNLIMITED)
                .build();
    }

    private static InitiatorProfile initiator(Identity self) {
        return InitiatorProfile.builder("all", self)
                .namedGateway(GATEWAY)
                .acceptedGateways(List.of(GATEWAY))
                .secureDomain("example")
                .preSharedKey(key(self))
                .ikeSuites(IKE)
                .espSuites(ESP)
                .requestAddresses(true)
                .remoteSelectors(
                        List.of(TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 16)))
                .resumption(resumption())
                .exchangeSchedule(RetransmissionSchedule.QUICK)
                .life(LifePolicy.UNLIMITED)
                .build();
    }

    private static EndpointConfiguration.Builder configuration(
            int number, Identity name, NetworkPolicy network) {
        return EndpointConfiguration.builder(name, "example", new IvPrefix(number, 0))
                .network(network);
    }

    private static IkeEndpoint endpoint(EndpointConfiguration configuration) {
        return new IkeEndpoint(
                configuration,
                new CountingEntropy(configuration.ivPrefix().member()),
                bug -> {
                    throw bug;
                });
    }

    /// The gateway, or another member of its cluster.
    private static IkeEndpoint member(int number, NetworkPolicy network) {
        return endpoint(
                configuration(number, GATEWAY, network)
                        .profiles(List.of(responder()))
                        .tickets(tickets())
                        .standby(StandbyPolicy.DEFAULT.protecting(Set.of("all")))
                        .build());
    }

    /// After a handshake of the client that is played with.
    static EndpointNeighbourhood settled() {
        EndpointNeighbourhood world = new EndpointNeighbourhood();
        world.initiate();
        world.settle();
        return world;
    }

    /// Delivers and answers whatever there is, for some rounds.
    void settle() {
        for (int i = 0; i < 40; i++) {
            deliver(0);
            answer(0);
        }
    }

    private Now now() {
        return new Now(nanos, EPOCH + (nanos - START) / Now.NANOS_PER_SECOND);
    }

    private static Path path(InetSocketAddress local, InetSocketAddress remote) {
        return new Path(local, remote, true);
    }

    void deliver(int index) {
        Carried taken = take(index);
        if (taken != null) {
            hand(taken.toGateway(), taken.octets());
        }
    }

    void drop(int index) {
        take(index);
    }

    void deliverCopy(int index) {
        if (!wire.isEmpty()) {
            Carried copied = wire.get(index % wire.size());
            hand(copied.toGateway(), copied.octets().clone());
        }
    }

    void deliverChanged(int index, int position, int by) {
        if (!wire.isEmpty()) {
            Carried original = wire.get(index % wire.size());
            byte[] octets = original.octets().clone();
            octets[position % octets.length] ^= (byte) (by | 1);
            hand(original.toGateway(), octets);
        }
    }

    void deliverCut(int index, int length) {
        if (!wire.isEmpty()) {
            Carried original = wire.get(index % wire.size());
            byte[] octets = original.octets();
            hand(original.toGateway(), Arrays.copyOf(octets, length % (octets.length + 4)));
        }
    }

    void inject(byte[] program, int from, int length) {
        hand(true, Arrays.copyOfRange(program, from, from + length));
    }

    /// By up to half a minute, and whoever wanted to be woken meanwhile is.
    void advance(int steps) {
        nanos += (1L + steps) * Now.NANOS_PER_SECOND / 8;
        if (client.nextDeadline() <= nanos) {
            carry(true, client.handle(now(), new Input.DeadlineReached()));
        }
        if (gateway.nextDeadline() <= nanos) {
            carry(false, gateway.handle(now(), new Input.DeadlineReached()));
        }
    }

    void initiate() {
        lastHandle++;
        give(new Input.Initiate(lastHandle, initiator(CLIENT), path(THERE, HERE)));
    }

    void resume() {
        if (session != null) {
            lastHandle++;
            give(new Input.Resume(lastHandle, initiator(CLIENT), path(THERE, HERE), session));
        }
    }

    void act(int choice) {
        switch (choice % 6) {
            case 0 -> give(new Input.Probe(lastHandle, RetransmissionSchedule.QUICK));
            case 1 -> give(new Input.RekeyIkeSa(lastHandle));
            case 2 -> give(new Input.AskForTicket(lastHandle));
            case 3 -> give(new Input.Close(lastHandle, false));
            case 4 -> give(new Input.Close(lastHandle, true));
            default -> give(new Input.Park(lastHandle));
        }
    }

    /// Answers a question of the gateway: well, not at all well, or twice.
    void answer(int choice) {
        if (questions.isEmpty()) {
            return;
        }
        long question =
                choice % 3 == 2
                        ? questions.getFirst()
                        : questions.remove(choice % questions.size());
        Answer answer =
                choice % 3 == 1
                        ? new Answer.AddressesRefused()
                        : new Answer.AddressesLeased(
                                List.of(InetAddress.ofLiteral("10.9.0.7")), List.of());
        carry(false, gateway.handle(now(), new Input.Answered(question, answer)));
    }

    /// IKE SAs that the gateway holds.
    long held() {
        return gateway.size();
    }

    /// Whether the bystander's gateway answers it, as if nothing had happened.
    boolean bystanderLives() {
        List<Event> events = settleBystander(new Input.Probe(1, RetransmissionSchedule.QUICK));
        return events.stream().anyMatch(event -> event instanceof Event.PeerAlive);
    }

    private void give(Input input) {
        carry(true, client.handle(now(), input));
    }

    private void hand(boolean toGateway, byte[] octets) {
        if (toGateway) {
            Input datagram = new Input.Datagram(path(HERE, THERE), octets);
            carry(false, gateway.handle(now(), datagram));
        } else {
            give(new Input.Datagram(path(THERE, HERE), octets));
        }
    }

    /// Every message that was sent between the gateway and the client that is played with.
    List<byte[]> transcript() {
        return List.copyOf(transcript);
    }

    /// What a standby keeps of the client's IKE SA.
    Octets recordOctets() {
        if (record == null) {
            throw new IllegalStateException("the gateway keeps no record of anybody");
        }
        return record;
    }

    StandbyRecord record() {
        try {
            return StandbyFormat.decode(SecretBytes.copyOf(recordOctets().array()));
        } catch (MalformedException e) {
            throw new IllegalStateException("a gateway's own record does not decode", e);
        }
    }

    /// Has another member take a record over, and lets some of its time pass.
    ///
    /// @return how many IKE SAs it holds then
    long takenOver(StandbyRecord lost) {
        IkeEndpoint member = member(4, NetworkPolicy.DEFAULT);
        int epoch = 0x7fff;
        member.handle(now(), new Input.TakeOver(List.of(lost), epoch));
        long held = member.size();
        long start = nanos;
        for (int i = 0; i < 4 && member.nextDeadline() < start + 60 * Now.NANOS_PER_SECOND; i++) {
            nanos = Math.max(nanos, member.nextDeadline());
            member.handle(now(), new Input.DeadlineReached());
        }
        nanos = start;
        return held;
    }

    /// The client's last ticket or reference.
    @Nullable ResumableSession session() {
        return session;
    }

    private void carry(boolean toGateway, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                transcript.add(send.octets());
            }
            switch (effect) {
                case Effect.Send send when wire.size() < MOST_IN_FLIGHT ->
                        wire.add(new Carried(toGateway, send.octets()));
                case Effect.Raise raise -> questions.add(raise.askId());
                case Effect.KeepRecord(StandbyRecord kept) -> {
                    record = Octets.of(StandbyFormat.encode(kept).expose());
                    kept.close();
                }
                case Effect.Emit(Event.TicketReceived received) -> session = received.session();
                case Effect other -> {}
            }
        }
    }

    private @Nullable Carried take(int index) {
        return wire.isEmpty() ? null : wire.remove(index % wire.size());
    }

    /// Lets the bystander and the gateway talk without anybody between them.
    private List<Event> settleBystander(Input first) {
        List<Event> events = new ArrayList<>();
        Queue<Effect> theirs = new ArrayDeque<>(bystander.handle(now(), first));
        while (!theirs.isEmpty()) {
            Effect effect = theirs.remove();
            if (effect instanceof Effect.Emit emit) {
                events.add(emit.event());
            } else if (effect instanceof Effect.Send send) {
                Input datagram = new Input.Datagram(path(HERE, ELSEWHERE), send.octets());
                Queue<Effect> ours = new ArrayDeque<>(gateway.handle(now(), datagram));
                while (!ours.isEmpty()) {
                    Effect own = ours.remove();
                    if (own instanceof Effect.Send answer) {
                        theirs.addAll(
                                bystander.handle(
                                        now(),
                                        new Input.Datagram(
                                                path(ELSEWHERE, HERE), answer.octets())));
                    } else if (own instanceof Effect.Raise raise) {
                        Answer lease =
                                new Answer.AddressesLeased(
                                        List.of(InetAddress.ofLiteral("10.9.0.1")), List.of());
                        ours.addAll(
                                gateway.handle(now(), new Input.Answered(raise.askId(), lease)));
                    }
                }
            }
        }
        return events;
    }
}
