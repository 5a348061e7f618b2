package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// How a client comes to know gateways beside the addresses that its gateways tell it: by name, be
/// it its own or one on their list, and from its application. Tells the [Course] when there are new
/// ones.
final class Discovery {
    /// How long a name that stands first in the client's list holds up those that are known by
    /// address.
    private static final long HEAD_START_NANOS = Now.NANOS_PER_SECOND;

    private final Course course;
    private final Outbox outbox;
    private final NameLookups lookups;
    private final AnnouncedNames announced;
    private final @Nullable Rank firstByAddress;
    private long heldUntil = Long.MAX_VALUE;
    private boolean held;
    private @Nullable ResumableSession kept;

    Discovery(ClientPolicy policy, Course course, Entropy entropy, Outbox outbox) {
        this.course = course;
        this.outbox = outbox;
        this.lookups =
                new NameLookups(
                        policy.discovery(), policy.retry(), entropy, course.gateways(), outbox);
        this.announced =
                new AnnouncedNames(
                        policy.discovery(), policy.retry(), entropy, course.gateways(), outbox);
        Rank first = null;
        for (int i = 0; i < policy.gateways().size(); i++) {
            Rank rank = policy.discovery().rankOf(i);
            first = first == null || rank.priority() < first.priority() ? rank : first;
        }
        this.firstByAddress = first;
    }

    /// Connects as soon as it is known where to begin.
    void start(Now now, @Nullable ResumableSession session) {
        kept = session;
        held = true;
        heldUntil = now.nanos() + HEAD_START_NANOS;
        lookups.wakeUp(now);
        release(now);
    }

    private void release(Now now) {
        if (held && (heldUntil <= now.nanos() || !lookups.standsFirst(firstByAddress))) {
            held = false;
            heldUntil = Long.MAX_VALUE;
            course.start(now, kept);
            kept = null;
        }
    }

    void stop() {
        held = false;
        heldUntil = Long.MAX_VALUE;
        kept = null;
    }

    /// Whether the input is for us: an answer to a question of ours.
    boolean takes(Now now, Input input) {
        if (!(input instanceof Input.Answered answered) || !NameLookups.owns(answered.askId())) {
            return false;
        }
        boolean news =
                AnnouncedNames.owns(answered.askId())
                        ? announced.answered(now, answered.askId(), answered.answer())
                        : lookups.answered(now, answered.askId(), answered.answer());
        if (held) {
            release(now);
        } else if (news) {
            course.lookAround(now);
        }
        return true;
    }

    void wakeUp(Now now) {
        if (outbox.tells(Event.RetryScheduled.class)) {
            lookups.ranOut(now);
            announced.ranOut(now);
        }
        if (held || course.isAwake()) {
            lookups.wakeUp(now);
            announced.wakeUp(now);
        }
        release(now);
    }

    long nextDeadline() {
        return held || course.isAwake()
                ? Math.min(heldUntil, Math.min(lookups.nextDeadline(), announced.nextDeadline()))
                : Long.MAX_VALUE;
    }

    boolean add(Now now, GatewayCandidate gateway, Rank rank) {
        boolean added = course.gateways().add(gateway, rank) != null;
        if (added && !held) {
            course.lookAround(now);
        }
        return added;
    }

    GatewayOverview overview(Now now) {
        Primary serving = course.primary();
        List<GatewayOverview.Name> names = new ArrayList<>(lookups.overview(now));
        names.addAll(announced.overview(now));
        return GatewayOverview.of(
                course.gateways(), names, serving == null ? -1 : serving.gateway(), now);
    }
}
