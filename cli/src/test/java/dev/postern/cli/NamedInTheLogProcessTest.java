package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Ended;
import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An operator who has nothing but a gateway's log names a session by it: revokes it by its id, and
/// parks it by either SPI.
final class NamedInTheLogProcessTest {
    private static final String ESTABLISHED = "ike-sa-established";

    @TempDir private Path directory;

    private Processes processes = new Processes(Path.of(""));

    @BeforeEach
    void begin() {
        processes = new Processes(directory);
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private Running startGateway(String format) throws IOException {
        int port = Processes.freeUdpPort();
        processes.writeTgsKey();
        processes.write(
                "gateway.toml",
                ConfigurationFiles.gateway(1, port)
                        + "[admin]\nsocket = \"gw.sock\"\n[log]\nformat = \"%s\"\n"
                                .formatted(format));
        processes.write("client.toml", KeptTicketProcessTest.keepingClient(port));
        return processes.start("gateway", "gateway.toml");
    }

    private Ended order(String command, String... what) throws Exception {
        String[] words = new String[3 + what.length];
        words[0] = command;
        words[1] = "--admin";
        words[2] = directory.resolve("gw.sock").toString();
        System.arraycopy(what, 0, words, 3, what.length);
        return processes.run(words);
    }

    /// Both formats have names and values beside each other.
    private static String field(String line, String name, int digits) {
        Matcher field = Pattern.compile(name + "\\W+([0-9a-f]{" + digits + "})\\b").matcher(line);
        assertThat(field.find()).as("%s in %s", name, line).isTrue();
        return field.group(1);
    }

    /// What is under way for a moment keeps a session from resting.
    private Ended park(String spi) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        Ended parked = order("park", spi);
        while (parked.said().contains("cannot rest now") && System.nanoTime() < deadline) {
            parked = order("park", spi);
        }
        return parked;
    }

    @ParameterizedTest
    @CsvSource({"text,spiR", "json,spiI"})
    void whatTheLogSaysRevokesAndParks(String format, String spi) throws Exception {
        Running gateway = startGateway(format);
        gateway.await("gateway-ready");
        Running client = processes.start("client", "client.toml");
        String first = gateway.await(ESTABLISHED, "full-exchange");
        String session = field(first, "session", 32);
        assertThat(client.await(ESTABLISHED))
                .contains(field(first, "spiI", 16), field(first, "spiR", 16))
                .as("the client's own name for it is of no use to anybody")
                .doesNotContain("session");
        client.await("probe-answered");

        assertThat(order("revoke", "session", session).exit()).isZero();
        String second = gateway.await(ESTABLISHED, "full-exchange");
        assertThat(field(second, "session", 32)).isNotEqualTo(session);
        assertThat(order("revoke", "list").said()).contains(session);

        client.await(ESTABLISHED, field(second, "spiI", 16));
        Ended parked = park(field(second, spi, 16));
        assertThat(parked.said()).contains("parked 1 session");
        assertThat(parked.exit()).isZero();
    }
}
