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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Holds docs/states.md against what endpoints do, so that a new edge shows in a review. Where it
/// is wanted, `main` writes the page anew: run it in the directory of this module.
final class StatesPageTest {
    private static final Path PAGE = Path.of("../docs/states.md");

    private static final String HEAD =
            """
            # States of an IKE SA

            What an IKE SA does in each state with each input, as a run of the endpoint shows it: the effects and events, what is counted
            (in italics), and the state afterwards. A forged message has the IKE SA's SPIs and Message ID and an SK payload that its peer did
            not make: in no state may it do more than be counted. The peer's messages are authentic: the next one of the exchange that is
            under way, the last one once more, and requests of its own accord. A row is missing where there is no such input: the peer cannot
            send it in its own state, or there is no question. An IKE SA that is rekeyed shares its name with others: they stand behind
            *beside*. `StatesPageTest` makes this page and holds it against the code, and holds that no state is missing.

            """;

    public static void main(String[] arguments) throws IOException {
        Files.writeString(PAGE, page());
    }

    @Test
    void thePageIsWhatEndpointsDo() throws IOException {
        assertThat(page()).isEqualTo(Files.readString(PAGE));
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

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        Situations.all()
                .forEach((name, situation) -> {
                    page.append("## ").append(name).append("\n\n| input | outcome |\n|---|---|\n");
                    rows(situation)
                            .forEach((input, outcome) ->
                                    page.append("| ")
                                            .append(input)
                                            .append(" | ")
                                            .append(outcome)
                                            .append(" |\n"));
                    page.append('\n');
                });
        return page.toString().stripTrailing() + "\n";
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
