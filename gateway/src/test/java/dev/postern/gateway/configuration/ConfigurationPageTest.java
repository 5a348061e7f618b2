package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ike.negotiate.SuiteNames;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// docs/configuration.md lists every key that the reader knows, and no other. After a change of the
/// keys, `main` writes the lists anew: run it in the directory of this module.
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final List<Key.Presence> WITHOUT_DEFAULT =
            List.of(Key.Presence.REQUIRED, Key.Presence.OPTIONAL);

    public static void main(String[] arguments) throws IOException {
        Files.writeString(PAGE, rewritten(Files.readString(PAGE)));
    }

    @Test
    void thePageListsExactlyTheKeysThatTheReaderKnows() throws Exception {
        String page = Files.readString(PAGE);
        assertThat(page).isEqualTo(rewritten(page));
    }

    @Test
    void theListsNameEveryKey() {
        assertThat(reference(GatewayKeys.TOP))
                .contains("| `provisional-per-session` | integer, 1 to 64 | `4` |")
                .contains("### `[[profile.NAME.peer]]`");
        assertThat(reference(ClientKeys.TOP))
                .contains("### `[retransmission.resume]`")
                .contains("| `identity` | identity | required |");
        assertThat(reference(TicketServiceFileKeys.TOP))
                .contains("| `audit-every` | integer, 1 to 1000000000 | `10000` |");
    }

    /// What a suite can be made of is said by whoever reads one, where a word is unknown to it.
    @Test
    void thePageNamesEveryWordOfASuite() throws Exception {
        String page = Files.readString(PAGE);
        String refusal =
                String.valueOf(
                        assertThatThrownBy(() -> SuiteNames.ikeSuite("rot13"))
                                .actual()
                                .getMessage());
        List<String> words =
                List.of(refusal.substring(refusal.indexOf("known are ") + 10).split("[,;] "));
        assertThat(words).contains("aes128gcm16", "x25519", "mlkem768");
        assertThat(words).allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
    }

    private static String rewritten(String page) {
        String daemons =
                rewritten(rewritten(page, "gateway", GatewayKeys.TOP), "client", ClientKeys.TOP);
        return rewritten(daemons, "ticket service", TicketServiceFileKeys.TOP);
    }

    private static String rewritten(String page, String name, Shape shape) {
        String begin = "<!-- keys of a " + name + " -->\n";
        String end = "<!-- end of the keys of a " + name + " -->\n";
        assertThat(page).contains(begin).contains(end);
        return page.substring(0, page.indexOf(begin) + begin.length())
                + reference(shape)
                + page.substring(page.indexOf(end));
    }

    private static String reference(Shape top) {
        StringBuilder page = new StringBuilder("\n");
        append(page, top, "");
        return page.toString();
    }

    private static void append(StringBuilder page, Shape shape, String prefix) {
        String heading = shape.heading(prefix);
        String title =
                heading.isEmpty()
                        ? "At the top of the file"
                        : shape.form() == Shape.Form.REPEATED
                                ? "`[[" + heading + "]]`"
                                : "`[" + heading + "]`";
        page.append("### ").append(title).append("\n\n").append(shape.meaning()).append("\n\n");
        if (!shape.keys().isEmpty()) {
            page.append("| key | type | default | meaning |\n|---|---|---|---|\n");
            shape.keys().forEach(key -> page.append(row(key)));
            page.append('\n');
        }
        shape.tables()
                .forEach(table -> append(page, table, heading.isEmpty() ? "" : heading + "."));
    }

    private static String row(Key<?> key) {
        String byDefault =
                WITHOUT_DEFAULT.contains(key.presence())
                        ? key.presence() == Key.Presence.REQUIRED ? "required" : "none"
                        : "`" + key.text() + "`";
        return "| `"
                + key.name()
                + "` | "
                + key.type().word()
                + " | "
                + byDefault
                + " | "
                + key.meaning()
                + " |\n";
    }
}
