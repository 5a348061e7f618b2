package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// What must hold between the files of a domain.
class DomainCheckTest {
    private static final String OTHER =
            Workspace.GATEWAY
                    .replace("gw-a", "gw-b")
                    .replace("member = 1", "member = 2")
                    .replace(
                            "[profile.staff]",
                            "assign = \"10.9.0.101-10.9.0.200\"\n[profile.staff]");
    private static final String FIRST =
            Workspace.GATEWAY.replace(
                    "[profile.staff]", "assign = \"10.9.0.1-10.9.0.100\"\n[profile.staff]");

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private CheckedFile gateway(String name, String text) throws ConfigurationException {
        return new CheckedFile.OfGateway(
                GatewayConfiguration.parse(directory.resolve(name), text, Workspace.NOW));
    }

    private CheckedFile client(String text) throws ConfigurationException {
        return new CheckedFile.OfClient(workspace.client(text));
    }

    private List<String> told(CheckedFile... files) {
        return DomainCheck.problemsOf(List.of(files), Workspace.NOW).stream()
                .map(workspace::told)
                .toList();
    }

    @Test
    void filesThatFitAreLeftInPeace() throws Exception {
        assertThat(
                        told(
                                gateway("a.toml", FIRST),
                                gateway("b.toml", OTHER),
                                client(Workspace.CLIENT)))
                .isEmpty();
    }

    @Test
    void aCopyWithoutChangesIsFoundOut() throws Exception {
        assertThat(told(gateway("a.toml", FIRST), gateway("b.toml", FIRST)))
                .containsExactly(
                        "b.toml:1: member = 1: is also that of a.toml; legal is another number on"
                                + " each gateway of the domain",
                        "b.toml:1: identity = \"gw-a.example\": is also that of a.toml; legal is"
                                + " another one on each gateway of the domain",
                        "b.toml:1: pool.clients.assign = \"10.9.0.1-10.9.0.100\": shares addresses"
                                + " with pool clients of a.toml (10.9.0.1-10.9.0.100), two clients"
                                + " could get the same; legal is a share of its own");
    }

    @Test
    void gatewaysOfOtherDomainsDoNotMatter() throws Exception {
        String foreign = FIRST.replace("secure-domain = \"example\"", "secure-domain = \"else\"");
        assertThat(told(gateway("a.toml", FIRST), gateway("b.toml", foreign))).isEmpty();
    }

    @Test
    void eachGatewayKnowsTheKeyOfTheOther() throws Exception {
        workspace.write(
                "other.keys",
                Workspace.TGS_KEY.replace("00a1", "00a2").replace("8f0d", "8f0e"),
                "rw-------");
        assertThat(
                        told(
                                gateway("a.toml", FIRST),
                                gateway("b.toml", OTHER.replace("tgs.keys", "other.keys"))))
                .containsExactly(
                        "b.toml:1: tgs-keys: other.keys and tgs.keys of a.toml lack the key that"
                                + " the other issues tickets under; legal is a copy of the same"
                                + " file on each gateway of the domain");
    }

    @Test
    void aPoolIsTheSameEverywhereAndSoAreProfiles() throws Exception {
        String other =
                OTHER.replace("10.9.0.0/24", "10.9.0.0/23").replace("profile.staff", "profile.all");
        assertThat(told(gateway("a.toml", FIRST), gateway("b.toml", other)))
                .containsExactly(
                        "b.toml:1: pool.clients.addresses = \"10.9.0.0/23\": differs from a.toml;"
                                + " legal is the same on each gateway of the domain: 10.9.0.0/24",
                        "b.toml:1: profile.staff: missing, its sessions of a.toml cannot be resumed"
                                + " here; legal is the same profile on each gateway of the domain");
    }

    @Test
    void aClientIsKnownToItsGateways() throws Exception {
        workspace.write("bob.psk", "another key than that of alice\n", "rw-------");
        CheckedFile gateway = gateway("a.toml", FIRST);
        assertThat(told(gateway, client(Workspace.CLIENT.replace("alice.psk", "bob.psk"))))
                .containsExactly("client.toml:1: psk: is not that of this client in a.toml");
        assertThat(told(client(Workspace.CLIENT.replace("alice@", "bob@")), gateway))
                .containsExactly("client.toml:1: identity = \"bob@example\": is no peer in a.toml");
        assertThat(told(gateway, client(Workspace.CLIENT.replace("\"example\"", "\"else\""))))
                .containsExactly(
                        "client.toml:1: secure-domain = \"else\": a.toml is of the domain example");
    }
}
