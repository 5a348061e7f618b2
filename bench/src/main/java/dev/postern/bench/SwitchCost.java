package dev.postern.bench;

import dev.postern.gateway.daemon.Rehearsal;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// What a lost gateway costs its client after detection, beyond the round trip: the time that the
/// client itself takes, in CPU time of its thread, from the moment at which its last check has
/// failed until its request to resume is there to be sent, and from the arrival of the answer until
/// the new Child SA seals. `SwitchCost [SWITCHES [cold]]`: cold without the rehearsal with which
/// each client of ours begins.
public final class SwitchCost {
    private static final int SWITCHES_PER_CLIENT = 12;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final TwoGateways net;
    private final FailoverClient client;
    private final Deque<Effect.Send> toClient = new ArrayDeque<>();
    private long ownNanos;
    private int exchanges;
    private boolean switched;

    private SwitchCost(TwoGateways net, FailoverClient client) {
        this.net = net;
        this.client = client;
    }

    public static void main(String[] arguments) {
        int switches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 12_000;
        boolean cold = arguments.length > 1 && arguments[1].equals("cold");
        if (!cold) {
            Rehearsal.run(new SecureRandom()::nextBytes, TwoGateways.IKE, TwoGateways.ESP);
        }
        // The first ones meet code that hardly any compiler has seen: a client that switches once
        // in its life is among them.
        tell("the first in a process", measure(SWITCHES_PER_CLIENT), 0);
        tell("all", measure(switches), 0);
        tell("after the first half", measure(switches), switches / 2);
    }

    private static void tell(String which, long[] nanos, int from) {
        long[] sorted = Arrays.copyOfRange(nanos, from, nanos.length);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%s: %d switches, own time %.3f ms median, %.3f ms p99, %.3f ms most%n",
                which,
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static long[] measure(int switches) {
        int clients = (switches + SWITCHES_PER_CLIENT - 1) / SWITCHES_PER_CLIENT;
        TwoGateways net = new TwoGateways(clients);
        long[] nanos = new long[switches];
        @Nullable SwitchCost one = null;
        for (int i = 0; i < switches; i++) {
            if (one == null || i % SWITCHES_PER_CLIENT == 0) {
                one = new SwitchCost(net, net.client(i / SWITCHES_PER_CLIENT));
                one.connect();
            }
            nanos[i] = one.loseItsGateway();
        }
        return nanos;
    }

    private void connect() {
        carryOut(client.start(net.now(), null));
        if (client.currentGateway() == null) {
            throw new IllegalStateException("the client does not connect");
        }
    }

    private long loseItsGateway() {
        GatewayCandidate served = client.currentGateway();
        if (served == null) {
            throw new IllegalStateException("no gateway serves the client");
        }
        InetSocketAddress lost = served.path().remote();
        net.cutOff(lost);
        switched = false;
        carryOut(client.suspect(net.now(), Event.Suspicion.TRAFFIC_SILENCE));
        while (!switched) {
            net.jumpTo(client.nextDeadline());
            ownNanos = 0;
            exchanges = 0;
            carryOut(timed(new Input.DeadlineReached()));
        }
        if (exchanges != 1) {
            throw new IllegalStateException(exchanges + " round trips instead of one");
        }
        long cost = ownNanos;
        net.reconnect(lost);
        // A calm client moves 20 times in an hour at most.
        net.jump(600 * Now.NANOS_PER_SECOND);
        carryOut(client.handle(net.now(), new Input.DeadlineReached()));
        return cost;
    }

    private List<Effect> timed(Input input) {
        long before = threads.getCurrentThreadCpuTime();
        List<Effect> effects = client.handle(net.now(), input);
        ownNanos += threads.getCurrentThreadCpuTime() - before;
        return effects;
    }

    /// Until the wire is quiet; what follows the switch is not counted.
    private void carryOut(List<Effect> first) {
        List<Effect> effects = first;
        while (true) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send) {
                    toClient.addAll(net.answers(send));
                } else if (effect instanceof Effect.Emit(Event.SwitchCompleted _)) {
                    switched = true;
                }
            }
            Effect.Send next = toClient.poll();
            if (next == null) {
                return;
            }
            InetSocketAddress here = next.path().remote();
            InetSocketAddress there = next.path().local();
            Input arrived = new Input.Datagram(new Path(here, there, true), next.octets());
            if (switched) {
                effects = client.handle(net.now(), arrived);
            } else {
                exchanges++;
                effects = timed(arrived);
            }
        }
    }
}
