package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.net.Prefix;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// Which routes a Child SA asks for.
final class NetworksBehindTest {
    private static ChildSaInstallation child(
            List<TrafficSelector> remote, List<InetAddress> assigned) {
        return new ChildSaInstallation(
                1,
                2,
                3,
                EncryptionAlgorithm.AES_GCM_16_128,
                false,
                SecretBytes.owning(new byte[20]),
                SecretBytes.owning(new byte[20]),
                List.of(),
                remote,
                new Path(
                        new InetSocketAddress("192.0.2.1", 4500),
                        new InetSocketAddress("192.0.2.10", 4500),
                        true),
                new IvPrefix(1, 0),
                assigned,
                null,
                0,
                0);
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static List<String> behind(String first, String last) {
        TrafficSelector selector = TrafficSelector.range(address(first), address(last));
        return NetworksBehind.of(child(List.of(selector), List.of())).stream()
                .map(Prefix::toString)
                .toList();
    }

    @Test
    void anAssignedAddressIsAHost() {
        assertThat(
                        NetworksBehind.of(
                                child(
                                        List.of(TrafficSelector.host(address("10.1.0.7"))),
                                        List.of(address("10.1.0.7")))))
                .containsExactly(Prefix.host(address("10.1.0.7")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.2.0.0, 10.2.0.255, 10.2.0.0/24",
        "10.2.0.1, 10.2.0.4, 10.2.0.1/32 10.2.0.2/31 10.2.0.4/32",
        "10.2.0.255, 10.2.1.255, 10.2.0.255/32 10.2.1.0/24",
        "fd00::, fd00::ffff, fd00:0:0:0:0:0:0:0/112",
        "255.255.255.254, 255.255.255.255, 255.255.255.254/31"
    })
    void aRangeIsMadeOfTheFewestPrefixes(String first, String last, String prefixes) {
        assertThat(String.join(" ", behind(first, last))).isEqualTo(prefixes);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 255.255.255.255", "192.0.2.0, 192.0.2.255"})
    void aNetworkThatHoldsThePeerItselfIsNotLedIntoItsTunnel(String first, String last) {
        assertThat(behind(first, last)).isEmpty();
    }
}
