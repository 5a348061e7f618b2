package dev.postern.ike.world;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketSealer;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Endpoints, the wire between them, and the one clock of them all. Nothing happens but in
/// [#settle] and [#advance], in the order of the virtual time; the same seed gives the same run.
public final class World {
    /// 2026-01-01, in seconds since 1970.
    public static final long EPOCH = 1_767_225_600L;

    private static final long START_NANOS = 1_000_000_000_000L;

    private record Arrival(long at, long order, Runnable action) {}

    private final long seed;
    private final Map<InetSocketAddress, Node> nodes = new LinkedHashMap<>();
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::order));
    private final List<Datagram> carried = new ArrayList<>();
    private Fate fate = Fate.DELIVER;
    private long nanos = START_NANOS;
    private long order;
    private int added;

    public World(long seed) {
        this.seed = seed;
    }

    public Now now() {
        return new Now(nanos, EPOCH + (nanos - START_NANOS) / Now.NANOS_PER_SECOND);
    }

    /// A sealer over a ring with one key; the same number is the same key.
    public static TicketSealer sealer(int number) {
        byte[] secret = new SeededEntropy(number).octets(TgsKey.SECRET_LENGTH);
        TgsKey key = new TgsKey(number, SecretBytes.owning(secret), 0, TgsKey.UNLIMITED);
        return new SealedTickets(TgsKeyRing.of(List.of(key)));
    }

    public Node add(GatewaySettings settings) {
        return add(
                new Node(
                        this,
                        settings.name(),
                        settings.address(),
                        settings.configuration(),
                        new SeededEntropy(seed * 31 + added++),
                        settings.pool(),
                        settings.store));
    }

    public Node add(ClientSettings settings) {
        return add(
                new Node(
                        this,
                        settings.name(),
                        settings.address(),
                        settings.configuration(),
                        new SeededEntropy(seed * 31 + added++),
                        new Pool(0),
                        new StoreByHand()));
    }

    private Node add(Node node) {
        nodes.put(node.address(), node);
        return node;
    }

    /// Gives a node another address; what was sent to the old one arrives nowhere.
    public void moveTo(Node node, InetSocketAddress address) {
        nodes.remove(node.address());
        node.moveTo(address);
        nodes.put(address, node);
    }

    public Collection<Node> nodes() {
        return nodes.values();
    }

    /// What happens to datagrams from now on.
    public void setFate(Fate newFate) {
        fate = newFate;
    }

    /// Everything that was ever sent, whatever became of it.
    public List<Datagram> carried() {
        return carried;
    }

    /// Puts a datagram on the wire.
    void send(Datagram datagram) {
        carried.add(datagram);
        for (long delay : fate.of(datagram)) {
            at(nanos + delay, () -> deliver(datagram));
        }
    }

    /// Hands a datagram to its receiver at once, whoever made it.
    public void deliver(Datagram datagram) {
        Node receiver = nodes.get(datagram.to());
        if (receiver != null && receiver.isUp()) {
            Path path = new Path(datagram.to(), datagram.from(), true);
            receiver.give(new Input.Datagram(path, datagram.octets().clone()));
        }
    }

    void at(long instant, Runnable action) {
        order++;
        arrivals.add(new Arrival(instant, order, action));
    }

    void later(long delayNanos, Runnable action) {
        at(nanos + delayNanos, action);
    }

    void soon(Runnable action) {
        at(nanos, action);
    }

    /// Lets everything arrive that is on its way, and what it causes.
    public void settle() {
        for (Arrival next = arrivals.peek(); next != null; next = arrivals.peek()) {
            step(next.at());
        }
    }

    /// Lets time pass.
    public void advance(Duration duration) {
        long until = nanos + duration.toNanos();
        while (nextInstant() <= until) {
            step(nextInstant());
        }
        nanos = until;
    }

    private long nextInstant() {
        Arrival next = arrivals.peek();
        long earliest = next == null ? Long.MAX_VALUE : next.at();
        for (Node node : nodes.values()) {
            earliest = Math.min(earliest, node.nextDeadline());
        }
        return earliest;
    }

    /// Does the first thing that is due at `limit` or before.
    private void step(long limit) {
        for (Node node : nodes.values()) {
            if (node.nextDeadline() < limit
                    || (node.nextDeadline() == limit && !isArrival(limit))) {
                nanos = Math.max(nanos, node.nextDeadline());
                node.give(new Input.DeadlineReached());
                return;
            }
        }
        Arrival arrival = arrivals.poll();
        if (arrival != null) {
            nanos = Math.max(nanos, arrival.at());
            arrival.action().run();
        }
    }

    private boolean isArrival(long instant) {
        Arrival next = arrivals.peek();
        return next != null && next.at() <= instant;
    }
}
