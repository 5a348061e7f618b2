package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ike.failover.GatewayReference;
import dev.postern.wire.GatewayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

/// A gateway as people write it on a command line.
final class GatewayAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1:4500, 192.0.2.1",
        "192.0.2.1:4501, 192.0.2.1 port 4501",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:4501, 2001:db8:0:0:0:0:0:1 port 4501",
        "gw-b.example, gw-b.example"
    })
    void isRead(String text, String meant) {
        assertThat(GatewayList.text(GatewayAddress.parse(text))).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.1:0",
                "192.0.2.1:65536",
                "192.0.2.1:x",
                "192.0.2.999",
                "[2001:db8::1",
                "[2001:db8::1]4501",
                "2001:db8::g1",
                "gw b.example",
                "gw-b.example:4501"
            })
    void orItIsRefused(String text) {
        assertThatThrownBy(() -> GatewayAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsSaidNeverRepeatsTheText() {
        assertThatThrownBy(() -> GatewayAddress.parse("192.0.2.1:secret"))
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1, 0",
        "[::1], ::1, 0",
        "[::1]:46031, ::1, 46031",
        "[0:0:0:0:0:0:0:1]:46031, ::1, 46031",
        "0:0:0:0:0:0:0:1, ::1, 0",
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1:4500, 192.0.2.1, 4500"
    })
    void anAddressRefersToAGatewayAtAnyOfItsPortsOrAtOne(String text, String address, int port) {
        GatewayReference reference = GatewayAddress.reference(text);
        assertThat(reference.address()).isEqualTo(InetAddress.ofLiteral(address));
        assertThat(reference.port()).isEqualTo(port);
        assertThat(reference.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw-b.example", "CN=gw b, O=Example", "alice@example", "keyid:00ff"})
    void anIdentityRefersToAGateway(String text) {
        GatewayReference reference = GatewayAddress.reference(text);
        assertThat(reference.identity()).isEqualTo(IdentityText.parse(text));
        assertThat(reference.address()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gw b", "192.0.2.999", "[::1", "192.0.2.1:x"})
    void anythingElseRefersByNameAlone(String text) {
        assertThat(GatewayAddress.reference(text)).isEqualTo(GatewayReference.of(text));
    }
}
