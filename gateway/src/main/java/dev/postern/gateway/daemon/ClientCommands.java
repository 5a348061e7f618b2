package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.GatewayAddress;
import dev.postern.gateway.daemon.LoopQuestions.Question;
import dev.postern.gateway.daemon.LoopQuestions.Reply;
import dev.postern.gateway.daemon.LoopQuestions.UnansweredException;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.GatewayReference;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What can be said to a running client.
final class ClientCommands implements AdminServer.Commands {
    private static final String PARKED = "parked";
    private static final String NOWHERE = "nowhere";

    private final FailoverClient client;
    private final LoopQuestions questions;

    ClientCommands(FailoverClient client, EndpointLoop loop) {
        this.client = client;
        this.questions = new LoopQuestions(loop);
    }

    @Override
    public List<String> run(List<String> words) throws AdminException {
        return switch (words.getFirst()) {
            case "switch" -> {
                if (words.size() > 2) {
                    throw new AdminException("wanted is: switch [GATEWAY]");
                }
                yield List.of(begin(words.size() == 2 ? words.get(1) : ""));
            }
            case "park" -> List.of(park());
            case "gateway" -> List.of(where());
            case "gateways" -> gateways(words.contains("json"));
            case "check" -> {
                ask(now -> toldOf(client.suspect(now, Event.Suspicion.APPLICATION)));
                yield List.of("checking " + where());
            }
            default ->
                    throw new AdminException(
                            "there is no command \""
                                    + words.getFirst()
                                    + "\"; legal are status, events, last, down, switch,"
                                    + " park, gateway, gateways, check");
        };
    }

    private List<String> gateways(boolean json) throws AdminException {
        GatewayOverview seen = ask(now -> new Reply<>(client.gateways(now), List.of()));
        return json ? List.of(GatewaysText.json(seen)) : GatewaysText.table(seen);
    }

    private String begin(String gateway) throws AdminException {
        GatewayReference named = GatewayAddress.reference(gateway);
        List<Effect> effects = ask(now -> toldOf(client.switchTo(now, named)));
        for (Effect effect : effects) {
            if (effect instanceof Effect.Emit(Event.SwitchRefused refused)) {
                throw new AdminException(refused.reason());
            }
        }
        return where();
    }

    /// `parked`, or `parking` as long as the gateway has not answered.
    private String park() throws AdminException {
        if (where().equals(PARKED)) {
            return PARKED;
        }
        List<Effect> begun = ask(now -> toldOf(client.park(now)));
        if (begun.isEmpty()) {
            String where = where();
            throw new AdminException(
                    where.equals(NOWHERE)
                            ? "there is no session that could rest: the client has no gateway now"
                            : "the session cannot rest now: the client is "
                                    + where
                                    + ", and something else is under way; try again");
        }
        return "parking";
    }

    /// `at NAME`, `at NAME trying another`, `parked`, or `nowhere`.
    private String where() throws AdminException {
        return ask(_ -> {
            @Nullable GatewayCandidate gateway = client.currentGateway();
            String at =
                    gateway != null ? "at " + gateway.name() : client.isParked() ? PARKED : NOWHERE;
            return new Reply<>(client.isSwitching() ? at + " trying another" : at, List.of());
        });
    }

    /// The asker sees what is carried out.
    private static Reply<List<Effect>> toldOf(List<Effect> effects) {
        return new Reply<>(effects, effects);
    }

    private <T> T ask(Question<T> question) throws AdminException {
        try {
            return questions.ask(question);
        } catch (UnansweredException e) {
            throw new AdminException(String.valueOf(e.getMessage()));
        }
    }
}
