package dev.postern.cluster;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRole.Action;
import dev.postern.cluster.StandbyRole.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What a member behind shared addresses does, step by step, as [StandbyRole] decides:
///
///     owner lost --> acquire --> Owned(epoch) --> addresses --> endpoint knows epoch --> gate open --> records
///     epoch gone, not primary --> gate closed --> StandDown --> addresses away
///
/// The epoch is raised and kept in the cluster before the addresses move, and before the first
/// packet under it. Single-threaded, but for what it tells of itself; time comes in.
public final class StandbyConduct {
    /// By which name the cluster knows the addresses ([Ownership]).
    public static final String THING = "shared addresses";

    /// How often [#look] is to be called, in nanoseconds.
    public static final long LOOK_NANOS = 200_000_000L;

    private static final long RENEW_NANOS = 500_000_000L;

    /// After the takeover, in looks: hosts that were busy, and the lost member's last words.
    private static final Set<Integer> ANNOUNCED_AT = Set.of(5, 10, 20, 50);

    /// The addresses that the members share, as this one can have them or not.
    public interface Addresses {
        /// They are ours from now on, and the network hears of it.
        ///
        /// @throws IOException in words, where that cannot be
        void raise(int epoch) throws IOException;

        /// They are still ours; they do not stay for long without this.
        void renew() throws IOException;

        /// Says again where they are; a switch or a host may have missed it.
        void announce() throws IOException;

        /// They are another member's from now on.
        void lower() throws IOException;
    }

    /// The control plane behind the addresses.
    public interface Endpoint extends SessionTakeover.Successor {
        /// Ends all that is protected, without a word, and returns when that is done.
        void standDown();
    }

    /// Hears what becomes of the member.
    public interface Listener {
        /// It serves.
        ///
        /// @param after who did before; empty for nobody known
        void active(int epoch, String after);

        /// It carries on with all that the members before it have left.
        ///
        /// @param now monotonic nanoseconds
        void settled(SessionTakeover takeover, long now);

        void passive(String reason);

        /// Something of the addresses cannot be done.
        void troubled(String what, IOException why);

        /// The addresses have changed hands as often as they can.
        void exhausted(long epoch);
    }

    /// What the member acts upon.
    ///
    /// @param answers where the cluster's answer to a wish for the addresses goes: to [#judged], on
    ///   the one thread
    public record Means(
            Ownership ownership,
            Consumer<Outcome> answers,
            StandbyRecords records,
            Addresses addresses,
            Endpoint endpoint,
            TakenLeases leases) {}

    private final StandbyRole role;
    private final List<String> members;
    private final Means means;
    private final Listener listener;
    private volatile int epoch;
    private volatile @Nullable SessionTakeover takeover;
    private String lastOwner = "";
    private long renewedAt;
    private int looks;

    /// @param members names of all nodes that share the addresses, our own first
    public StandbyConduct(StandbyRole role, List<String> members, Means means, Listener listener) {
        this.role = role;
        this.members = List.copyOf(members);
        this.means = means;
        this.listener = listener;
    }

    /// Under which epoch this member serves; 0 where it is a standby: nothing may come in then that
    /// is for the shared addresses. For any thread.
    public int epoch() {
        return epoch;
    }

    /// Whether the IKE SAs of the member before us are all here; until then only what belongs to
    /// those that stand may come in. For any thread.
    public boolean isSettled() {
        return takeover == null;
    }

    /// Whether a message for the shared addresses may come in: as a standby none, and while IKE SAs
    /// are taken over none but what belongs to those that stand already. For any thread.
    ///
    /// @param held whether the message belongs to an IKE SA that stands here
    public boolean admits(BooleanSupplier held) {
        return epoch != 0 && (isSettled() || held.getAsBoolean());
    }

    /// Who has the addresses as far as is known here; null for nobody. For any thread.
    public @Nullable Held owner() {
        return means.ownership().heldHere(THING);
    }

    /// What this member sees, every [#LOOK_NANOS] and whenever it has changed.
    ///
    /// @param now monotonic nanoseconds, here as elsewhere
    public void look(long now, View view, boolean primary) {
        Held held = owner();
        if (held != null) {
            lastOwner = held.node();
        }
        step(now, new Step.Look(view, primary, held));
        if (role.epoch() != 0) {
            tend(now);
        }
    }

    /// The cluster's answer to a wish for the addresses.
    public void judged(long now, Outcome outcome) {
        step(now, new Step.Judged(outcome));
    }

    /// Inner addresses came with a takeover.
    public void taken(Collection<InetAddress> innerAddresses) {
        means.leases().add(innerAddresses);
    }

    /// Hands the addresses and the clients on to the next member.
    public void end(long now) {
        step(now, new Step.End());
    }

    private void step(long now, Step step) {
        for (Action action : role.handle(now, step)) {
            carryOut(now, action);
        }
    }

    private void carryOut(long now, Action action) {
        switch (action) {
            case Action.Acquire _ -> means.ownership().acquire(THING, means.answers());
            case Action.Serve serve -> serve(now, serve);
            case Action.StandDown(String reason) -> standDown(reason);
            case Action.Release _ -> {
                means.records().flush();
                means.ownership().release(THING);
            }
            case Action.Discard _ -> means.records().clear();
            case Action.Exhausted(long last) -> listener.exhausted(last);
        }
    }

    private void serve(long now, Action.Serve serve) {
        int next = serve.epoch();
        try {
            means.addresses().raise(next);
        } catch (IOException e) {
            listener.troubled("the shared addresses cannot be had", e);
            lower();
            step(now, new Step.Failed());
            return;
        }
        renewedAt = now;
        looks = 0;
        SessionTakeover begun =
                new SessionTakeover(means.records(), means.endpoint(), serve, inOrder(), now);
        takeover = begun;
        begun.announce();
        epoch = next;
        listener.active(next, lastOwner);
        begun.begin();
    }

    /// The last owner's records are the newest.
    private List<String> inOrder() {
        Set<String> nodes = new LinkedHashSet<>();
        if (!lastOwner.isEmpty()) {
            nodes.add(lastOwner);
        }
        nodes.addAll(members);
        return new ArrayList<>(nodes);
    }

    /// While this member serves.
    private void tend(long now) {
        SessionTakeover begun = takeover;
        boolean done = begun != null && begun.isDone();
        if (begun != null && done) {
            takeover = null;
            begun.finish();
            listener.settled(begun, now);
            means.leases().ask();
        }
        looks++;
        try {
            if (now - renewedAt >= RENEW_NANOS) {
                renewedAt = now;
                means.addresses().renew();
                if (takeover == null) {
                    means.leases().askAgain();
                }
            }
            if (done || ANNOUNCED_AT.contains(looks)) {
                means.addresses().announce();
            }
        } catch (IOException e) {
            listener.troubled("the shared addresses do not stay", e);
            standDown("the shared addresses do not stay");
            step(now, new Step.Failed());
        }
    }

    private void standDown(String reason) {
        epoch = 0;
        SessionTakeover begun = takeover;
        if (begun != null) {
            begun.abandon();
            takeover = null;
        }
        means.endpoint().standDown();
        lower();
        listener.passive(reason);
    }

    private void lower() {
        try {
            means.addresses().lower();
        } catch (IOException e) {
            listener.troubled("the shared addresses stay here", e);
        }
    }
}
