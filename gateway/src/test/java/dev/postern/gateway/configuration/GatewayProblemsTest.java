package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// What a gateway's operator is told: file, line, key, value, what is wrong, what is legal.
class GatewayProblemsTest {
    private static final String LEGAL_SUBNET =
            "; legal is an address and a prefix length, for example \"10.1.0.0/24\"";

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private void assertOnly(String text, String... problems) {
        assertThat(workspace.problemsOfGateway(text)).containsExactly(problems);
    }

    /// The good file with one change.
    private static String changed(String from, String to) {
        assertThat(Workspace.GATEWAY).contains(from);
        return Workspace.GATEWAY.replace(from, to);
    }

    /// The good file and more.
    private static String with(String... lines) {
        return Workspace.GATEWAY + String.join("\n", lines) + "\n";
    }

    @Test
    void everyMistakeIsToldAtOnceInTheOrderOfTheLines() {
        assertOnly(
                """
                identity = "gw a"
                secure-domain = "example"
                member = 300
                tgs-keys = "tgs.keys"
                [listen]
                adresses = ["192.0.2.1"]
                ike-port = 4500
                [inside]
                mode = "tunn"
                mtu = "x"
                [pool.clients]
                addresses = "10.9.0.1/24"
                [profile.staff]
                pool = "client"
                local-subnets = ["10.1.0.0/33",
                   "10.1.0.0/24", "10.1.0.0/24"]
                member = 3
                resumption = { ticket-lifetime = "8 h" }
                [[profile.staff.peer]]
                id = "alice@example"
                psk-file = "alice.psk"
                """,
                "gateway.toml:1: identity = \"gw a\": is neither an address nor a host name; legal"
                        + " is a host name, an e-mail address, an IP address, or \"keyid:\" and"
                        + " hexadecimal digits",
                "gateway.toml:3: member = 300: is out of range; legal is an integer from 0 to 255",
                "gateway.toml:5: listen.addresses: missing; legal is a list [...] with at least"
                        + " one of: an IPv4 or IPv6 address",
                "gateway.toml:5: listen.nat-port: is also ike-port; legal are two different"
                        + " ports, or ike-port = 0",
                "gateway.toml:6: listen.adresses: unknown key, did you mean addresses?; legal"
                        + " here are addresses, ike-port, nat-port",
                "gateway.toml:9: inside.mode = \"tunn\": is unknown, did you mean \"tun\"?; legal"
                        + " is one of \"tun\", \"endpoint\"",
                "gateway.toml:10: inside.mtu = \"x\": is not an integer; legal is an integer from"
                        + " 576 to 65535",
                "gateway.toml:12: pool.clients.addresses = \"10.9.0.1/24\": has bits set behind"
                        + " the prefix, did you mean \"10.9.0.0/24\"?"
                        + LEGAL_SUBNET,
                "gateway.toml:14: profile.staff.pool = \"client\": there is no [pool.client], did"
                        + " you mean clients?; legal are clients",
                "gateway.toml:15: profile.staff.local-subnets[0] = \"10.1.0.0/33\": has a prefix"
                        + " length that is not 0 to 32"
                        + LEGAL_SUBNET,
                "gateway.toml:16: profile.staff.local-subnets[2] = \"10.1.0.0/24\": stands twice"
                        + " in the list"
                        + LEGAL_SUBNET,
                "gateway.toml:17: profile.staff.member: unknown key, its place is the top of the"
                    + " file; legal here are ike-suites, esp-suites, mode, pool, remote-subnets,"
                    + " local-subnets, secrets, ppk-required, peer, ppk, eap, certificates,"
                    + " resumption, resumption-for, liveness, life",
                "gateway.toml:18: profile.staff.resumption.ticket-lifetime = \"8 h\": is not a"
                        + " duration; legal is a whole number with the unit ms, s, m, h or d, for"
                        + " example \"90s\", from 1m to 30d");
    }

    @Test
    void anEmptyFileLacksEverythingThatIsRequired() {
        assertOnly(
                "",
                "gateway.toml:1: identity: missing; legal is a host name, an e-mail address, an IP"
                        + " address, or \"keyid:\" and hexadecimal digits",
                "gateway.toml:1: listen.addresses: missing; legal is a list [...] with at least"
                        + " one of: an IPv4 or IPv6 address",
                "gateway.toml:1: member: missing; legal is an integer from 0 to 255",
                "gateway.toml:1: profile: missing; legal is at least one table [profile.NAME]",
                "gateway.toml:1: secure-domain: missing; legal is 1 to 64 letters, digits, dots,"
                        + " hyphens and underscores");
    }

    @Test
    void aSyntaxErrorDoesNotHideAWrongValueNorBringFalseConsequences() {
        assertOnly(
                changed("member = 1", "member = 999").replace("[listen]", "[listen"),
                "gateway.toml:3: member = 999: is out of range; legal is an integer from 0 to 255",
                "gateway.toml:5: not TOML: unexpected text at column 8, expected ]");
    }

