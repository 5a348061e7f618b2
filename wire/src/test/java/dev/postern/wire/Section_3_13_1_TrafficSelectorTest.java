package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Traffic selectors made from addresses, RFC 7296 section 3.13.1.
class Section_3_13_1_TrafficSelectorTest {
    @Test
    void aSubnetRunsFromItsFirstToItsLastAddress() throws UnknownHostException {
        assertRange("10.1.2.3", 24, "0a010200", "0a0102ff");
        assertRange("10.1.2.3", 25, "0a010200", "0a01027f");
        assertRange("10.1.2.200", 25, "0a010280", "0a0102ff");
        assertRange("10.1.2.3", 31, "0a010202", "0a010203");
        assertRange("10.1.2.3", 13, "0a000000", "0a07ffff");
        assertRange(
                "2001:db8::1",
                64,
                "20010db8" + "00".repeat(12),
                "20010db800000000" + "ff".repeat(8));
    }

    @Test
    void aSubnetOfAllBitsIsOneHost() throws UnknownHostException {
        assertRange("10.1.2.3", 32, "0a010203", "0a010203");
        assertThat(TrafficSelector.subnet(InetAddress.getByName("2001:db8::1"), 128).isSingleHost())
                .isTrue();
    }

    @Test
    void aSubnetOfNoBitsIsEverything() throws UnknownHostException {
        assertRange("10.1.2.3", 0, "00000000", "ffffffff");
        assertRange("2001:db8::1", 0, "00".repeat(16), "ff".repeat(16));
    }

    @Test
    void anImpossiblePrefixLengthIsRefused() throws UnknownHostException {
        InetAddress ipv4 = InetAddress.getByName("10.1.2.3");
        InetAddress ipv6 = InetAddress.getByName("2001:db8::1");
        assertThatIllegalArgumentException().isThrownBy(() -> TrafficSelector.subnet(ipv4, 33));
        assertThatIllegalArgumentException().isThrownBy(() -> TrafficSelector.subnet(ipv4, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> TrafficSelector.subnet(ipv6, 129));
    }

    @Test
    void anIpv4AddressMappedIntoIpv6IsIpv4() throws UnknownHostException {
        assertThat(TrafficSelector.host(InetAddress.getByName("::ffff:10.1.2.3")).isIpv4())
                .isTrue();
    }

    @Test
    void aSelectorReadsAsPeopleWriteIt() throws UnknownHostException {
        InetAddress host = InetAddress.getByName("10.1.2.3");
        assertThat(TrafficSelector.host(host)).hasToString("10.1.2.3");
        assertThat(TrafficSelector.subnet(host, 24)).hasToString("10.1.2.0-10.1.2.255");
        Octets address = Octets.ofHex("0a010203");
        assertThat(new TrafficSelector(7, 17, 53, 54, address, address))
                .hasToString("10.1.2.3 protocol 17 ports 53-54");
    }

    private static void assertRange(String address, int prefix, String start, String end)
            throws UnknownHostException {
        TrafficSelector selector = TrafficSelector.subnet(InetAddress.getByName(address), prefix);
        assertThat(selector.start()).isEqualTo(Octets.ofHex(start));
        assertThat(selector.end()).isEqualTo(Octets.ofHex(end));
        assertThat(selector.protocol()).isZero();
        assertThat(selector.startPort()).isZero();
        assertThat(selector.endPort()).isEqualTo(65535);
    }
}
