package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.Key.Presence;
import dev.postern.gateway.tickets.TicketCertificates;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The shipped files stay good, name every key, and tell the truth about defaults.
class ExampleFilesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    static String example(String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(name));
    }

    @Test
    void bothAreGoodAndFitEachOther() throws Exception {
        workspace.write("gateway.toml", example("gateway.toml"), "rw-r--r--");
        workspace.write("client.toml", example("client.toml"), "rw-r--r--");
        CheckedFile gateway = CheckedFile.read(directory.resolve("gateway.toml"));
        CheckedFile client = CheckedFile.read(directory.resolve("client.toml"));
        assertThat(gateway).isInstanceOf(CheckedFile.OfGateway.class);
        assertThat(client).isInstanceOf(CheckedFile.OfClient.class);
        assertThat(gateway.warnings()).isEmpty();
        assertThat(client.warnings()).isEmpty();
        assertThat(DomainCheck.problemsOf(List.of(gateway, client), Workspace.NOW)).isEmpty();
    }

    @Test
    void theTicketServiceIsGoodAndFitsAGatewayThatAsksIt() throws Exception {
        TicketCertificates.copyTo(
                directory, "tickets.pem", "tickets.key", "ca.pem", "gw-a.pem", "gw-a.key");
        workspace.write("ticket-service.toml", example("ticket-service.toml"), "rw-r--r--");
        String gatewayText = example("gateway.toml").replaceFirst("(?m)^tgs-keys = .*$", "");
        int table = gatewayText.indexOf("[ticket-service]");
        int next = gatewayText.indexOf("\n\n", table);
        String asking =
                gatewayText.substring(0, table)
                        + gatewayText.substring(table, next).replaceAll("(?m)^# (\\S+ = )", "$1")
                        + gatewayText.substring(next);
        workspace.write("gateway.toml", asking, "rw-r--r--");
        CheckedFile service = CheckedFile.read(directory.resolve("ticket-service.toml"));
        CheckedFile gateway = CheckedFile.read(directory.resolve("gateway.toml"));
        assertThat(service).isInstanceOf(CheckedFile.OfTicketService.class);
        assertThat(service.warnings()).isEmpty();
        assertThat(gateway.summary())
                .contains("Tickets are sealed and opened by the ticket service at 192.0.2.9:4700.");
        assertThat(DomainCheck.problemsOf(List.of(gateway, service), Workspace.NOW)).isEmpty();
    }

    @Test
    void theyNameEveryKeyAndTable() throws Exception {
        assertNamesAll(example("ticket-service.toml"), TicketServiceFileKeys.TOP);
        assertNamesAll(example("gateway.toml"), GatewayKeys.TOP);
        assertNamesAll(example("client.toml"), ClientKeys.TOP);
    }

    private static void assertNamesAll(String text, Shape shape) {
        for (Key<?> key : shape.keys()) {
            assertThat(text).containsPattern("(?m)^(# )?" + key.name() + " = ");
        }
        for (Shape table : shape.tables()) {
            assertThat(text)
                    .containsPattern("(?m)^(# )?\\[+([a-z.]*\\.)?" + table.name() + "[.\\]]");
            assertNamesAll(text, table);
        }
    }

    @Test
    void whatStandsAsADefaultIsTheDefault() throws Exception {
        String gateway = example("gateway.toml");
        assertThat(workspace.gateway(withDefaults(gateway, GatewayKeys.TOP)).toString())
                .isEqualTo(workspace.gateway(gateway).toString());
        String client = example("client.toml");
        assertThat(workspace.client(withDefaults(client, ClientKeys.TOP)).toString())
                .isEqualTo(workspace.client(client).toString());
        TicketCertificates.copyTo(directory, "tickets.pem", "tickets.key", "ca.pem");
        String service = example("ticket-service.toml");
        assertThat(
                        workspace
                                .ticketService(withDefaults(service, TicketServiceFileKeys.TOP))
                                .toString())
                .isEqualTo(workspace.ticketService(service).toString());
    }

    /// The text with every default written out: each line `# key = value` of a key that has one,
    /// unless the mode that it belongs to is not the one in use.
    private static String withDefaults(String text, Shape top) {
        List<String> names =
                keysOf(top)
                        .filter(key -> key.presence() == Presence.DEFAULTED)
                        .map(Key::name)
                        .filter(name -> !name.startsWith("endpoint-") && !name.startsWith("probe-"))
                        .toList();
        StringBuilder written = new StringBuilder();
        int defaults = 0;
        boolean example = false;
        for (String line : text.lines().toList()) {
            boolean uncomment =
                    !example
                            && line.startsWith("# ")
                            && names.stream().anyMatch(name -> line.startsWith("# " + name + " ="));
            defaults += uncomment ? 1 : 0;
            written.append(uncomment ? line.substring(2) : line).append('\n');
            // An example goes on to the next empty line.
            example =
                    !line.isEmpty()
                            && (example || (line.startsWith("#") && line.contains("example:")));
        }
        assertThat(defaults).isGreaterThanOrEqualTo(Math.min(names.size(), 16));
        return written.toString();
    }

    private static Stream<Key<?>> keysOf(Shape shape) {
        return Stream.concat(
                shape.keys().stream(), shape.tables().stream().flatMap(ExampleFilesTest::keysOf));
    }
}
