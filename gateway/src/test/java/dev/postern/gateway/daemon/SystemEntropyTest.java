package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/// Where the random octets of a running gateway or client come from.
class SystemEntropyTest {
    /// Threat 17: a process that is restored from a snapshot draws what its kernel gives then, so
    /// nothing may have been drawn ahead.
    @Test
    void threat17NothingIsDrawnAheadOfItsUse() throws Exception {
        byte[] stock = new byte[100];
        for (int i = 0; i < stock.length; i++) {
            stock[i] = (byte) i;
        }
        try (InputStream source = new ByteArrayInputStream(stock)) {
            SystemEntropy entropy = new SystemEntropy(source);
            assertThat(entropy.octets(16)).isEqualTo(java.util.Arrays.copyOf(stock, 16));
            assertThat(source.available()).isEqualTo(84);
            assertThat(entropy.octets(1)).containsExactly(16);
            assertThat(source.available()).isEqualTo(83);
        }
    }

    /// Threat 17: gateways, and the lives of one, begin apart.
    @Test
    void threat17NoTwoOfThemDrawTheSame() {
        Set<Octets> drawn = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertThat(drawn.add(Octets.of(new SystemEntropy().octets(16)))).isTrue();
        }
    }

    @Test
    void aSourceThatEndsGivesNothing() {
        SystemEntropy entropy = new SystemEntropy(new ByteArrayInputStream(new byte[15]));
        assertThatThrownBy(() -> entropy.octets(16)).isInstanceOf(UncheckedIOException.class);
    }
}
