package dev.postern.bench;

import dev.postern.crypto.SecretBytes;
import dev.postern.esp.SecurityAssociations;
import dev.postern.gateway.dataplane.ChildSaParameters;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// What hot standby costs: CPU of the active member per session that is set up, with and without
/// records for a standby; octets of a record; and how long a standby takes from the moment that it
/// owns the address until all clients have synchronized their counters. `HotTakeover [SESSIONS]`.
public final class HotTakeover {
    private final EndpointPair pair =
            new EndpointPair(StandbyPolicy.DEFAULT.protecting(Set.of("bench")));
    private final SecurityAssociations associations = new SecurityAssociations();

    private HotTakeover() {}

    public static void main(String[] arguments) throws MalformedException {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        EndpointPair alone = new EndpointPair();
        connect(alone, sessions);
        double without = alone.takeGatewayNanos() / 1e3 / sessions;
        new HotTakeover().run(sessions, without);
    }

    private static void connect(EndpointPair pair, int sessions) {
        for (int i = 0; i < sessions; i++) {
            pair.handshake();
        }
    }

    private void run(int sessions, double without) throws MalformedException {
        connect(pair, sessions);
        double with = pair.takeGatewayNanos() / 1e3 / sessions;
        long octets = pair.records().values().stream().mapToLong(SecretBytes::length).sum();
        System.out.printf(
                Locale.ROOT,
                "%d sessions: %.0f us CPU each to set up without a standby, %.0f us with one;"
                        + " %d octets a record%n",
                sessions,
                without,
                with,
                octets / pair.records().size());
        takeOver(sessions);
    }

    private void takeOver(int sessions) throws MalformedException {
        long start = System.nanoTime();
        List<StandbyRecord> records = new ArrayList<>(sessions);
        for (SecretBytes octets : pair.records().values()) {
            records.add(StandbyFormat.decode(octets));
        }
        long decoded = System.nanoTime();
        IkeEndpoint member = pair.nextMember();
        carryOut(member, member.handle(EndpointPair.now(), new Input.TakeOver(records, 1)));
        long installed = 0;
        while (member.counters().get(Counter.SYNCHRONIZED) < sessions) {
            long wait = member.nextDeadline() - System.nanoTime();
            if (member.nextDeadline() <= System.nanoTime()) {
                carryOut(member, member.handle(EndpointPair.now(), new Input.DeadlineReached()));
            } else {
                LockSupport.parkNanos(wait);
            }
            if (installed == 0 && member.counters().get(Counter.TAKEN_OVER) == sessions) {
                installed = System.nanoTime();
            }
        }
        long done = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "takeover: %.2f s to read the records, %.2f s until every Child SA sends, %.2f s"
                        + " until every client is synchronized%n",
                (decoded - start) / 1e9,
                (installed - start) / 1e9,
                (done - start) / 1e9);
        if (associations.size() != sessions) {
            throw new IllegalStateException(associations.size() + " SA pairs of " + sessions);
        }
    }

    private void carryOut(IkeEndpoint member, List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Send send -> answer(member, send);
                case Effect.InstallChildSa(ChildSaInstallation child) -> {
                    try (SecretBytes _ = child.inboundKey();
                            SecretBytes _ = child.outboundKey()) {
                        associations.install(ChildSaParameters.of(child));
                    }
                }
                case Effect.ActivateChildSa active -> associations.confirm(active.inboundSpi());
                case Effect.KeepRecord(StandbyRecord record) -> {
                    StandbyFormat.encode(record).close();
                    record.close();
                }
                case Effect.MoveChildSa _,
                        Effect.RemoveChildSa _,
                        Effect.SkipSequences _,
                        Effect.KeepCounters _,
                        Effect.ForgetRecord _,
                        Effect.Raise _,
                        Effect.Emit _,
                        Effect.LogKeys _ -> {}
            }
        }
    }

    private void answer(IkeEndpoint member, Effect.Send send) {
        Input request = new Input.Datagram(send.path(), send.octets());
        for (Effect effect : pair.client().handle(EndpointPair.now(), request)) {
            if (effect instanceof Effect.Send reply) {
                carryOut(
                        member,
                        member.handle(
                                EndpointPair.now(),
                                new Input.Datagram(reply.path(), reply.octets())));
            }
        }
    }
}
