package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// The baseline: without Postern, the lab carries a tunnel.
@Tag("privileged")
final class StrongSwanToStrongSwanTest {

    @Test
    void aPskTunnelCarriesPingsBothWays() {
        try (Lab lab = Lab.open("PskTunnel")) {
            StrongSwanPair pair = StrongSwanPair.create(lab, StrongSwanSettings.usual());

            pair.client().initiate("net");

            pair.gateway().awaitSas(Duration.ofSeconds(5), "ESTABLISHED", "INSTALLED");
            assertThat(Ping.send(pair.client().host(), StrongSwanPair.GATEWAY_INNER, 10).lost())
                    .isZero();
            assertThat(Ping.send(pair.gateway().host(), StrongSwanPair.CLIENT_INNER, 10).lost())
                    .isZero();
        }
    }

    @Test
    void withoutTheTunnelThePingIsLost() {
        try (Lab lab = Lab.open("NoTunnel")) {
            StrongSwanPair pair = StrongSwanPair.create(lab, StrongSwanSettings.usual());

            assertThat(Ping.send(pair.client().host(), StrongSwanPair.GATEWAY_INNER, 1).received())
                    .isZero();
        }
    }
}
