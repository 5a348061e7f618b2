package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// What a client's operator is told.
class ClientProblemsTest {
    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private void assertOnly(String text, String... problems) {
        assertThat(workspace.problemsOfClient(text)).containsExactly(problems);
    }

    private static String changed(String from, String to) {
        assertThat(Workspace.CLIENT).contains(from);
        return Workspace.CLIENT.replace(from, to);
    }

    @Test
    void anEmptyFileLacksEverythingThatIsRequired() {
        assertOnly(
                "",
                "client.toml:1: gateway: missing; legal is at least one table [[gateway]]",
                "client.toml:1: identity: missing; legal is a host name, an e-mail address, an IP"
                        + " address, a distinguished name such as \"CN=alice, O=Example\", or"
                        + " \"keyid:\" and hexadecimal digits",
                "client.toml:1: psk: missing, and so are psk-hex and psk-file; legal is a string"
                        + " that is not empty",
                "client.toml:1: remote-subnets: missing; legal is a list [...] with at least one"
                        + " of: an address and a prefix length, for example \"10.1.0.0/24\"",
                "client.toml:1: secure-domain: missing; legal is 1 to 64 letters, digits, dots,"
                        + " hyphens and underscores");
    }

    @Test
    void aGatewayHasANameAndAnAddress() {
        assertOnly(
                changed("address = \"192.0.2.1\"", "address = \"192.0.2.300\"\nport = 0"),
                "client.toml:7: gateway[0].address = \"192.0.2.300\": is not an address; legal is"
                        + " an IPv4 or IPv6 address, or a host name",
                "client.toml:8: gateway[0].port = 0: is out of range; legal is an integer from 1"
                        + " to 65535");
        assertOnly(
                changed("identity = \"gw-a.example\"\n", ""),
                "client.toml:5: gateway[0].identity: missing; legal is a host name, an e-mail"
                        + " address, an IP address, a distinguished name such as \"CN=alice,"
                        + " O=Example\", or \"keyid:\" and hexadecimal digits");
    }

    @Test
    void auxiliarySessionsHaveAddressesOfTheirOwn() {
        assertOnly(
                changed(
                                "remote-subnets",
                                """
                                request-address = false
                                local-subnets = ["10.7.0.0/24"]
                                remote-subnets\
                                """)
                        + "[auxiliary]\nsessions = 1\n",
                "client.toml:11: auxiliary.sessions = 1: needs request-address = true: two gateways"
                        + " would lead the traffic for local-subnets to us at the same time");
        assertOnly(
                Workspace.CLIENT + "[auxiliary]\nsessions = 4\n",
                "client.toml:9: auxiliary.sessions = 4: is out of range; legal is an integer from 0"
                        + " to 3");
    }

    @Test
    void aProbeAimsThroughTheTunnel() {
        assertOnly(
                Workspace.CLIENT + "[inside]\nmode = \"probe\"\nprobe-target = \"10.2.0.1\"\n",
                "client.toml:10: inside.probe-target = \"10.2.0.1\": is not within"
                        + " remote-subnets; legal is an address that is reached through the"
                        + " tunnel");
        assertOnly(
                Workspace.CLIENT + "[inside]\nprobe-size = 56\n",
                "client.toml:9: inside.probe-size = 56: means nothing with mode = \"tun\"; legal"
                        + " with mode = \"probe\" only");
    }

    @Test
    void localSubnetsAreThereWhereNoAddressIsAskedFor() {
        assertOnly(
                "request-address = false\n" + Workspace.CLIENT,
                "client.toml:1: local-subnets: missing with request-address = false; legal is a"
                        + " list [...] with at least one of: an address and a prefix length, for"
                        + " example \"10.1.0.0/24\"");
        assertOnly(
                "local-subnets = [\"10.7.0.0/24\"]\n" + Workspace.CLIENT,
                "client.toml:1: local-subnets = [...]: means nothing with request-address ="
                        + " true; legal with request-address = false only");
    }

    @Test
    void theLongestWaitIsNotTheShortest() {
        assertOnly(
                Workspace.CLIENT + "[retry]\nfirst = \"10s\"\nmaximum = \"9s\"\n",
                "client.toml:10: retry.maximum = \"9s\": is shorter than first; legal is 10s or"
                        + " longer");
    }

    @Test
    void aScheduleIsBounded() {
        assertOnly(
                Workspace.CLIENT
                        + "[retransmission.resume]\nfirst-wait = \"1ms\"\nfactor = nan\n"
                        + "transmissions = 1.5\n",
                "client.toml:9: retransmission.resume.first-wait = \"1ms\": is too short; legal"
                        + " is a whole number with the unit ms, s, m, h or d, for example"
                        + " \"90s\", from 10ms to 60s",
                "client.toml:10: retransmission.resume.factor = NaN: is out of range; legal is a"
                        + " number from 1.0 to 4.0",
                "client.toml:11: retransmission.resume.transmissions = 1.5: is not an integer;"
                        + " legal is an integer from 1 to 20");
    }
}
