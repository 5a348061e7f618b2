package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.SecurityAssociations;
import dev.postern.gateway.dataplane.ChildSaParameters;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Takes over throwaway IKE SAs again and again while this member stands by, so that the JVM's
/// compiler has seen the code when the day comes: all clients of a lost member wait for it then. On
/// a thread of its own that rests most of the time; it ends when it is done, or the member serves.
/// Nothing of it leaves the process, and its keys are as random as any.
final class TakeoverRehearsal {
    private static final int SESSIONS = 50;

    /// So many takeovers in all that the compiler thinks the code worth its best.
    private static final int ROUNDS = 200;

    private static final long CALM_NANOS = 10_000_000_000L;
    private static final long REST_NANOS = 50_000_000L;

    private static final StandbyPolicy POLICY =
            StandbyPolicy.DEFAULT.protecting(Set.of(Rehearsal.NAME));

    private final Rehearsal rehearsal;
    private final BooleanSupplier standsBy;

    /// @param standsBy whether to go on; asked on the rehearsal's thread
    TakeoverRehearsal(Entropy entropy, IkeSuite ike, EspSuite esp, BooleanSupplier standsBy) {
        this.rehearsal = new Rehearsal(entropy, ike, esp);
        this.standsBy = standsBy;
    }

    /// Runs it in the background, not at once: a member that has just started has better to do, and
    /// may be the one that serves.
    void begin(EventLog events) {
        Thread.ofPlatform()
                .daemon()
                .name("takeover-rehearsal")
                .start(() -> {
                    LockSupport.parkNanos(CALM_NANOS);
                    long began = System.nanoTime();
                    int taken = run(() -> LockSupport.parkNanos(REST_NANOS));
                    if (standsBy.getAsBoolean()) {
                        events.line(
                                "takeover-rehearsed",
                                "taken",
                                taken,
                                "millis",
                                (System.nanoTime() - began) / 1_000_000);
                    }
                });
    }

    /// @param rest between the rounds
    /// @return how many IKE SAs it has carried on with
    int run(Runnable rest) {
        Rehearsal.Ends ends = rehearsal.ends();
        List<SecretBytes> left = records(ends);
        int taken = 0;
        for (int round = 0; round < ROUNDS && standsBy.getAsBoolean(); round++) {
            taken += takeOver(ends, left);
            rest.run();
        }
        left.forEach(SecretBytes::close);
        return taken;
    }

    /// What a member leaves that has served clients.
    private List<SecretBytes> records(Rehearsal.Ends ends) {
        List<SecretBytes> left = new ArrayList<>();
        IkeEndpoint member = rehearsal.gateway(ends, 0, POLICY);
        IkeEndpoint client = rehearsal.client();
        Now now = new Now(System.nanoTime(), 1);
        for (int handle = 1; handle <= SESSIONS && standsBy.getAsBoolean(); handle++) {
            Rehearsal.converse(
                    now,
                    client,
                    member,
                    Rehearsal.initiate(ends, handle),
                    effect -> {
                        if (effect instanceof Effect.KeepRecord(StandbyRecord record)) {
                            left.add(StandbyFormat.encode(record));
                            record.close();
                        }
                    });
        }
        return left;
    }

    private int takeOver(Rehearsal.Ends ends, List<SecretBytes> left) {
        List<StandbyRecord> records = new ArrayList<>(left.size());
        for (SecretBytes octets : left) {
            try {
                records.add(StandbyFormat.decode(octets));
            } catch (MalformedException e) {
                throw new IllegalStateException("a record of our own does not decode", e);
            }
        }
        IkeEndpoint successor = rehearsal.gateway(ends, 1, POLICY);
        SecurityAssociations associations = new SecurityAssociations();
        Now now = new Now(System.nanoTime(), 1);
        carryOut(associations, successor.handle(now, new Input.TakeOver(records, 1)));
        // Its pace is not ours: here time passes from deadline to deadline.
        for (int i = 0; i < left.size() && judged(successor) < left.size(); i++) {
            now = new Now(Math.max(now.nanos(), successor.nextDeadline()), 1);
            carryOut(associations, successor.handle(now, new Input.DeadlineReached()));
        }
        int taken = Math.toIntExact(successor.counters().get(Counter.TAKEN_OVER));
        carryOut(associations, successor.handle(now, new Input.StandDown()));
        associations.close();
        return taken;
    }

    private static long judged(IkeEndpoint successor) {
        return successor.counters().get(Counter.TAKEN_OVER)
                + successor.counters().get(Counter.REFUSED_TAKE_OVER);
    }

    private static void carryOut(SecurityAssociations associations, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.InstallChildSa(ChildSaInstallation child)) {
                try (SecretBytes _ = child.inboundKey();
                        SecretBytes _ = child.outboundKey()) {
                    associations.install(ChildSaParameters.of(child));
                }
            } else if (effect instanceof Effect.ActivateChildSa active) {
                associations.confirm(active.inboundSpi());
            } else if (effect instanceof Effect.KeepRecord(StandbyRecord record)) {
                StandbyFormat.encode(record).close();
                record.close();
            }
        }
    }
}
