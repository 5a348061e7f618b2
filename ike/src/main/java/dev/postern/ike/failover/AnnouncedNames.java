package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.Now;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Names on the list of the gateway that serves us (ALT_GW_LIST, type 3) by which no gateway goes
/// that we know: each is looked up, and its addresses stand in its place. A name is asked for when
/// a list brings it and when every gateway has failed; nobody vouches for the answer, so whoever is
/// there has to show an identity that we accept, as with addresses on the list.
final class AnnouncedNames {
    /// Behind one name.
    static final int MOST_ADDRESSES = 4;

    private final DiscoveryPolicy policy;
    private final RetryPolicy retry;
    private final Entropy entropy;
    private final GatewayOrder gateways;
    private final Outbox outbox;
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private long lastAskId = Long.MIN_VALUE;

    private static final class Question {
        /// 0 while nothing is asked.
        private long askId;

        private long deadline = Long.MAX_VALUE;
        private long dueAt;
        private long lastAsked;
        private int failures;
        private String state = "not asked yet";
        private List<String> passedOver = List.of();
    }

    AnnouncedNames(
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
    }

    /// Whether the question was ours; those of [NameLookups] count down from 0.
    static boolean owns(long askId) {
        return askId < Long.MIN_VALUE / 2;
    }

    /// Asks for what the newest list has brought, and gives up on what was not answered.
    void wakeUp(Now now) {
        List<String> names = gateways.unknownNames();
        questions.keySet().retainAll(names);
        for (String name : names) {
            Question question = questions.computeIfAbsent(name, _ -> new Question());
            if (question.askId != 0 && question.deadline <= now.nanos()) {
                failed(now, name, question, "nobody has answered in time");
            }
            if (question.askId == 0 && question.dueAt <= now.nanos()) {
                ask(now, name, question);
            }
        }
    }

    private void ask(Now now, String name, Question question) {
        question.askId = ++lastAskId;
        question.deadline = now.nanos() + policy.patienceNanos();
        question.lastAsked = now.nanos();
        outbox.add(
                new Effect.Raise(
                        question.askId,
                        new Ask.LookUpGateways(
                                GatewayName.addresses(name, GatewayName.NAT_TRAVERSAL_PORT))));
    }

    /// Every gateway has failed: perhaps the names stand for others by now.
    void ranOut(Now now) {
        for (Question question : questions.values()) {
            long soonest = question.lastAsked + policy.shortestNanos();
            question.dueAt = Math.min(question.dueAt, Math.max(now.nanos(), soonest));
        }
    }

    /// Takes an answer over, unless it is late or was given before; whether it names a gateway that
    /// was not known.
    boolean answered(Now now, long askId, Answer answer) {
        for (Map.Entry<String, Question> asked : questions.entrySet()) {
            if (asked.getValue().askId == askId) {
                return judge(now, asked.getKey(), asked.getValue(), answer);
            }
        }
        answer.discard();
        return false;
    }

    private boolean judge(Now now, String name, Question question, Answer answer) {
        if (!(answer instanceof Answer.GatewaysFound found)) {
            failed(
                    now,
                    name,
                    question,
                    answer instanceof Answer.GatewaysNotFound(String reason)
                            ? reason
                            : "the answer is none to the question");
            return false;
        }
        List<GatewayList.Address> addresses = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (FoundGateway each : found.gateways()) {
            String objection = objection(each, addresses.size());
            if (objection == null) {
                addresses.add(
                        new GatewayList.Address(
                                Octets.of(each.remote().getAddress().getAddress()),
                                each.remote().getPort()));
            } else if (passedOver.size() < MOST_ADDRESSES) {
                passedOver.add(each.remote().getAddress().getHostAddress() + ": " + objection);
            }
        }
        question.failures = 0;
        close(question, Long.MAX_VALUE);
        boolean news = gateways.resolved(name, addresses);
        question.state = addresses.isEmpty() ? "no address of it is of use" : "answered";
        question.passedOver = passedOver;
        tell(
                name,
                addresses.stream().map(GatewayList::text).toList(),
                passedOver,
                addresses.isEmpty() ? question.state : "",
                0);
        return news;
    }

    private @Nullable String objection(FoundGateway found, int already) {
        String useless = policy.scope().objection(found.remote().getAddress());
        if (useless != null) {
            return useless;
        }
        if (found.path() == null) {
            return "this host has no way there";
        }
        return already == MOST_ADDRESSES ? "there are enough without it" : null;
    }

    private void failed(Now now, String name, Question question, String reason) {
        long wait = Math.max(retry.wait(question.failures, entropy), policy.shortestNanos());
        question.failures++;
        question.state = reason;
        question.passedOver = List.of();
        close(question, now.nanos() + wait);
        tell(name, List.of(), List.of(), reason, wait);
    }

    private static void close(Question question, long dueAt) {
        question.askId = 0;
        question.deadline = Long.MAX_VALUE;
        question.dueAt = dueAt;
    }

    private void tell(
            String name,
            List<String> found,
            List<String> passedOver,
            String trouble,
            long againNanos) {
        outbox.emit(new Event.GatewaysLookedUp(0, name, found, passedOver, trouble, againNanos));
    }

    /// How each name on the list stands.
    List<GatewayOverview.Name> overview(Now now) {
        List<GatewayOverview.Name> names = new ArrayList<>();
        questions.forEach((name, question) -> {
            boolean asking = question.askId != 0;
            boolean again = !asking && question.dueAt != Long.MAX_VALUE;
            names.add(
                    new GatewayOverview.Name(
                            name,
                            GatewaySource.ANNOUNCED,
                            asking ? "being asked, before: " + question.state : question.state,
                            question.passedOver,
                            again ? Math.max(0, question.dueAt - now.nanos()) : 0));
        });
        return names;
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Question question : questions.values()) {
            earliest = Math.min(earliest, question.askId == 0 ? question.dueAt : question.deadline);
        }
        return earliest;
    }
}
