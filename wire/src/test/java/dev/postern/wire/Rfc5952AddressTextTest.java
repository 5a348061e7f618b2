package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// RFC 5952 section 4: one text of an IPv6 address.
final class Rfc5952AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:1:2:3:4:0:0, 2001:db8:1:2:3:4::",
        "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0"
    })
    void isTheShortestOne(String written, String said) {
        InetAddress address = InetAddress.ofLiteral(written);
        assertThat(AddressText.of(address)).isEqualTo(said);
        assertThat(InetAddress.ofLiteral(said)).isEqualTo(address);
        assertThat(AddressText.of(new InetSocketAddress(address, 4500)))
                .as("with its port, section 6")
                .isEqualTo(said.contains(":") ? "[" + said + "]:4500" : said + ":4500");
    }
}
