package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// When a client asks the DNS for the gateways that it knows by name: at the start, when a TTL
/// ends, and when every gateway that it knows has failed; never more often than
/// [DiscoveryPolicy#shortestNanos] says. What was found holds until something else is found: a name
/// that does not resolve for once takes no gateway away.
final class NameLookups {
    private final DiscoveryPolicy policy;
    private final RetryPolicy retry;
    private final Entropy entropy;
    private final GatewayOrder gateways;
    private final Outbox outbox;
    private final List<Lookup> lookups = new ArrayList<>();
    private long lastAskId;

    /// One name.
    private static final class Lookup {
        /// 0 while nothing is asked.
        private long askId;

        private long deadline = Long.MAX_VALUE;
        private long dueAt;
        private long lastAsked;
        private int failures;
        private boolean everJudged;
        private boolean everAsked;
        private String state = "never asked";
        private List<String> passedOver = List.of();
    }

    NameLookups(
            DiscoveryPolicy policy,
            RetryPolicy retry,
            Entropy entropy,
            GatewayOrder gateways,
            Outbox outbox) {
        this.policy = policy;
        this.retry = retry;
        this.entropy = entropy;
        this.gateways = gateways;
        this.outbox = outbox;
        policy.names().forEach(_ -> lookups.add(new Lookup()));
    }

    /// Asks what is due, and gives up on what was not answered.
    void wakeUp(Now now) {
        for (int i = 0; i < lookups.size(); i++) {
            Lookup lookup = lookups.get(i);
            if (lookup.askId != 0 && lookup.deadline <= now.nanos()) {
                failed(now, i, "nobody has answered in time");
            }
            if (lookup.askId == 0 && lookup.dueAt <= now.nanos()) {
                ask(now, i);
            }
        }
    }

    private void ask(Now now, int name) {
        Lookup lookup = lookups.get(name);
        lookup.askId = --lastAskId;
        lookup.deadline = now.nanos() + policy.patienceNanos();
        lookup.lastAsked = now.nanos();
        lookup.everAsked = true;
        outbox.add(
                new Effect.Raise(
                        lookup.askId, new Ask.LookUpGateways(policy.names().get(name).name())));
    }

    /// Every gateway has failed: perhaps there are others by now.
    void ranOut(Now now) {
        for (Lookup lookup : lookups) {
            if (lookup.everAsked) {
                long soonest = lookup.lastAsked + policy.shortestNanos();
                lookup.dueAt = Math.min(lookup.dueAt, Math.max(now.nanos(), soonest));
            }
        }
    }

    /// Whether the question was ours.
    static boolean owns(long askId) {
        return askId < 0;
    }

    /// Takes an answer over, unless it is late or was given before; whether it names a gateway that
    /// was not known.
    boolean answered(Now now, long askId, Answer answer) {
        for (int i = 0; i < lookups.size(); i++) {
            if (lookups.get(i).askId == askId) {
                return judge(now, i, answer);
            }
        }
        answer.discard();
        return false;
    }

    private boolean judge(Now now, int name, Answer answer) {
        if (answer instanceof Answer.GatewaysFound found) {
            Harvest harvest = gateways.found(name, found.gateways());
            long wait =
                    Math.clamp(
                            Math.multiplyExact(
                                    Math.clamp(found.ttlSeconds(), 0, 604_800),
                                    Now.NANOS_PER_SECOND),
                            policy.shortestNanos(),
                            policy.longestNanos());
            Lookup lookup = lookups.get(name);
            lookup.failures = 0;
            String trouble = harvest.gateways().isEmpty() ? "no address of it is of use" : "";
            close(now, name, wait, harvest, trouble);
            return harvest.news();
        }
        failed(
                now,
                name,
                answer instanceof Answer.GatewaysNotFound(String reason)
                        ? reason
                        : "the answer is none to the question");
        return false;
    }

    private void failed(Now now, int name, String reason) {
        Lookup lookup = lookups.get(name);
        long wait = retry.wait(lookup.failures, entropy);
        lookup.failures++;
        close(now, name, Math.max(wait, Now.NANOS_PER_SECOND), Harvest.NONE, reason);
    }

    private void close(Now now, int name, long wait, Harvest harvest, String trouble) {
        Lookup lookup = lookups.get(name);
        lookup.askId = 0;
        lookup.deadline = Long.MAX_VALUE;
        lookup.dueAt = now.nanos() + wait;
        lookup.everJudged = true;
        lookup.state = trouble.isEmpty() ? "answered" : trouble;
        lookup.passedOver = harvest.passedOver();
        outbox.emit(
                new Event.GatewaysLookedUp(
                        0,
                        policy.names().get(name).name().toString(),
                        harvest.gateways(),
                        harvest.passedOver(),
                        trouble,
                        wait));
    }

    /// Whether a name that stands before every gateway known by address has not been looked up yet,
    /// for better or worse.
    boolean standsFirst(@Nullable Rank firstByAddress) {
        for (int i = 0; i < lookups.size(); i++) {
            int priority = policy.names().get(i).rank().priority();
            if (!lookups.get(i).everJudged
                    && (firstByAddress == null || priority < firstByAddress.priority())) {
                return true;
            }
        }
        return false;
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Lookup lookup : lookups) {
            earliest = Math.min(earliest, lookup.askId == 0 ? lookup.dueAt : lookup.deadline);
        }
        return earliest;
    }

    /// How each name stands.
    List<GatewayOverview.Name> overview(Now now) {
        List<GatewayOverview.Name> names = new ArrayList<>();
        for (int i = 0; i < lookups.size(); i++) {
            Lookup lookup = lookups.get(i);
            boolean asking = lookup.askId != 0;
            names.add(
                    new GatewayOverview.Name(
                            policy.names().get(i).name().toString(),
                            policy.names().get(i).source(),
                            asking ? "being asked, before: " + lookup.state : lookup.state,
                            lookup.passedOver,
                            asking ? 0 : Math.max(0, lookup.dueAt - now.nanos())));
        }
        return names;
    }
}
