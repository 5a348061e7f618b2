package dev.postern.ike.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Now;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;

/// Whose questions count as whose.
class VainQuestionsTest {
    private final VainQuestions vain = new VainQuestions(7);

    private static InetAddress at(String address) {
        return InetAddress.ofLiteral(address);
    }

    /// A host may have every address of its network of IPv6.
    @Test
    void theAddressesOfOneNetworkOfIpv6AreOneSource() {
        for (int i = 0; i < VainQuestions.PER_SOURCE; i++) {
            assertThat(vain.areManyOf(at("2001:db8:1:2::1"), 0)).isFalse();
            vain.note(at("2001:db8:1:2::" + Integer.toHexString(i + 1)), true, 0);
        }
        assertThat(vain.areManyOf(at("2001:db8:1:2:ffff::1"), 0)).isTrue();
        assertThat(vain.areManyOf(at("2001:db8:1:3::1"), 0)).isFalse();
        assertThat(vain.areManyOf(at("2001:db8:1:2::1"), Now.NANOS_PER_SECOND)).isFalse();
    }

    @Test
    void neighboursOfIpv4AreNot() {
        for (int i = 0; i < VainQuestions.PER_SOURCE; i++) {
            vain.note(at("192.0.2.1"), true, 0);
        }
        assertThat(vain.areManyOf(at("192.0.2.1"), 0)).isTrue();
        assertThat(vain.areManyOf(at("192.0.2.2"), 0)).isFalse();
    }

    @Test
    void anAddressThatNobodyHasProvenIsCountedInAllOnly() {
        for (int i = 0; i < VainQuestions.UNPROVEN; i++) {
            assertThat(vain.areMany(0)).isFalse();
            vain.note(at("192.0.2.1"), false, 0);
        }
        assertThat(vain.areMany(0)).isTrue();
        assertThat(vain.areManyOf(at("192.0.2.1"), 0)).isFalse();
    }
}
