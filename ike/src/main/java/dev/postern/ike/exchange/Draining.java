package dev.postern.ike.exchange;

import dev.postern.ike.DrainOrder;
import dev.postern.ike.DrainProgress;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ticket.Session;
import dev.postern.wire.GatewayList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Empties a gateway: its clients are redirected one after another at the pace that was ordered
/// ([RedirectNotice]), whoever comes meanwhile is turned away ([RedirectResponder]), and at the
/// deadline whoever is left is parked, or deleted where it has no ticket that a Delete would end.
public final class Draining {
    /// A client that was told and stays is told again after this long: the target may have been
    /// down.
    private static final long TOLD_FOR_NANOS = 30 * Now.NANOS_PER_SECOND;

    /// How often the table is looked through for clients that came in after the last look.
    private static final long LOOK_NANOS = Now.NANOS_PER_SECOND;

    private static final long SHORTEST_STEP_NANOS = 10 * Now.NANOS_PER_MILLI;

    private final DrainOrder order;
    private final long startedAt;
    private final Deque<IkeSa> queue = new ArrayDeque<>();
    private final Map<Long, Long> toldAt = new HashMap<>();
    private long allowedFrom;
    private long nextAt;
    private boolean overdue;

    private Draining(Turn turn, DrainOrder order) {
        this.order = order;
        this.startedAt = turn.now().nanos();
        this.allowedFrom = startedAt;
        this.nextAt = startedAt;
    }

    /// Begins, or goes on by another order.
    public static void begin(Turn turn, DrainOrder order) {
        Draining before = turn.draining();
        Draining draining = new Draining(turn, order);
        if (before != null) {
            draining.toldAt.putAll(before.toldAt);
        }
        turn.setDraining(draining);
        pass(turn);
    }

    /// Clients are welcome again.
    public static void end(Turn turn) {
        turn.setDraining(null);
    }

    /// The gateway's policy while this lasts.
    ///
    /// @param own what it is otherwise, as it stands now
    RedirectPolicy policy(RedirectPolicy own) {
        return own.drainingTo(
                order.targets().backups().isEmpty() ? own.targets() : order.targets());
    }

    static long deadline(Turn turn) {
        Draining draining = turn.draining();
        return draining == null ? RequestWindow.NEVER : draining.nextAt;
    }

    /// Tells those whose turn it is.
    static void pass(Turn turn) {
        Draining draining = turn.draining();
        if (draining != null && draining.nextAt <= turn.now().nanos()) {
            draining.step(turn);
        }
    }

    private void step(Turn turn) {
        long now = turn.now().nanos();
        overdue = order.deadlineNanos() > 0 && now - startedAt >= order.deadlineNanos();
        if (overdue) {
            endAll(turn);
            nextAt = now + LOOK_NANOS;
            return;
        }
        if (queue.isEmpty()) {
            look(turn);
        }
        long interval = Math.max(1, (long) (Now.NANOS_PER_SECOND / order.ratePerSecond()));
        while (allowedFrom <= now && !queue.isEmpty()) {
            if (tell(turn, queue.remove())) {
                allowedFrom += interval;
            }
        }
        // Who was idle does not save its turns up.
        allowedFrom = Math.max(allowedFrom, now);
        nextAt =
                queue.isEmpty()
                        ? Math.max(allowedFrom, now + LOOK_NANOS)
                        : Math.max(allowedFrom, now + SHORTEST_STEP_NANOS);
        if (order.deadlineNanos() > 0) {
            nextAt = Math.min(nextAt, startedAt + order.deadlineNanos());
        }
    }

    private void look(Turn turn) {
        long now = turn.now().nanos();
        toldAt.keySet().removeIf(handle -> turn.table().byHandle(handle) == null);
        for (IkeSa sa : turn.table().all()) {
            Long told = toldAt.get(sa.handle());
            if (isRedirectable(turn, sa) && (told == null || now - told >= TOLD_FOR_NANOS)) {
                queue.add(sa);
            }
        }
    }

    private static boolean isRedirectable(Turn turn, IkeSa sa) {
        return sa.isEstablished() && !sa.isClient() && isWilling(turn, sa);
    }

    private static boolean isWilling(Turn turn, IkeSa sa) {
        return sa.has(Session.Extension.REDIRECT) || SwitchInitiator.isPossible(turn, sa);
    }

    private boolean tell(Turn turn, IkeSa sa) {
        if (turn.table().byHandle(sa.handle()) != sa || !isRedirectable(turn, sa)) {
            return false;
        }
        GatewayList.@Nullable Entry target =
                turn.redirects().target(sa.sessionId(), null, sa.relation().peerSentVendorId());
        if (target == null) {
            return false;
        }
        toldAt.put(sa.handle(), turn.now().nanos());
        Router.redirect(turn, sa.handle(), target);
        return true;
    }

    /// Whether nobody is to be served any more, willing to go or not.
    boolean isOverdue() {
        return overdue;
    }

    private static void endAll(Turn turn) {
        for (IkeSa sa : turn.table().all()) {
            if (sa.session() != null && !sa.isClient() && sa.isEstablished()) {
                if (canResume(sa)) {
                    turn.concern(sa);
                    Parking.park(turn, sa);
                    turn.table().timers().schedule(sa);
                } else {
                    Router.endWith(turn, sa, CloseReason.REDIRECTED);
                }
            }
        }
    }

    /// A Delete would end its ticket.
    private static boolean canResume(IkeSa sa) {
        return sa.relation().peerSentVendorId()
                && (sa.relation().isTicketed() || sa.record() != null);
    }

    /// How far the endpoint is.
    public static DrainProgress progress(Turn turn) {
        Draining draining = turn.draining();
        int left = 0;
        int told = 0;
        int unwilling = 0;
        for (IkeSa sa : turn.table().all()) {
            if (sa.session() != null && !sa.isClient() && !(sa.state() instanceof Restored)) {
                left++;
                unwilling += isWilling(turn, sa) ? 0 : 1;
                told += draining != null && draining.toldAt.containsKey(sa.handle()) ? 1 : 0;
            }
        }
        return new DrainProgress(draining != null, left, told, unwilling);
    }
}
