package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProvidersTest {
    @Test
    void libcryptoIsPreferredWhereItIsFound() {
        assertThat(CryptoProvider.description()).startsWith("OpenSSL 3.");
        assertThat(Primitives.preferred().aead()).isInstanceOf(LibCryptoAead.class);
    }

    @Test
    void theFallbackNamesTheJdk() {
        assertThat(Primitives.jdk().name()).isEqualTo("JDK");
        assertThat(Primitives.jdk().aead()).isInstanceOf(JdkAead.class);
    }
}
