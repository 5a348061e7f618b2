package dev.postern.fuzz;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One gateway, one client that a fuzzer plays with, and one that it leaves alone.
final class EndpointNeighbourhood {
    private static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4500);
    private static final InetSocketAddress THERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 4500);
    private static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.3"), 4500);
    private static final long START = 1_000_000_000_000L;
    private static final long EPOCH = 1_800_000_000L;
    private static final int MOST_IN_FLIGHT = 64;

    private record Carried(boolean toGateway, byte[] octets) {}

    private final IkeEndpoint gateway;
    private final IkeEndpoint client;
    private final Bystander bystander;
    private final List<Carried> wire = new ArrayList<>();
    private final List<byte[]> transcript = new ArrayList<>();
    private final List<Long> questions = new ArrayList<>();
    private long nanos = START;
    private long lastHandle;
    private @Nullable ResumableSession session;
    private @Nullable Octets record;
    private byte @Nullable [] newestToGateway;
    private byte @Nullable [] newestToClient;
    private boolean heardFromGateway;
    private boolean deceived;

    EndpointNeighbourhood() {
        this(NetworkPolicy.DEFAULT);
    }

    /// @param network of all of them
    EndpointNeighbourhood(NetworkPolicy network) {
        gateway = Neighbours.member(1, network);
        client =
                Neighbours.endpoint(
                        Neighbours.configuration(2, Neighbours.CLIENT, network).build());
        bystander =
                new Bystander(
                        Neighbours.endpoint(
                                Neighbours.configuration(3, Neighbours.BYSTANDER, network).build()),
                        ELSEWHERE,
                        HERE);
        bystander.talk(
                gateway,
                now(),
                new Input.Initiate(
                        1, Neighbours.initiator(Neighbours.BYSTANDER), path(ELSEWHERE, HERE)));
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

    /// Hands over what a [Forger] has made.
    void handForged(boolean toGateway, byte[] octets) {
        if (toGateway) {
            hand(true, octets);
        } else {
            give(new Input.Datagram(path(THERE, HERE), octets));
        }
    }

    /// The newest message to the gateway, or to the client; null before the first.
    byte @Nullable [] newest(boolean toGateway) {
        return toGateway ? newestToGateway : newestToClient;
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
        give(
                new Input.Initiate(
                        lastHandle, Neighbours.initiator(Neighbours.CLIENT), path(THERE, HERE)));
    }

    void resume() {
        if (session != null) {
            lastHandle++;
            give(
                    new Input.Resume(
                            lastHandle,
                            Neighbours.initiator(Neighbours.CLIENT),
                            path(THERE, HERE),
                            session));
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

    /// IKE SAs that the client that is played with holds.
    long heldByClient() {
        return client.size();
    }

    /// Whether the client has set up a session though nothing of the gateway's has reached it.
    boolean isDeceived() {
        return deceived;
    }

    /// IKE SAs that the gateway holds.
    long held() {
        return gateway.size();
    }

    /// Whether the bystander's gateway answers it, as if nothing had happened.
    boolean bystanderLives() {
        return bystander
                .talk(gateway, now(), new Input.Probe(1, RetransmissionSchedule.QUICK))
                .stream()
                .anyMatch(event -> event instanceof Event.PeerAlive);
    }

    private void give(Input input) {
        carry(true, client.handle(now(), input));
    }

    private void hand(boolean toGateway, byte[] octets) {
        if (toGateway) {
            Input datagram = new Input.Datagram(path(HERE, THERE), octets);
            carry(false, gateway.handle(now(), datagram));
        } else {
            heardFromGateway = true;
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

    boolean hasRecord() {
        return record != null;
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
        IkeEndpoint member = Neighbours.member(4, NetworkPolicy.DEFAULT);
        // A record of many takeovers ago is refused at sight.
        int epoch = Math.min(lost.failoverCount(), 0x7ffe) + 1;
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
                if (toGateway) {
                    newestToGateway = send.octets();
                } else {
                    newestToClient = send.octets();
                }
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
                case Effect.Emit(Event.IkeSaEstablished _) ->
                        deceived |= toGateway && !heardFromGateway;
                case Effect other -> {}
            }
        }
    }

    private @Nullable Carried take(int index) {
        return wire.isEmpty() ? null : wire.remove(index % wire.size());
    }
}
