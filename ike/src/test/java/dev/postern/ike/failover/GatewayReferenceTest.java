package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Path;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// What names a gateway: its name, its identity or its address, each in any of its forms.
final class GatewayReferenceTest {
    private static final GatewayCandidate GATEWAY =
            new GatewayCandidate(
                    "gw-b",
                    Identity.fqdn("gw-b.example"),
                    new Path(at("::", 40_500), at("2001:db8::2", 4_501), true));

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static GatewayReference address(String literal, int port) {
        return new GatewayReference(literal, null, InetAddress.ofLiteral(literal), port);
    }

    private static GatewayReference identity(Identity identity) {
        return new GatewayReference(identity.toString(), identity, null, 0);
    }

    @Test
    void anAddressCountsHoweverItIsWritten() {
        for (String text : new String[] {"2001:db8::2", "2001:0db8:0:0:0:0:0:2"}) {
            assertThat(address(text, 0).means(GATEWAY)).as(text).isTrue();
            assertThat(address(text, 4_501).means(GATEWAY)).as(text).isTrue();
            assertThat(address(text, 4_500).means(GATEWAY)).as(text).isFalse();
        }
        assertThat(address("2001:db8::3", 0).means(GATEWAY)).isFalse();
    }

    @Test
    void aHostNameCountsInSmallLettersAndCapitals() {
        assertThat(identity(Identity.fqdn("GW-B.example")).means(GATEWAY)).isTrue();
        assertThat(identity(Identity.fqdn("gw-c.example")).means(GATEWAY)).isFalse();
        assertThat(identity(Identity.email("gw-b.example")).means(GATEWAY)).isFalse();
    }

    @Test
    void aNameAloneIsTheOneThatEventsHave() {
        assertThat(GatewayReference.of("gw-b").isNameOf(GATEWAY)).isTrue();
        assertThat(GatewayReference.of("gw-b").means(GATEWAY)).isFalse();
        assertThat(GatewayReference.NEXT.isNameOf(GATEWAY)).isFalse();
    }
}
