package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.wire.Identity;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a client's file becomes.
class GoodClientFileTest {
    private static final String EVERY_KEY =
            """
            identity = "alice@example"
            psk = "correct horse battery staple"
            secure-domain = "example"
            ike-suites = ["aes128gcm16-prfsha256-x25519"]
            esp-suites = ["aes128gcm16"]
            request-address = false
            local-subnets = ["10.7.0.0/24"]
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw-a.example"
            address = "2001:db8::1"
            port = 14500
            [[gateway]]
            identity = "gw-b.example"
            address = "gw-b.example"
            [inside]
            mode = "probe"
            probe-protocol = "udp"
            probe-target = "10.1.0.1"
            probe-port = 1007
            probe-interval = "5ms"
            probe-size = 1000
            [resumption]
            one-round-trip = true
            rfc5723 = false
            key-exchange = "required"
            rfc5723-auth = "both"
            [liveness]
            idle = "2m"
            traffic-silence = "never"
            [retransmission]
            exchange = { first-wait = "1s", factor = 2, transmissions = 3 }
            resume = { first-wait = "100ms", factor = 1.25, transmissions = 5 }
            liveness = { first-wait = "50ms", factor = 1, transmissions = 6 }
            [retry]
            first = "200ms"
            maximum = "2s"
            race-after = "300ms"
            [log]
            level = "error"
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    @Test
    void everyKeyArrives() throws Exception {
        workspace.write("client.toml", EVERY_KEY, "rw-------");
        ClientConfiguration client = ClientConfiguration.read(directory.resolve("client.toml"));
        assertThat(client.inside())
                .isEqualTo(
                        new ClientInside.Probe(
                                ClientInside.Protocol.UDP,
                                InetAddress.ofLiteral("10.1.0.1"),
                                1007,
                                Duration.ofMillis(5),
                                1000));
        assertThat(client.trafficSilence()).isEqualTo(Duration.ZERO);
        assertThat(client.retry())
                .isEqualTo(
                        new ClientConfiguration.Retry(
                                Duration.ofMillis(200),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(300)));
        assertThat(client.log().level()).isEqualTo(Log.Level.ERROR);
        assertThat(client.warnings()).isEmpty();
        assertThat(client.endpoint().localIdentity()).isEqualTo(Identity.email("alice@example"));
    }

    @Test
    void aGatewayBecomesAProfileOfTheControlPlane() throws Exception {
        workspace.write("client.toml", EVERY_KEY, "rw-------");
        ClientConfiguration client = ClientConfiguration.read(directory.resolve("client.toml"));
        InitiatorProfile profile = client.initiatorProfile(client.gateways().getLast());
        assertThat(profile.localIdentity()).isEqualTo(Identity.email("alice@example"));
        assertThat(profile.namedGateway()).isEqualTo(Identity.fqdn("gw-b.example"));
        assertThat(profile.acceptedGateways())
                .containsExactly(Identity.fqdn("gw-a.example"), Identity.fqdn("gw-b.example"));
        assertThat(profile.requestAddresses()).isFalse();
        assertThat(profile.localSelectors())
                .containsExactly(TrafficSelector.subnet(InetAddress.ofLiteral("10.7.0.0"), 24));
        assertThat(profile.resumption())
                .isEqualTo(
                        new ResumptionPolicy(
                                true, false, 0, KeyExchangeInResume.REQUIRED, Rfc5723Auth.BOTH));
        assertThat(profile.exchangeSchedule())
                .isEqualTo(new RetransmissionSchedule(Now.NANOS_PER_SECOND, 2, 3));
        assertThat(profile.resumeSchedule())
                .isEqualTo(new RetransmissionSchedule(100 * Now.NANOS_PER_MILLI, 1.25, 5));
        assertThat(profile.liveness().schedule())
                .isEqualTo(new RetransmissionSchedule(50 * Now.NANOS_PER_MILLI, 1, 6));
        assertThat(profile.liveness().idleNanos()).isEqualTo(120 * Now.NANOS_PER_SECOND);
        assertThat(profile.liveness().keepsUnresponsive()).isTrue();
    }

    @Test
    void anAddressIsResolvedAndAHostNameIsNot() throws Exception {
        workspace.write("client.toml", EVERY_KEY, "rw-------");
        ClientConfiguration client = ClientConfiguration.read(directory.resolve("client.toml"));
        assertThat(client.gateways().getFirst().address())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 14500));
        assertThat(client.gateways().getLast().address())
                .isEqualTo(InetSocketAddress.createUnresolved("gw-b.example", 4500));
    }

    @Test
    void whatIsMissingHasItsDefault() throws Exception {
        ClientConfiguration client = workspace.client(Workspace.CLIENT);
        assertThat(client.requestsAddress()).isTrue();
        assertThat(client.inside())
                .isEqualTo(
                        new ClientInside.Tun("postern0", 1400, true, true, true, null, List.of()));
        assertThat(client.trafficSilence()).isEqualTo(Duration.ofMillis(400));
        assertThat(client.exchangeSchedule()).isEqualTo(RetransmissionSchedule.STANDARD);
        assertThat(client.resumeSchedule()).isEqualTo(RetransmissionSchedule.QUICK);
        assertThat(client.liveness().schedule()).isEqualTo(RetransmissionSchedule.QUICK);
        assertThat(client.resumption().rfc5723Auth()).isEqualTo(Rfc5723Auth.RFC);
    }
}
