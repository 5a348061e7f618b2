package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

class PrefixTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8:0:0:0:0:0:0/32"})
    void aPrefixComesBackAsItWasWritten(String text) {
        assertThat(Prefix.parse(text)).hasToString(text);
    }

    @Test
    void aBareAddressIsAPrefixOfOneAddress() {
        assertThat(Prefix.parse("192.0.2.1").length()).isEqualTo(32);
        assertThat(Prefix.parse("::1")).isEqualTo(Prefix.host(InetAddress.ofLiteral("::1")));
        assertThat(Prefix.parse("::1").length()).isEqualTo(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "host/8", "/8"})
    void whatIsNoPrefixIsRefused(String text) {
        assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itsNetworkHasNoBitsBehindThePrefix() {
        assertThat(Prefix.parse("10.9.255.255/12").network())
                .isEqualTo(InetAddress.ofLiteral("10.0.0.0"));
        assertThat(Prefix.parse("192.0.2.1/0").network())
                .isEqualTo(InetAddress.ofLiteral("0.0.0.0"));
        assertThat(Prefix.parse("2001:db8::ffff/121").network())
                .isEqualTo(InetAddress.ofLiteral("2001:db8::ff80"));
        assertThat(Prefix.parse("192.0.2.1").network())
                .isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
    }
}
