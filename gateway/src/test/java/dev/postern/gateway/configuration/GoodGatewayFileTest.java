package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.entry;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Now;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// What a gateway's file becomes.
class GoodGatewayFileTest {
    private static final String EVERY_KEY =
            """
            identity = "192.0.2.1"
            secure-domain = "example"
            member = 255
            tgs-keys = "tgs.keys"
            listen = { addresses = ["192.0.2.1", "2001:db8::1"], ike-port = 0, nat-port = 14500 }
            [inside]
            mode = "tun"
            tun = "tun7"
            mtu = 1300
            clamp-mss = false
            tun-addresses = ["10.9.0.254/24"]
            [return-path]
            mode = "proxy-neighbour"
            device = "lan0"
            announce = false
            [pool.clients]
            addresses = "10.9.0.0/24"
            assign = "10.9.0.1-10.9.0.100"
            dns = ["10.1.0.53", "2001:db8::53"]
            [profile.staff]
            pool = "clients"
            local-subnets = ["10.1.0.0/24", "10.2.0.0/16"]
            ike-suites = ["aes128-sha256-modp2048"]
            esp-suites = ["aes256gcm16-esn"]
            [profile.staff.resumption]
            one-round-trip = false
            rfc5723 = true
            ticket-lifetime = "90m"
            key-exchange = "required"
            rfc5723-auth = "libreswan"
            [profile.staff.liveness]
            idle = "never"
            client-floor = "5m"
            [[profile.staff.peer]]
            id = "alice@example"
            psk = "correct horse battery staple"
            [[profile.staff.peer]]
            id = "keyid:00FF"
            psk-hex = "000102030405060708090a0b0c0d0e0F"
            [profile.sites]
            remote-subnets = ["10.7.0.0/24"]
            local-subnets = ["10.1.0.0/24"]
            secrets = "peers.toml"
            [limits]
            cookie-threshold = 10
            half-open-limit = 11
            half-open-lifetime = "12s"
            provisional-limit = 13
            provisional-per-session = 14
            provisional-lifetime = "15s"
            [log]
            level = "debug"
            format = "json"
            [key-log]
            directory = "keys"
            [status]
            address = "[::1]:9500"
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() throws Exception {
        workspace = Workspace.in(directory);
        workspace.write(
                "peers.toml",
                "[[peer]]\nid = \"b.example\"\npsk-file = \"alice.psk\"\n",
                "rw-------");
        Files.createDirectory(
                directory.resolve("keys"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        workspace.write("gateway.toml", EVERY_KEY, "rw-------");
    }

    private GatewayConfiguration read() throws ConfigurationException {
        return GatewayConfiguration.read(directory.resolve("gateway.toml"));
    }

    @Test
    void everyKeyArrives() throws Exception {
        GatewayConfiguration gateway = read();
        InetAddress v4 = InetAddress.ofLiteral("192.0.2.1");
        assertThat(gateway.identity()).isEqualTo(Identity.address(v4));
        assertThat(gateway.secureDomain()).isEqualTo("example");
        assertThat(gateway.member()).isEqualTo(255);
        assertThat(gateway.listen())
                .isEqualTo(new Listen(List.of(v4, InetAddress.ofLiteral("2001:db8::1")), 0, 14500));
        assertThat(gateway.inside())
                .isEqualTo(
                        new Inside.Tun(
                                "tun7", 1300, false, true, List.of(Prefix.parse("10.9.0.254/24"))));
        assertThat(gateway.returnPath()).isEqualTo(new ReturnPath.ProxyNeighbour("lan0", false));
        assertThat(gateway.pool("clients"))
                .isEqualTo(
                        new Pool(
                                "clients",
                                Prefix.parse("10.9.0.0/24"),
                                new AddressRange(
                                        InetAddress.ofLiteral("10.9.0.1"),
                                        InetAddress.ofLiteral("10.9.0.100")),
                                List.of(
                                        InetAddress.ofLiteral("10.1.0.53"),
                                        InetAddress.ofLiteral("2001:db8::53"))));
        assertThat(gateway.limits())
                .isEqualTo(
                        new EndpointConfiguration.Limits(
                                10,
                                11,
                                12 * Now.NANOS_PER_SECOND,
                                13,
                                14,
                                15 * Now.NANOS_PER_SECOND));
        assertThat(gateway.log())
                .isEqualTo(
                        new Log(
                                Log.Level.DEBUG,
                                Log.Format.JSON,
                                directory.resolve("keys").toAbsolutePath()));
        assertThat(gateway.status())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::1"), 9500));
    }

    @Test
    void aProfileBecomesThatOfTheControlPlane() throws Exception {
        EndpointConfiguration endpoint = read().endpoint(7);
        assertThat(endpoint.ivPrefix().member()).isEqualTo(255);
        assertThat(endpoint.ivPrefix().epoch()).isEqualTo(7);
        assertThat(endpoint.tickets()).isNotNull();
        assertThat(endpoint.logsKeys()).isTrue();
        ResponderProfile staff = endpoint.profiles().getFirst();
        assertThat(staff.name()).isEqualTo("staff");
        assertThat(staff.assignsAddresses()).isTrue();
        assertThat(staff.ikeSuites())
                .containsExactly(SuiteNames.ikeSuite("aes128-sha256-modp2048"));
        assertThat(staff.espSuites()).containsExactly(SuiteNames.espSuite("aes256gcm16-esn"));
        assertThat(staff.localSelectors())
                .containsExactly(
                        TrafficSelector.subnet(InetAddress.ofLiteral("10.1.0.0"), 24),
                        TrafficSelector.subnet(InetAddress.ofLiteral("10.2.0.0"), 16));
        assertThat(staff.resumption())
                .isEqualTo(
                        new ResumptionPolicy(
                                false,
                                true,
                                5400,
                                KeyExchangeInResume.REQUIRED,
                                Rfc5723Auth.LIBRESWAN));
        assertThat(staff.liveness().idleNanos()).isZero();
        assertThat(staff.liveness().floorNanos()).isEqualTo(300 * Now.NANOS_PER_SECOND);
        assertThat(staff.liveness().keepsUnresponsive()).isFalse();
    }

    @Test
    void eachPeerHasItsKeyFromWhereverItStands() throws Exception {
        GatewayConfiguration gateway = read();
        SecretBytes text = SecretBytes.owning(Workspace.PSK.getBytes(StandardCharsets.UTF_8));
        byte[] counted = new byte[16];
        for (int i = 0; i < counted.length; i++) {
            counted[i] = (byte) i;
        }
        assertThat(gateway.profiles().getFirst().preSharedKeys())
                .containsOnly(
                        entry(Identity.email("alice@example"), text),
                        entry(
                                Identity.keyId(Octets.of(new byte[] {0, (byte) 0xff})),
                                SecretBytes.owning(counted)));
        assertThat(gateway.profiles().getLast().preSharedKeys())
                .containsOnly(entry(Identity.fqdn("b.example"), text));
    }

    @Test
    void aKeyLogIsWarnedOf() throws Exception {
        assertThat(read().warnings().stream().map(workspace::told))
                .containsExactly(
                        "gateway.toml:55: key-log.directory = \"keys\": the keys of every SA are"
                                + " written here: whoever reads them reads all traffic");
    }

    @Test
    void whatIsMissingHasItsDefault() throws Exception {
        GatewayConfiguration gateway = workspace.gateway(Workspace.GATEWAY);
        assertThat(gateway.limits()).isEqualTo(EndpointConfiguration.Limits.DEFAULT);
        assertThat(gateway.listen().ikePort()).isEqualTo(500);
        assertThat(gateway.listen().natPort()).isEqualTo(4500);
        assertThat(gateway.inside())
                .isEqualTo(new Inside.Tun("postern0", 1400, true, true, List.of()));
        assertThat(gateway.returnPath()).isEqualTo(new ReturnPath.Route());
        assertThat(gateway.log()).isEqualTo(new Log(Log.Level.INFO, Log.Format.TEXT, null));
        assertThat(gateway.status()).isNull();
        assertThat(gateway.warnings()).isEmpty();
        Profile profile = gateway.profiles().getFirst();
        assertThat(profile.resumption())
                .isEqualTo(
                        new ResumptionPolicy(
                                true,
                                true,
                                28_800,
                                KeyExchangeInResume.DEFERRED,
                                Rfc5723Auth.BOTH));
        assertThat(profile.liveness().idleNanos()).isEqualTo(60 * Now.NANOS_PER_SECOND);
        assertThat(gateway.endpoint(0).logsKeys()).isFalse();
    }

    @Test
    void aPoolWithoutAShareAssignsAllButItsEnds() throws Exception {
        AddressRange range = workspace.gateway(Workspace.GATEWAY).pool("clients").assign();
        assertThat(range).hasToString("10.9.0.1-10.9.0.254");
        String small = Workspace.GATEWAY.replace("10.9.0.0/24", "10.9.0.4/31");
        assertThat(workspace.gateway(small).pool("clients").assign())
                .hasToString("10.9.0.4-10.9.0.5");
        String six = Workspace.GATEWAY.replace("10.9.0.0/24", "2001:db8::/120");
        assertThat(workspace.gateway(six).pool("clients").assign())
                .hasToString("2001:db8:0:0:0:0:0:1-2001:db8:0:0:0:0:0:ff");
    }

    @Test
    void withoutResumptionNoTgsKeyIsNeeded() throws Exception {
        String text =
                Workspace.GATEWAY.replace("tgs-keys = \"tgs.keys\"\n", "")
                        + "[profile.staff.resumption]\none-round-trip = false\nrfc5723 = false\n";
        GatewayConfiguration gateway = workspace.gateway(text);
        assertThat(gateway.tgsKeys()).isNull();
        assertThat(gateway.endpoint(0).tickets()).isNull();
    }

    @Test
    void aHostInTheProcessNeedsNoRoutes() throws Exception {
        String text =
                Workspace.GATEWAY
                        + "[inside]\nmode = \"endpoint\"\nendpoint-addresses = [\"10.1.0.1\"]\n";
        GatewayConfiguration gateway = workspace.gateway(text);
        assertThat(gateway.inside())
                .isEqualTo(new Inside.Endpoint(List.of(InetAddress.ofLiteral("10.1.0.1")), 7));
        assertThat(gateway.returnPath()).isEqualTo(new ReturnPath.None());
    }

    @Test
    void aHookIsAProgram() throws Exception {
        Path hook = workspace.write("hook", "#!/bin/sh\n", "rwxr-xr-x");
        String text = Workspace.GATEWAY + "[return-path]\nmode = \"hook\"\nhook = \"hook\"\n";
        assertThat(workspace.gateway(text).returnPath())
                .isEqualTo(new ReturnPath.Hook(hook.toAbsolutePath()));
    }
}
