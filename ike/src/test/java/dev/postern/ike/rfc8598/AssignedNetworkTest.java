package dev.postern.ike.rfc8598;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.negotiate.AssignedNetwork;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a client takes of CFG_REPLY, and what it passes over.
class AssignedNetworkTest {
    private static ConfigurationAttribute attribute(int type, String hex) {
        return new ConfigurationAttribute(type, Octets.ofHex(hex));
    }

    private static ConfigurationAttribute domain(String name) {
        return new ConfigurationAttribute(
                ConfigurationAttribute.INTERNAL_DNS_DOMAIN, Octets.ofAscii(name));
    }

    private static AssignedNetwork of(ConfigurationAttribute... attributes) {
        return AssignedNetwork.of(List.of(attributes));
    }

    @Test
    void serversDomainsAndSubnetsAreRead() {
        AssignedNetwork network =
                of(
                        attribute(3, "0a010035"),
                        attribute(10, "fd000001000000000000000000000053"),
                        domain("Corp.Example."),
                        domain("city.other.test"),
                        attribute(13, "0a010000ffff0000"),
                        attribute(15, "fd00000100000000000000000000000040"));
        assertThat(network.dnsServers())
                .extracting(each -> each.getHostAddress())
                .containsExactly("10.1.0.53", "fd00:1:0:0:0:0:0:53");
        assertThat(network.domains()).containsExactly("corp.example", "city.other.test");
        assertThat(network.subnets())
                .extracting(String::valueOf)
                .containsExactly("10.1.0.0/16", "fd00:1:0:0:0:0:0:0/64");
    }

    /// RFC 8598 section 4.2.
    @Test
    void aTrustAnchorBelongsToTheDomainRightBeforeIt() {
        String ds = "aa1b08020123456789abcdef0123456789abcdef";
        AssignedNetwork network =
                of(
                        domain("corp.example"),
                        attribute(26, ds),
                        attribute(26, "0001" + ds.substring(4)),
                        attribute(3, "0a010035"),
                        attribute(26, ds));
        assertThat(network.trustAnchors())
                .extracting(String::valueOf)
                .containsExactly(
                        "corp.example. IN DS 43547 8 2 0123456789abcdef0123456789abcdef",
                        "corp.example. IN DS 1 8 2 0123456789abcdef0123456789abcdef");
    }

    @Test
    void whatDoesNotMakeSenseIsPassedOver() {
        AssignedNetwork network =
                of(
                        attribute(3, "0a0100"),
                        attribute(3, "00000000"),
                        attribute(3, "e0000001"),
                        domain(""),
                        domain("$(reboot).example"),
                        domain("a b"),
                        domain("x".repeat(64) + ".example"),
                        attribute(26, "aa1b0802"),
                        attribute(13, "0a010000ff00ff00"),
                        attribute(15, "fd000001000000000000000000000000ff"));
        assertThat(network.isEmpty()).isTrue();
        assertThat(network.trustAnchors()).isEmpty();
    }

    @Test
    void aFloodOfAttributesIsBounded() {
        ConfigurationAttribute[] many = new ConfigurationAttribute[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = domain("d" + i + ".example");
        }
        assertThat(of(many).domains()).hasSize(64);
    }
}