    @Test
    void aSyntaxErrorDoesNotRepeatTheText() {
        for (String psk :
                new String[] {"hunter2", "\"hunter2", "'hunter2", "\"\\hunter2\"", "[hunter2"}) {
            String text = changed("psk-file = \"alice.psk\"", "psk = " + psk);
            assertThat(workspace.problemsOfGateway(text))
                    .as(psk)
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("gateway.toml:14: not TOML: "))
                    .noneMatch(line -> line.contains("hunter"));
        }
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertOnly(
                changed("member = 1", "member = 1\nmember = 2"),
                "gateway.toml:4: not TOML: member previously defined at line 3, column 1");
    }

    @Test
    void aTableWrittenAsAValueIsRefused() {
        assertOnly(
                "log = 3\n" + Workspace.GATEWAY,
                "gateway.toml:1: log = ...: is not written as its tables are; legal is [log]");
        assertOnly(
                changed("[[profile.staff.peer]]", "[profile.staff.peer]"),
                "gateway.toml:9: profile.staff: has no peer; legal is a table"
                        + " [[profile.staff.peer]] for each, secrets = \"file\", or"
                        + " a table certificates or eap",
                "gateway.toml:12: profile.staff.peer: is not written as its tables are; legal is"
                        + " [[profile.staff.peer]]");
        assertOnly(
                with("[pool]", "addresses = \"10.9.0.0/24\""),
                "gateway.toml:16: pool.addresses: is a key where a table is wanted; legal is a"
                        + " heading [pool.NAME] above it");
    }

    @Test
    void aModeDecidesWhatItsTableHolds() {
        assertOnly(
                with("[inside]", "mode = \"endpoint\"", "tun = \"tun0\""),
                "gateway.toml:15: inside.endpoint-addresses: missing with mode = \"endpoint\";"
                        + " legal is a list [...] with at least one of: an IPv4 or IPv6 address",
                "gateway.toml:17: inside.tun = \"tun0\": means nothing with mode = \"endpoint\";"
                        + " legal with mode = \"tun\" only");
        assertOnly(
                with("[return-path]", "mode = \"proxy-neighbour\""),
                "gateway.toml:15: return-path.device: missing with mode = \"proxy-neighbour\";"
                        + " legal is the name of a network interface: 1 to 15 visible characters"
                        + " without / : and %");
        assertOnly(
                with(
                        "[inside]",
                        "mode = \"endpoint\"",
                        "endpoint-addresses = [\"10.1.0.1\"]",
                        "[return-path]",
                        "mode = \"route\""),
                "gateway.toml:19: return-path.mode = \"route\": needs a TUN device; with"
                        + " inside.mode = \"endpoint\" legal is \"none\"");
    }

    @Test
    void aHookMustBeAProgram() {
        workspace.write("hook", "#!/bin/sh\n", "rw-r--r--");
        assertOnly(
                with("[return-path]", "mode = \"hook\"", "hook = \"hook\""),
                "gateway.toml:17: return-path.hook = \"hook\": is no program; legal is the path of"
                        + " an executable file");
    }

    @Test
    void aWildcardAddressStandsAlone() {
        assertOnly(
                changed("[\"192.0.2.1\"]", "[\"0.0.0.0\", \"::\", \"192.0.2.1\"]"),
                "gateway.toml:6: listen.addresses = [...]: 0.0.0.0 covers the other addresses of"
                        + " its family; legal is it alone, or they alone");
    }

    @Test
    void poolsShareNoAddressAndHoldTheirShare() {
        assertOnly(
                with(
                        "[pool.guests]",
                        "addresses = \"10.9.0.128/25\"",
                        "assign = \"10.9.0.100-10.9.0.200\""),
                "gateway.toml:16: pool.guests.addresses = \"10.9.0.128/25\": overlaps pool clients"
                        + " (10.9.0.0/24); legal are pools that share no address",
                "gateway.toml:17: pool.guests.assign = \"10.9.0.100-10.9.0.200\": is not within"
                        + " the pool; legal is a part of 10.9.0.128/25");
    }

    @Test
    void aPoolWithoutGoodAddressesIsHeldAgainstNoOther() {
        assertOnly(
                changed("10.9.0.0/24", "10.8.0.0") + "[pool.guests]\naddresses = \"10.9.0.0/24\"\n",
                "gateway.toml:8: pool.clients.addresses = \"10.8.0.0\": has no prefix length"
                        + LEGAL_SUBNET);
    }

    @Test
    void aRangeGoesUpwardsInOneFamily() {
        String legal =
                ": is not a range: both ends are of one family, the lower one first; legal is two"
                        + " addresses with a hyphen, a subnet, or one address, for example"
                        + " \"10.9.0.1-10.9.0.100\"";
        assertOnly(
                with("[pool.b]", "addresses = \"10.8.0.0/24\"", "assign = \"10.8.0.2-10.8.0.1\""),
                "gateway.toml:17: pool.b.assign = \"10.8.0.2-10.8.0.1\"" + legal);
        assertOnly(
                with("[pool.b]", "addresses = \"10.8.0.0/24\"", "assign = \"10.8.0.2-::1\""),
                "gateway.toml:17: pool.b.assign = \"10.8.0.2-::1\"" + legal);
    }

    @Test
    void aPeerIsKnownByOneProfileOnly() {
        assertThat(
                        workspace.problemsOfGateway(
                                with(
                                        "[profile.other]",
                                        "remote-subnets = [\"10.7.0.0/24\"]",
                                        "local-subnets = [\"10.1.0.0/24\"]",
                                        "[[profile.other.peer]]",
                                        "id = \"alice@example\"",
                                        "psk-file = \"alice.psk\"")))
                .containsExactly(
                        "gateway.toml:19: profile.other.peer[0].id = \"alice@example\": is already"
                                + " a peer in line 13 of gateway.toml; legal is each identity once"
                                + " in the file");
    }

    @Test
    void aProfileTakesOnePoolOfAFamily() {
        assertOnly(
                """
                identity = "gw-a.example"
                secure-domain = "example"
                member = 1
                tgs-keys = "tgs.keys"
                listen.addresses = ["::"]
                [pool.one]
                addresses = "10.9.0.0/24"
                [pool.two]
                addresses = "10.8.0.0/24"
                [pool.six]
                addresses = "2001:db8:9::/64"
                [profile.staff]
                pool = ["one", "six", "two"]
                local-subnets = ["10.1.0.0/24"]
                [[profile.staff.peer]]
                id = "alice@example"
                psk-file = "alice.psk"
                """,
                "gateway.toml:13: profile.staff.pool = [...]: one and two are"
                        + " both of IPv4; legal is one pool of a family");
    }

    @Test
    void aProfileNeedsPeersAndTheirSide() {
        assertOnly(
                """
                identity = "gw-a.example"
                secure-domain = "example"
                member = 1
                tgs-keys = "tgs.keys"
                listen.addresses = ["::"]
                [profile.staff]
                local-subnets = ["10.1.0.0/24"]
                """,
                "gateway.toml:6: profile.staff.pool: missing, and so is remote-subnets; legal is"
                        + " the NAME of a table [pool.NAME], or a list of such",
                "gateway.toml:6: profile.staff: has no peer; legal is a table"
                        + " [[profile.staff.peer]] for each, secrets = \"file\", or"
                        + " a table certificates or eap");
        assertOnly(
                changed("pool = \"clients\"", "pool = \"clients\"\nremote-subnets = [\"::/0\"]"),
                "gateway.toml:11: profile.staff.remote-subnets = [...]: stands beside pool; legal"
                        + " is one of the two");
    }

    @Test
    void aSuiteIsToldWhichOfItsWordsIsWrong() {
        assertOnly(
                changed("pool = \"clients\"", "pool = \"clients\"\nesp-suites = [\"aes256-esn\"]"),
                "gateway.toml:11: profile.staff.esp-suites[0] = \"aes256-esn\": is not understood:"
                        + " \"aes256\" in \"aes256-esn\" is unknown for ESP or stands twice; known"
                        + " are aes128gcm16, aes256gcm16, chacha20poly1305, with -esn or -noesn;"
                        + " legal is a"
                        + " suite like \"aes256gcm16\" or, with extended sequence numbers,"
                        + " \"aes256gcm16-esn\"");
    }

    @Test
    void portsAreTwo() {
        assertOnly(
                changed("[\"192.0.2.1\"]", "[\"192.0.2.1\"]\nike-port = 4500"),
                "gateway.toml:5: listen.nat-port: is also ike-port; legal are two different"
                        + " ports, or ike-port = 0");
    }

    @Test
    void aStatusAddressHasAPort() {
        String legal =
                "; legal is an address and a port, for example \"127.0.0.1:9500\" or"
                        + " \"[::1]:9500\"";
        assertOnly(
                with("[status]", "address = \"::1:9500\""),
                "gateway.toml:16: status.address = \"::1:9500\": is not an address and a port"
                        + legal);
        assertOnly(
                with("[status]", "address = \"127.0.0.1:95000\""),
                "gateway.toml:16: status.address = \"127.0.0.1:95000\": has a port that is not 0"
                        + " to 65535"
                        + legal);
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThat(problemsOfRead("nowhere.toml"))
                .isEqualTo("nowhere.toml:1: there is no such file");
        assertThat(problemsOfRead(".")).endsWith(":1: is a directory, a file is wanted");
    }

    private String problemsOfRead(String name) {
        try {
            return GatewayConfiguration.read(directory.resolve(name)).toString();
        } catch (ConfigurationException e) {
            return String.join("\n", workspace.told(e));
        }
    }
}
