package dev.postern.ike.states;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Input;
import dev.postern.ike.exchange.IkeSaState;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Holds docs/states.md against what endpoints do, so that a new edge shows in a review. Where it
/// is wanted, `./postern states` writes the page anew.
final class StatesPageTest {
    private static final Path PAGE = Path.of("../docs/states.md");

    private static final String NOTHING = "nothing";

    private static final String HEAD =
            """
            # States of an IKE SA

            What an IKE SA does in each state with each input, as a run of the endpoint shows it: the effects and events, what is counted
            (in italics), and the state afterwards where it is another one. Inputs of which the same comes share a row; of those in the
            last row nothing comes at all. A forged message has the IKE SA's SPIs and Message ID and an SK payload that its peer did not
            make: in no state may it do more than be counted. An answer in clear is one that anybody who sees the request can make. The
            peer's messages are authentic: the next one of the exchange that is under way, the last one once more, requests of its own
            accord, and such as an honest peer would not send now. An input is missing where there is none: the peer cannot send it in its
            own state, there are no keys, no request to answer or no question. An IKE SA that is rekeyed shares its name with others: they
            stand behind *beside*. `StatesPageTest` makes this page and holds it against the code, and holds that no state and no type of
            input is missing.

            """;

    @Test
    void thePageIsWhatEndpointsDo() throws IOException {
        String page = page();
        if (Boolean.getBoolean("postern.states.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(page).as("docs/states.md").isEqualTo(Files.readString(PAGE));
    }

    @Test
    void everySituationIsInTheStateThatItIsNamedFor() {
        Situations.all()
                .forEach((name, situation) ->
                        assertThat(stateOf(name)).isEqualTo(situation.get().state()));
    }

    @Test
    void everyStateHasASituation() {
        assertThat(Situations.all().keySet().stream().map(StatesPageTest::stateOf))
                .hasSameElementsAs(states(IkeSaState.class).map(Class::getSimpleName).toList());
    }

    /// A situation's name is its state, and what else there is to say of it behind a comma.
    private static String stateOf(String name) {
        return name.split(",", 2)[0];
    }

    /// The types without further ones below them.
    private static Stream<Class<?>> states(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(StatesPageTest::states)
                : Stream.of(type);
    }

    @Test
    void aForgedMessageChangesNoState() {
        Situations.all()
                .forEach((name, situation) -> {
                    Situation one = situation.get();
                    String before = one.state();
                    for (ExchangeType exchange : ExchangeType.values()) {
                        for (boolean response : new boolean[] {false, true}) {
                            one.afterForged(exchange, response);
                            assertThat(one.state()).as("%s, %s", name, exchange).isEqualTo(before);
                        }
                    }
                });
    }

    @Test
    void everyTypeOfInputHasARow() {
        Set<Class<?>> given = new LinkedHashSet<>();
        // Between them, these have a peer, a Child SA, a question and a session.
        for (String name :
                List.of(
                        "Established, at the client",
                        "Established, at the gateway",
                        "AwaitingLease")) {
            Supplier<Situation> situation = Situations.all().get(name);
            assertThat(situation).isNotNull();
            if (situation != null) {
                Inputs.all()
                        .values()
                        .forEach(input -> {
                            Input made = input.apply(situation.get());
                            if (made != null) {
                                given.add(made.getClass());
                            }
                        });
            }
        }
        assertThat(given).containsExactlyInAnyOrder(Input.class.getPermittedSubclasses());
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        Situations.all()
                .forEach((name, situation) -> {
                    page.append("## ").append(name).append("\n\n| input | outcome |\n|---|---|\n");
                    grouped(rows(situation), " -> " + stateOf(name))
                            .forEach((outcome, inputs) ->
                                    page.append("| ")
                                            .append(String.join("; ", inputs))
                                            .append(" | ")
                                            .append(outcome)
                                            .append(" |\n"));
                    page.append('\n');
                });
        return page.toString().stripTrailing() + "\n";
    }

    /// The inputs by what comes of them, nothing at last.
    private static Map<String, List<String>> grouped(Map<String, String> rows, String same) {
        Map<String, List<String>> grouped = new LinkedHashMap<>();
        rows.forEach((input, outcome) -> {
            String told = (" " + outcome).endsWith(same) ? shorter(outcome, same) : outcome;
            grouped.computeIfAbsent(told, _ -> new ArrayList<>()).add(input);
        });
        List<String> nothing = grouped.remove(NOTHING);
        if (nothing != null) {
            grouped.put(NOTHING, nothing);
        }
        grouped.replaceAll((_, inputs) -> Names.joined(inputs));
        return grouped;
    }

    /// Without the state, which is the same as before.
    private static String shorter(String outcome, String same) {
        int length = outcome.length() - same.length() + 1;
        String told = outcome.substring(0, Math.max(0, length)).strip();
        return told.isEmpty() ? NOTHING : told.replaceFirst(";$", "");
    }

    private static Map<String, String> rows(Supplier<Situation> fresh) {
        Map<String, String> rows = new LinkedHashMap<>();
        // They change nothing: one IKE SA hears them all.
        Situation attacked = fresh.get();
        for (ExchangeType exchange : ExchangeType.values()) {
            rows.put("forged " + exchange + " request", attacked.afterForged(exchange, false));
            rows.put("forged " + exchange + " response", attacked.afterForged(exchange, true));
        }
        Inputs.all()
                .forEach((name, input) -> {
                    Situation situation = fresh.get();
                    Input given = input.apply(situation);
                    if (given != null) {
                        rows.put(name, situation.after(given));
                    }
                });
        rows.put("an hour of silence", fresh.get().afterSilence(Duration.ofHours(1)));
        return rows;
    }
}
