package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Prefix;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `[standby]`, and the shipped files of a tight cluster.
class StandbyTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "tight-cluster");
    private static final String NL = "\n";

    @TempDir private Path directory;
    private Workspace workspace;

    @BeforeEach
    void writeTheFilesThatAreNamed() throws IOException {
        workspace = Workspace.in(directory);
        for (String name :
                List.of("cluster-ca.pem", "gw-a.pem", "gw-a.key", "gw-b.pem", "gw-b.key")) {
            try (InputStream in = StandbyTest.class.getResourceAsStream("/cluster/pair/" + name)) {
                String text =
                        new String(
                                Objects.requireNonNull(in, name).readAllBytes(),
                                StandardCharsets.US_ASCII);
                workspace.write(name, text, "rw-------");
            }
        }
    }

    /// A shipped file, with its state in this directory.
    private String example(String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(name))
                .replace("/var/lib/postern/", directory + "/")
                .replace("/run/postern/", directory + "/");
    }

    private List<String> problems(String before, String after) throws IOException {
        String text = example("gw-a.toml");
        assertThat(text).contains(before);
        return workspace.problemsOfGateway(text.replace(before, after));
    }

    private StandbySettings standby(String text) throws ConfigurationException {
        return Objects.requireNonNull(workspace.gateway(text).standby());
    }

    @Test
    void theShippedFilesOfATightClusterAreGoodAndFitEachOther() throws Exception {
        workspace.write("gw-a.toml", example("gw-a.toml"), "rw-r--r--");
        workspace.write("gw-b.toml", example("gw-b.toml"), "rw-r--r--");
        workspace.write("client.toml", example("client.toml"), "rw-r--r--");
        List<CheckedFile> files =
                List.of(
                        CheckedFile.read(directory.resolve("gw-a.toml")),
                        CheckedFile.read(directory.resolve("gw-b.toml")),
                        CheckedFile.read(directory.resolve("client.toml")));
        assertThat(files).allMatch(file -> file.warnings().isEmpty());
        assertThat(DomainCheck.problemsOf(files, Workspace.NOW)).isEmpty();
        assertThat(files.getFirst().summary())
                .contains(
                        "It shares 192.0.2.10/24, 2001:db8:0:0:0:0:0:10/64 on eth0 with the other"
                                + " members; whoever serves there hands on the clients of staff;"
                                + " gw-a.example if it can.");
    }

    @Test
    void membersOfOneClusterNameTheSameMembers() throws Exception {
        workspace.write("gw-a.toml", example("gw-a.toml"), "rw-r--r--");
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml").replace("10.0.0.1:7800", "10.0.0.3:7800"),
                "rw-r--r--");
        assertThat(told("gw-a.toml", "gw-b.toml"))
                .singleElement()
                .asString()
                .contains("gw-b.toml:1: cluster.member: names gw-a.example at 10.0.0.3:7800")
                .contains("gw-a.toml names gw-a.example at 10.0.0.1:7800")
                .contains("legal is the same list on each member of the cluster");
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml").replace("name = \"example\"", "name = \"another\""),
                "rw-r--r--");
        assertThat(told("gw-a.toml", "gw-b.toml"))
                .anyMatch(text ->
                        text.contains("cluster.name = \"another\": is \"example\" in")
                                && text.contains("which names the same members"));
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml")
                        .replace("name = \"example\"", "name = \"example\"\ncopies = 2"),
                "rw-r--r--");
        assertThat(told("gw-a.toml", "gw-b.toml"))
                .singleElement()
                .asString()
                .contains("cluster.copies = \"2\": is \"0\" in");
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml")
                        .replace("name = \"example\"", "name = \"another\"")
                        .replaceAll("10.0.0.([12]):7800", "10.0.9.$1:7800"),
                "rw-r--r--");
        assertThat(told("gw-a.toml", "gw-b.toml"))
                .as("of another cluster")
                .noneMatch(text -> text.contains("cluster."));
    }

    @Test
    void noTwoMembersHaveOneNode() throws Exception {
        workspace.write("gw-a.toml", example("gw-a.toml"), "rw-r--r--");
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml")
                        .replace("node = \"gw-b.example\" ", "node = \"gw-a.example\" ")
                        .replace("\"gw-b.pem\"", "\"gw-a.pem\"")
                        .replace("\"gw-b.key\"", "\"gw-a.key\""),
                "rw-r--r--");
        assertThat(told("gw-a.toml", "gw-b.toml"))
                .anyMatch(text ->
                        text.contains(
                                        "gw-b.toml:1: cluster.node = \"gw-a.example\": is also that"
                                                + " of")
                                && text.contains("legal is another one on each member"));
    }

    private List<String> told(String... names) throws Exception {
        List<CheckedFile> files = new ArrayList<>();
        for (String name : names) {
            files.add(CheckedFile.read(directory.resolve(name)));
        }
        return DomainCheck.problemsOf(files, Workspace.NOW).stream().map(workspace::told).toList();
    }

    @Test
    void whatIsNotSaidHasItsDefault() throws Exception {
        StandbySettings standby = standby(example("gw-a.toml"));
        assertThat(standby.addresses())
                .containsExactly(Prefix.parse("192.0.2.10/24"), Prefix.parse("2001:db8::10/64"));
        assertThat(standby.failback()).isEqualTo(Duration.ofSeconds(30));
        assertThat(standby.profiles()).containsExactly("staff");
        assertThat(standby.hook()).isNull();
        assertThat(workspace.gateway(example("gw-a.toml")).endpoint(0).standby().isCluster())
                .isTrue();
        assertThat(workspace.gateway(Workspace.GATEWAY).standby()).isNull();
        assertThat(workspace.gateway(Workspace.GATEWAY).endpoint(0).standby().isCluster())
                .isFalse();
    }

    @Test
    void anAddressThatIsNotListenedOnIsRefused() throws Exception {
        assertThat(problems("\"192.0.2.10/24\"", "\"192.0.2.11/24\""))
                .singleElement()
                .asString()
                .contains("standby.addresses")
                .contains("192.0.2.11/24 is not listened on")
                .contains("which are 192.0.2.10, 2001:db8:0:0:0:0:0:10");
    }

    @Test
    void anAddressThatIsNamedTwiceIsRefused() throws Exception {
        assertThat(problems("\"192.0.2.10/24\"", "\"192.0.2.10/24\", \"192.0.2.10/32\""))
                .singleElement()
                .asString()
                .contains("names 192.0.2.10 twice");
    }

    /// Interop: MOBIKE: no address of a member is told behind a shared one | Postern | neither
    @Test
    void clientsAreToldOfNoAddressThatIsAMembersOwn() throws IOException {
        String standby = "[standby]" + NL;
        String network = "[network]" + NL + "mobike-advertise = [\"%s\"]" + NL + standby;
        assertThat(problems(standby, network.formatted("192.0.2.11")))
                .singleElement()
                .asString()
                .contains("network.mobike-advertise")
                .contains("names 192.0.2.11")
                .contains("legal are those of standby.addresses");
        assertThat(problems(standby, network.formatted("2001:db8::10"))).isEmpty();
    }

    @Test
    void outsideAClusterThereIsNobodyToShareWith() {
        String alone =
                Workspace.GATEWAY
                        + "[standby]\naddresses = [\"192.0.2.1/24\"]\ndevice = \"eth0\"\n";
        assertThat(workspace.problemsOfGateway(alone))
                .singleElement()
                .asString()
                .contains("cluster: missing, [standby] is about its members");
    }

    @Test
    void aStrangerIsNotPreferred() throws Exception {
        assertThat(problems("preferred = \"gw-a.example\"", "preferred = \"gw-c.example\""))
                .singleElement()
                .asString()
                .contains("standby.preferred = \"gw-c.example\"")
                .contains("legal are gw-a.example, gw-b.example");
    }

    @Test
    void ofTwoMembersTheOneWithTheHigherNameIsPreferredWithAWarning() throws Exception {
        String text =
                example("gw-a.toml")
                        .replace("preferred = \"gw-a.example\"", "preferred = \"gw-b.example\"");
        assertThat(workspace.gateway(text).warnings())
                .anyMatch(warning -> warning.toString().contains("has the higher name of two"));
    }

    @Test
    void whereNobodyMovesTheAddressesThatIsSaid() throws Exception {
        String text = example("gw-a.toml").replace("device = \"eth0\"" + NL, "");
        assertThat(standby(text).device()).isNull();
        assertThat(workspace.gateway(text).warnings())
                .anyMatch(warning -> warning.toString().contains("nobody moves the addresses"));
    }

    @Test
    void aHookIsAProgram() throws Exception {
        assertThat(problems("device = \"eth0\"", "hook = \"alice.psk\""))
                .singleElement()
                .asString()
                .contains("standby.hook")
                .contains("is no program");
        Path hook = workspace.write("hook", "#!/bin/sh\n", "rwx------");
        String text = example("gw-a.toml").replace("device = \"eth0\"", "hook = \"" + hook + "\"");
        assertThat(standby(text).hook()).isEqualTo(hook);
    }

    @Test
    void aProfileThatIsNotThereIsRefused() throws Exception {
        assertThat(problems("device = \"eth0\"", "device = \"eth0\"\nprofiles = [\"guests\"]"))
                .singleElement()
                .asString()
                .contains("names profiles that are not there: guests; legal are staff");
    }

    @Test
    void loosenessIsNoModeOfSharedAddresses() throws Exception {
        assertThat(problems("device = \"eth0\"", "device = \"eth0\"\nmode = \"cold\""))
                .singleElement()
                .asString()
                .contains("standby.mode = \"cold\"");
    }

    @Test
    void membersThatShareAddressesHaveOneIdentityAndOneList() throws Exception {
        workspace.write("gw-a.toml", example("gw-a.toml"), "rw-r--r--");
        workspace.write(
                "gw-b.toml",
                example("gw-b.toml")
                        .replace("identity = \"vpn.example\"", "identity = \"gw-b.example\"")
                        .replace(", \"2001:db8::10/64\"", ""),
                "rw-r--r--");
        List<CheckedFile> files =
                List.of(
                        CheckedFile.read(directory.resolve("gw-a.toml")),
                        CheckedFile.read(directory.resolve("gw-b.toml")));
        assertThat(DomainCheck.problemsOf(files, Workspace.NOW))
                .extracting(workspace::told)
                .anyMatch(problem -> problem.contains("serves at the same addresses as"))
                .anyMatch(problem -> problem.contains("standby.addresses: differ from those of"));
    }
}
