package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.GatewayAddress;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.failover.FailoverClient;
import dev.postern.ike.failover.GatewayCandidate;
import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.GatewayReference;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What can be said to a running client.
final class ClientCommands implements AdminServer.Commands {
    private static final long ANSWER_PATIENCE_SECONDS = 5;
    private static final String PARKED = "parked";
    private static final String NOWHERE = "nowhere";

    private final FailoverClient client;
    private final EndpointLoop loop;

    ClientCommands(FailoverClient client, EndpointLoop loop) {
        this.client = client;
        this.loop = loop;
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
                ask(now -> client.suspect(now, Event.Suspicion.APPLICATION));
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
        List<GatewayOverview> seen = new ArrayList<>();
        ask(now -> {
            seen.add(client.gateways(now));
            return List.of();
        });
        return json
                ? List.of(GatewaysText.json(seen.getFirst()))
                : GatewaysText.table(seen.getFirst());
    }

    private String begin(String gateway) throws AdminException {
        GatewayReference named = GatewayAddress.reference(gateway);
        List<Effect> effects = ask(now -> client.switchTo(now, named));
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
        List<Effect> begun = ask(client::park);
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
        List<String> answer = new ArrayList<>();
        ask(_ -> {
            @Nullable GatewayCandidate gateway = client.currentGateway();
            answer.add(
                    gateway != null
                            ? "at " + gateway.name()
                            : client.isParked() ? PARKED : NOWHERE);
            if (client.isSwitching()) {
                answer.add("trying another");
            }
            return List.of();
        });
        return String.join(" ", answer);
    }

    /// Does something on the loop and waits for it; its effects are carried out there.
    private List<Effect> ask(EndpointLoop.Step step) throws AdminException {
        CompletableFuture<List<Effect>> done = new CompletableFuture<>();
        loop.offer(now -> {
            List<Effect> effects = step.at(now);
            done.complete(effects);
            return effects;
        });
        try {
            return done.get(ANSWER_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AdminException("the client is too busy to answer; try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
