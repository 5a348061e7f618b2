package dev.postern.radius;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.radius.Authenticators.MessageAuthenticator;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Asks several servers in their order until one answers. Without I/O: packets, datagrams and
/// instants are values; one thread at a time.
///
/// A retransmission is the same octets, so that a server knows it again; another server gets a
/// packet of its own. A datagram that does not prove itself is counted and passed over, and the
/// request goes on waiting: else whoever can send to us could end it (RFC 2865 section 3). What is
/// outstanding and what waits are bounded by [RetryPolicy].
public final class RadiusClient {
    private final List<ServerState> servers;
    private final RetryPolicy policy;
    private final Entropy entropy;
    private final Map<Long, Flight> flights = new HashMap<>();
    private final Deque<Flight> waiting = new ArrayDeque<>();
    private final PriorityQueue<Wake> wakes =
            new PriorityQueue<>(Comparator.comparingLong(wake -> wake.at));
    private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);

    /// One entry for each transmission; an older one finds its flight gone on.
    private record Wake(long at, Flight flight) {}

    public RadiusClient(List<Server> servers, RetryPolicy policy, Entropy entropy) {
        this.servers = servers.stream().map(server -> new ServerState(server, policy)).toList();
        this.policy = policy;
        this.entropy = entropy;
    }

    public Server server(int index) {
        return servers.get(index).server();
    }

    public int serverCount() {
        return servers.size();
    }

    /// Whether the server is passed over at present.
    public boolean isDead(int index) {
        return servers.get(index).isDead();
    }

    /// Requests at servers and requests that wait.
    public int outstanding() {
        return flights.size();
    }

    public long dropped(Drop drop) {
        return drops.getOrDefault(drop, 0L);
    }

    /// Begins a call. Its answer comes as [ClientEffect.Answered] or [ClientEffect.Unanswered].
    public List<ClientEffect> submit(Call call, Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        Flight flight = new Flight(call);
        if (waiting.size() >= policy.waitingLimit() || flights.containsKey(call.id())) {
            effects.add(new ClientEffect.Unanswered(call.id()));
            return effects;
        }
        flights.put(call.id(), flight);
        depart(flight, now, effects);
        return effects;
    }

    /// Nobody wants the answer any more.
    public List<ClientEffect> cancel(long call, Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        Flight flight = flights.get(call);
        if (flight != null) {
            land(flight);
            departWaiting(now, effects);
        }
        return effects;
    }

    /// A datagram came in over one of the sockets.
    public List<ClientEffect> onDatagram(
            InetSocketAddress from, int channel, byte[] datagram, Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        Drop drop = receive(from, channel, datagram, now, effects);
        if (drop != null) {
            drops.merge(drop, 1L, Long::sum);
        }
        return effects;
    }

    /// When [#onDeadline] wants to be called: monotonic nanoseconds, [Long#MAX_VALUE] for never.
    public long nextDeadline() {
        dropStaleWakes();
        Wake next = wakes.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }

    public List<ClientEffect> onDeadline(Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        for (dropStaleWakes(); isDue(wakes.peek(), now); dropStaleWakes()) {
            Flight flight = wakes.remove().flight;
            if (flight.transmissions() < policy.tries()) {
                transmit(flight, now, effects);
            } else {
                giveUp(flight, now, effects);
            }
        }
        return effects;
    }

    private static boolean isDue(@Nullable Wake wake, Moment now) {
        return wake != null && wake.at - now.nanos() <= 0;
    }

    private void dropStaleWakes() {
        for (Wake wake = wakes.peek(); wake != null && isStale(wake); wake = wakes.peek()) {
            wakes.remove();
        }
    }

    private static boolean isStale(Wake wake) {
        return wake.flight.isOver()
                || wake.flight.server() == Flight.NOWHERE
                || wake.flight.nextAt() != wake.at;
    }

    private @Nullable Drop receive(
            InetSocketAddress from,
            int channel,
            byte[] datagram,
            Moment now,
            List<ClientEffect> effects) {
        int index = serverAt(from);
        if (index < 0) {
            return Drop.UNKNOWN_SOURCE;
        }
        Packet packet;
        try {
            packet = Packet.decode(datagram);
        } catch (MalformedException malformed) {
            return Drop.MALFORMED;
        }
        ServerState server = servers.get(index);
        Flight flight = server.outstanding(channel, packet.identifier());
        if (flight == null) {
            return Drop.UNKNOWN_IDENTIFIER;
        }
        Drop drop = judge(flight, packet, datagram, server.server());
        if (drop != null) {
            return drop;
        }
        if (server.sawAnswer(now.nanos())) {
            effects.add(new ClientEffect.ServerRevived(index));
        }
        land(flight);
        effects.add(
                new ClientEffect.Answered(
                        flight.call().id(), index, flight.authenticator(), packet));
        departWaiting(now, effects);
        return null;
    }

    private static @Nullable Drop judge(
            Flight flight, Packet packet, byte[] datagram, Server server) {
        if (!packet.code().answers(flight.call().code())) {
            return Drop.WRONG_CODE;
        }
        if (!Authenticators.provesResponse(datagram, flight.authenticator(), server.secret())) {
            return Drop.WRONG_AUTHENTICATOR;
        }
        MessageAuthenticator code =
                Authenticators.judge(datagram, flight.authenticator(), server.secret());
        return switch (code) {
            case VALID -> null;
            case WRONG -> Drop.WRONG_MESSAGE_AUTHENTICATOR;
            // RFC 2866 has none in an Accounting-Response.
            case MISSING ->
                    flight.call() instanceof Call.Access ? Drop.NO_MESSAGE_AUTHENTICATOR : null;
        };
    }

    private int serverAt(InetSocketAddress from) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).server().address().equals(from)) {
                return i;
            }
        }
        return -1;
    }

    /// Sends the flight to the next server, or lets it wait for an identifier, or ends it.
    private void depart(Flight flight, Moment now, List<ClientEffect> effects) {
        int index = nextServer(flight, now.nanos());
        if (index < 0) {
            land(flight);
            effects.add(new ClientEffect.Unanswered(flight.call().id()));
            return;
        }
        ServerState server = servers.get(index);
        if (server.isFull()) {
            waiting.add(flight);
            return;
        }
        flight.goTo(index, server.occupy(flight));
        write(flight, server.server().secret(), now);
        transmit(flight, now, effects);
    }

    /// In their order those that live; where none is left, the dead one whose time ends first.
    private int nextServer(Flight flight, long nanos) {
        int only = flight.call().onlyServer();
        if (only >= 0) {
            return only < servers.size() && !flight.hasTried(only) ? only : -1;
        }
        int best = -1;
        for (int i = 0; i < servers.size(); i++) {
            if (flight.hasTried(i)) {
                continue;
            }
            if (servers.get(i).isWorthATry(nanos)) {
                return i;
            }
            if (best < 0 || servers.get(i).deadUntil() < servers.get(best).deadUntil()) {
                best = i;
            }
        }
        return best;
    }

    private void write(Flight flight, SecretBytes secret, Moment now) {
        switch (flight.call()) {
            case Call.Access access -> {
                byte[] random = entropy.octets(Packet.AUTHENTICATOR_LENGTH);
                flight.carry(
                        Octets.of(random),
                        Authenticators.accessRequest(
                                flight.identifier(), random, access.attributes(), secret));
            }
            case Call.Accounting accounting -> {
                long delay = Math.max(0, now.epochSeconds() - accounting.happenedAt());
                byte[] packet =
                        Authenticators.digestRequest(
                                Code.ACCOUNTING_REQUEST,
                                flight.identifier(),
                                accounting
                                        .attributes()
                                        .with(
                                                List.of(
                                                        Attribute.integer(
                                                                Attribute.ACCT_DELAY_TIME, delay))),
                                true,
                                secret);
                Octets authenticator =
                        Octets.of(packet).slice(Packet.AUTHENTICATOR_OFFSET, Packet.HEADER_LENGTH);
                flight.carry(authenticator, packet);
            }
        }
    }

    private void transmit(Flight flight, Moment now, List<ClientEffect> effects) {
        long wait = policy.waitAfter(flight.transmissions() + 1);
        long jitter = wait / 10 * ((entropy.octets(1)[0] & 0xff) - 128) / 128;
        flight.sent(now.nanos(), now.nanos() + wait + jitter);
        wakes.add(new Wake(flight.nextAt(), flight));
        effects.add(
                new ClientEffect.Transmit(
                        flight.server(), flight.channel(), flight.octets().clone()));
    }

    /// The server has not answered this request. If it has answered nobody else since, it is dead,
    /// and what else waits for it goes on to the next server at once.
    private void giveUp(Flight flight, Moment now, List<ClientEffect> effects) {
        int index = flight.server();
        ServerState server = servers.get(index);
        boolean dies = !server.hasAnsweredSince(flight.firstSentAt());
        leave(flight);
        if (dies && (!server.isDead() || now.nanos() - server.deadUntil() >= 0)) {
            effects.add(new ClientEffect.ServerDied(index, server.die(now.nanos())));
            for (Flight other : server.allOutstanding()) {
                if (nextServer(other, now.nanos()) >= 0) {
                    leave(other);
                    depart(other, now, effects);
                }
            }
        }
        depart(flight, now, effects);
        departWaiting(now, effects);
    }

    private void departWaiting(Moment now, List<ClientEffect> effects) {
        for (int left = waiting.size(); left > 0; left--) {
            Flight flight = waiting.remove();
            if (flight.isOver()) {
                continue;
            }
            int index = nextServer(flight, now.nanos());
            if (index >= 0 && servers.get(index).isFull()) {
                waiting.addFirst(flight);
                return;
            }
            depart(flight, now, effects);
        }
    }

    private void leave(Flight flight) {
        if (flight.server() != Flight.NOWHERE) {
            servers.get(flight.server()).free(flight, flight.slot());
            flight.leave();
        }
    }

    private void land(Flight flight) {
        leave(flight);
        flight.end();
        flights.remove(flight.call().id());
    }
}
