package dev.postern.ike.failover;

import dev.postern.ike.Answer;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The DNS of a [Neighbourhood]. What it knows nothing of it does not answer.
final class NameServer {
    record Question(long nanos, long askId, GatewayName name) {}

    final List<Question> asked = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();

    void says(String owner, long ttlSeconds, FoundGateway... gateways) {
        answers.put(owner, new Answer.GatewaysFound(List.of(gateways), ttlSeconds));
    }

    void denies(String owner, String reason) {
        answers.put(owner, new Answer.GatewaysNotFound(reason));
    }

    void isSilent() {
        answers.clear();
    }

    @Nullable Answer answer(GatewayName name) {
        return answers.get(name.owner());
    }
}
