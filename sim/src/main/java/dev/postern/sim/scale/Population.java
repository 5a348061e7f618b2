package dev.postern.sim.scale;

/// Who the clients are: the gateways that each knows, in which order, and at which instants its
/// traffic and its checks come. Said by the number of a client alone, so that the model and the
/// real ones have the same.
final class Population {
    /// How often a client daemon looks for traffic without answers.
    static final int WATCH_MILLIS = 50;

    private static final int SHUFFLE_TURNS = 10;
    private static final int TRAFFIC = 20;
    private static final int PACKET = 21;
    private static final int WATCH = 22;
    private static final int IDLE = 23;
    private static final int THOUSAND = 1000;

    private final ScaleParameters parameters;

    Population(ScaleParameters parameters) {
        this.parameters = parameters;
    }

    /// Clients are spread evenly.
    int home(int client) {
        return client % parameters.gateways();
    }

    /// The gateway in this place of what a client tries; its own comes last, as it has just been
    /// silent.
    int gateway(int client, int place) {
        if (place == parameters.knownGateways() - 1) {
            return home(client);
        }
        int other = parameters.ownOrder() ? own(client, place) : place;
        return (home(client) + 1 + other) % parameters.gateways();
    }

    /// A permutation of 0 to gateways - 2, another for each client: a swap-or-not shuffle.
    private int own(int client, int place) {
        int others = parameters.gateways() - 1;
        int at = place;
        for (int turn = 0; turn < SHUFFLE_TURNS; turn++) {
            int mirrored = Math.floorMod(mix(client, turn) - at, others);
            boolean swap = (mix(client ^ 0x5bd1_e995 * Math.max(at, mirrored), turn) & 1) != 0;
            at = swap ? mirrored : at;
        }
        return at;
    }

    /// Whether it has traffic.
    boolean isActive(int client) {
        return draw(client, TRAFFIC, THOUSAND) < parameters.activePermille();
    }

    /// From the instant of the failure until an active client's next packet.
    int untilPacket(int client) {
        return draw(client, PACKET, parameters.packetMillis());
    }

    /// From then until it looks whether packets go without answers, again and again every
    /// [#WATCH_MILLIS].
    int untilWatch(int client) {
        return draw(client, WATCH, WATCH_MILLIS);
    }

    /// From then until an idle client checks its gateway.
    int untilCheck(int client) {
        return draw(client, IDLE, parameters.idleMillis());
    }

    private static int draw(int client, int purpose, int bound) {
        return Math.floorMod(mix(client, purpose), bound);
    }

    private static int mix(int value, int turn) {
        int mixed = (value + 0x9e37_79b9 * (turn + 1)) * 0x85eb_ca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2_ae35;
        return mixed ^ (mixed >>> 16);
    }
}
