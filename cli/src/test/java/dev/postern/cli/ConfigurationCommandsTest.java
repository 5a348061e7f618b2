package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// `postern check` and `postern tgs-key`, from the shipped example files on.
class ConfigurationCommandsTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir private Path directory = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void copyTheExamples() throws IOException {
        for (String name : List.of("gateway.toml", "client.toml")) {
            Files.copy(EXAMPLES.resolve(name), directory.resolve(name));
        }
        Path psk = Files.writeString(directory.resolve("alice.psk"), "sixteen octets or more\n");
        Files.setPosixFilePermissions(psk, PosixFilePermissions.fromString("rw-------"));
    }

    private int run(Object command, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> lines(StringWriter written) {
        return written.toString().replace(directory + "/", "").lines().toList();
    }

    @Test
    void theExamplesAreGoodOnceTheKeyIsMade() {
        assertThat(run(new CheckCommand(), file("gateway.toml"))).isEqualTo(2);
        assertThat(lines(err))
                .containsExactly(
                        "gateway.toml:21: tgs-keys = \"tgs.keys\": cannot use tgs.keys: there is no"
                                + " such file, and no default key; make one with postern tgs-key"
                                + " --append tgs.keys",
                        "1 problem");
        assertThat(run(new TgsKeyCommand(), "--append", file("tgs.keys"))).isZero();
        assertThat(lines(out)).singleElement().asString().contains(" is in tgs.keys and issues ");
        assertThat(run(new CheckCommand(), file("gateway.toml"), file("client.toml"))).isZero();
        assertThat(lines(err)).isEmpty();
        assertThat(lines(out))
                .contains(
                        "gateway.toml: ok",
                        "  gw-a.example, member 1 of the domain example, listens on 192.0.2.1, UDP"
                                + " port 4500 and 500.",
                        "client.toml: ok",
                        "  It asks for an address and reaches 10.1.0.0/24.");
    }

    @Test
    void problemsOfAllFilesAreTold() throws IOException {
        assertThat(run(new TgsKeyCommand(), "--append", file("tgs.keys"))).isZero();
        Files.copy(directory.resolve("gateway.toml"), directory.resolve("copy.toml"));
        Files.writeString(directory.resolve("client.toml"), "[[gateway]]\n");
        assertThat(
                        run(
                                new CheckCommand(),
                                file("gateway.toml"),
                                file("client.toml"),
                                file("copy.toml"),
                                file("nowhere.toml")))
                .isEqualTo(2);
        assertThat(lines(err))
                .contains(
                        "client.toml:1: gateway[0].address: missing; legal is an IPv4 or IPv6"
                                + " address, or a host name",
                        "copy.toml:1: member = 1: is also that of gateway.toml; legal is another"
                                + " number on each gateway of the domain",
                        "nowhere.toml:1: there is no such file")
                .endsWith("10 problems");
    }

    @Test
    void withoutAFileTheKeyIsPrinted() {
        assertThat(run(new TgsKeyCommand())).isZero();
        assertThat(lines(out).getLast()).matches("key [0-9a-f]{16} [0-9a-f]{64} issue-from \\S+");
    }

    @Test
    void aKeyFileThatCannotBeWrittenIsAFailure() {
        assertThat(run(new TgsKeyCommand(), "--append", file("nowhere/tgs.keys"))).isEqualTo(1);
        assertThat(lines(err))
                .containsExactly(
                        "postern tgs-key: nowhere/tgs.keys cannot be written: there is no such"
                                + " directory");
    }

    @Test
    void aWrongDurationIsAWrongUsage() {
        for (String wrong : List.of("1x", "999999999999d")) {
            assertThat(run(new TgsKeyCommand(), "--issue-in", wrong)).isEqualTo(2);
            assertThat(lines(err).getFirst())
                    .isEqualTo(
                            "Invalid value for option '--issue-in': \""
                                    + wrong
                                    + "\" cannot be used; legal is a whole number with the unit"
                                    + " ms, s, m, h or d, for example \"90s\", to 3650d");
        }
    }

    @Test
    void noFileIsAWrongUsage() {
        assertThat(run(new CheckCommand())).isEqualTo(2);
    }
}
