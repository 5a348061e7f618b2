package dev.postern.ike.states;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Holds docs/states.md against what endpoints do, so that a new edge shows in a review. Where it
/// is wanted, `main` writes the page anew: run it in the directory of this module.
final class StatesPageTest {
    private static final Path PAGE = Path.of("../docs/states.md");

    private static final String HEAD =
            """
            # States of an IKE SA

            What an IKE SA does in each state with each input, as a run of the endpoint shows it: the effects and events, what is counted
            (in italics), and the state afterwards. A forged message has the IKE SA's SPIs and Message ID and an SK payload that its peer did
            not make: in no state may it do more than be counted. `StatesPageTest` makes this page and holds it against the code.

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
                        assertThat(name).startsWith(situation.get().state()).isNotEmpty());
    }

    @Test
    void aForgedMessageChangesNoState() {
        Situations.all()
                .forEach((name, situation) -> {
                    for (ExchangeType exchange : ExchangeType.values()) {
                        for (boolean response : new boolean[] {false, true}) {
                            Situation fresh = situation.get();
                            String before = fresh.state();
                            fresh.afterForged(exchange, response);
                            assertThat(fresh.state())
                                    .as("%s, %s", name, exchange)
                                    .isEqualTo(before);
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
        for (ExchangeType exchange : ExchangeType.values()) {
            rows.put("forged " + exchange + " request", fresh.get().afterForged(exchange, false));
            rows.put("forged " + exchange + " response", fresh.get().afterForged(exchange, true));
        }
        inputs().forEach((name, input) -> {
            Situation situation = fresh.get();
            rows.put(name, situation.after(input.apply(situation)));
        });
        rows.put("an hour of silence", fresh.get().afterSilence(Duration.ofHours(1)));
        return rows;
    }

    private static Map<String, Function<Situation, Input>> inputs() {
        Map<String, Function<Situation, Input>> inputs = new LinkedHashMap<>();
        inputs.put("probe", s -> new Input.Probe(s.handle(), RetransmissionSchedule.QUICK));
        inputs.put("rekey the IKE SA", s -> new Input.RekeyIkeSa(s.handle()));
        inputs.put("ask for a ticket", s -> new Input.AskForTicket(s.handle()));
        inputs.put("park", s -> new Input.Park(s.handle()));
        inputs.put("close", s -> new Input.Close(s.handle(), false));
        inputs.put("close silently", s -> new Input.Close(s.handle(), true));
        inputs.put(
                "an answer that nobody asked for",
                _ -> new Input.Answered(999, new Answer.AddressesRefused()));
        return inputs;
    }
}
