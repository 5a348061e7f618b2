package dev.postern.bench;

import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.failover.FailoverClient;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// Clients in one process, for load and simulation, and the loss of the gateway that serves them
/// all: live heap of clients and gateways together, and who is served afterwards. `ManyClients
/// [CLIENTS]`.
public final class ManyClients {
    private final TwoGateways net;
    private final List<FailoverClient> clients = new ArrayList<>();

    private ManyClients(int count) {
        net = new TwoGateways(count);
        for (int number = 0; number < count; number++) {
            clients.add(net.client(number));
        }
    }

    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
        ManyClients all = new ManyClients(count);
        for (FailoverClient client : all.clients) {
            all.carryOut(client, client.start(all.net.now(), null));
        }
        System.out.printf(Locale.ROOT, "%d of %d connected, %s%n", all.at("gw-a"), count, heap());
        all.net.cutOff(TwoGateways.A);
        long before = System.nanoTime();
        while (all.at("gw-b") < count) {
            all.passToTheNextDeadline();
        }
        System.out.printf(
                Locale.ROOT,
                "%d of %d moved, %.1f s of this process's time, %s%n",
                all.at("gw-b"),
                count,
                (System.nanoTime() - before) / 1e9,
                heap());
    }

    private long at(String gateway) {
        return clients.stream()
                .map(FailoverClient::currentGateway)
                .filter(candidate -> candidate != null && candidate.name().equals(gateway))
                .count();
    }

    private static String heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return String.format(Locale.ROOT, "%.1f MB of live heap", least / 1e6);
    }

    private void passToTheNextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (FailoverClient client : clients) {
            earliest = Math.min(earliest, client.nextDeadline());
        }
        net.jumpTo(earliest);
        for (FailoverClient client : clients) {
            if (client.nextDeadline() <= earliest) {
                carryOut(client, client.handle(net.now(), new Input.DeadlineReached()));
            }
        }
    }

    private void carryOut(FailoverClient client, List<Effect> first) {
        Deque<Effect> effects = new ArrayDeque<>(first);
        for (Effect effect = effects.poll(); effect != null; effect = effects.poll()) {
            if (effect instanceof Effect.Send sent) {
                for (Effect.Send answer : net.answers(sent)) {
                    InetSocketAddress here = answer.path().remote();
                    InetSocketAddress there = answer.path().local();
                    Path path = new Path(here, there, true);
                    effects.addAll(
                            client.handle(net.now(), new Input.Datagram(path, answer.octets())));
                }
            }
        }
    }
}
