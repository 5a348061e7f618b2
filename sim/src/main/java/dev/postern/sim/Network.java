package dev.postern.sim;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// The Internet between clients, their NATs and the gateways: every datagram meets its fate here,
/// and the attacker reads along.
final class Network {
    private static final long LATENCY_NANOS = 5_000_000;
    private static final int JITTER_NANOS = 400_000;

    /// Takes what arrives.
    @FunctionalInterface
    interface Receiver {
        void receive(Datagram datagram);
    }

    private final Agenda agenda;
    private final World world;
    private final long seed;
    private final Addresses addresses;
    private final Conditions conditions;
    private final Attacker attacker;
    private final Map<InetSocketAddress, Receiver> receivers = new HashMap<>();
    private final Map<InetSocketAddress, Integer> gatewayOf = new HashMap<>();
    private final Map<InetSocketAddress, Integer> clientOf = new HashMap<>();
    private final Map<Integer, InetSocketAddress> natOf = new HashMap<>();
    private final Map<Integer, Integer> rebindings = new HashMap<>();
    private final Map<Integer, Dice> linkDice = new HashMap<>();

    Network(Agenda agenda, World world, Conditions conditions, Attacker attacker) {
        this.agenda = agenda;
        this.world = world;
        this.seed = world.plan().seed();
        this.addresses = world.plan().terms().addresses();
        this.conditions = conditions;
        this.attacker = attacker;
        for (int client = 0; client < world.plan().clients(); client++) {
            rebind(client);
        }
    }

    void attachGateway(int index, Receiver receiver) {
        receivers.put(addresses.gateway(index), receiver);
        gatewayOf.put(addresses.gateway(index), index);
    }

    void attachClient(int index, Receiver receiver) {
        receivers.put(addresses.client(index), receiver);
    }

    /// A client's NAT makes a new mapping; the old one leads nowhere.
    void rebind(int client) {
        InetSocketAddress old = natOf.get(client);
        if (old != null) {
            clientOf.remove(old);
        }
        int times = rebindings.merge(client, 1, Integer::sum) - 1;
        InetSocketAddress outside = addresses.behindNat(client, times);
        natOf.put(client, outside);
        clientOf.put(outside, client);
    }

    /// A client puts a datagram on the wire; its NAT gives it a source.
    void sendFromClient(Party party, int client, Datagram datagram) {
        InetSocketAddress outside = natOf.get(client);
        if (outside != null) {
            carry(party, datagram.with(outside, datagram.to()));
        }
    }

    void sendFromGateway(Party party, Datagram datagram) {
        carry(party, datagram);
    }

    /// A datagram of the attacker's, which no condition stops.
    void inject(Party party, Datagram datagram) {
        world.tell(new Happening.Sent(party, datagram, 1));
        agenda.in(LATENCY_NANOS, () -> deliver(datagram));
    }

    private void carry(Party party, Datagram datagram) {
        attacker.overhear(datagram);
        Integer fromGateway = gatewayOf.get(datagram.from());
        Integer toGateway = gatewayOf.get(datagram.to());
        Integer gateway = fromGateway == null ? toGateway : fromGateway;
        Integer client = clientOf.get(fromGateway == null ? datagram.from() : datagram.to());
        if (gateway == null || client == null) {
            world.tell(new Happening.Sent(party, datagram, 0));
            return;
        }
        boolean towardsClient = fromGateway != null;
        Dice dice = dice(gateway, client, towardsClient);
        // Each draws its own chance, whatever the others say.
        boolean lostByChance = dice.permille(conditions.lossPermille());
        boolean dropped =
                datagram.isResume()
                        && datagram.isResponse()
                        && dice.permille(conditions.answersDroppedPermille());
        boolean stopped = conditions.stops(gateway, client, towardsClient);
        boolean lost = stopped || lostByChance || dropped;
        int copies = lost ? 0 : dice.permille(conditions.duplicationPermille()) ? 2 : 1;
        world.tell(new Happening.Sent(party, datagram, copies));
        for (int i = 0; i < copies; i++) {
            long delay = LATENCY_NANOS + dice.below(JITTER_NANOS);
            delay += conditions.extraMillis() * 1_000_000L;
            delay += dice.below(1 + conditions.spreadMillis()) * 1_000_000L;
            Datagram arriving = tampered(datagram, dice);
            agenda.in(delay, () -> deliver(arriving));
        }
    }

    /// One stream of chance for each direction of each link.
    private Dice dice(int gateway, int client, boolean towardsClient) {
        int link = gateway << 16 | client << 1 | (towardsClient ? 1 : 0);
        return linkDice.computeIfAbsent(link, _ -> Dice.of(seed, "link " + link));
    }

    private Datagram tampered(Datagram datagram, Dice dice) {
        Datagram copy = datagram.with(datagram.from(), datagram.to());
        if (dice.permille(conditions.tamperingPermille())) {
            int bit = dice.below(8 * copy.octets().length);
            copy.octets()[bit >>> 3] ^= (byte) (1 << (bit & 7));
        }
        return copy;
    }

    private void deliver(Datagram datagram) {
        Integer client = clientOf.get(datagram.to());
        Receiver receiver =
                receivers.get(client == null ? datagram.to() : addresses.client(client));
        if (receiver != null) {
            receiver.receive(
                    client == null
                            ? datagram
                            : new Datagram(
                                    datagram.from(), addresses.client(client), datagram.octets()));
        }
    }

    /// Where a client is seen at the moment.
    @Nullable InetSocketAddress outsideOf(int client) {
        return natOf.get(client);
    }
}
