package dev.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.crypto.Entropy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/// Keys and chains in the forms that OpenSSL writes.
class CredentialsTest {
    private static final Entropy ENTROPY = octets -> Arrays.fill(octets, (byte) 7);
    private static final char[] PASSPHRASE = "geheim".toCharArray();

    private static Credentials read(String certificate, String key) throws UnreadableException {
        return Credentials.of(
                Fixtures.read(certificate + ".pem"),
                Fixtures.read(key + ".key.pem"),
                PASSPHRASE,
                ENTROPY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c07", "c07-rsa", "c07-ed", "c07-p521"})
    void aKeyIsReadWithItsCertificate(String name) throws UnreadableException {
        try (Credentials credentials = read(name, name)) {
            assertThat(credentials.chain().leaf()).isEqualTo(Fixtures.certificate(name));
            assertThat(credentials.key().matches(credentials.chain().key(), ENTROPY)).isTrue();
        }
    }

    @Test
    void anEncryptedKeyOpensWithItsPassphraseAndNoOther() throws UnreadableException {
        read("c07", "c07.encrypted").close();
        byte[] certificate = Fixtures.read("c07.pem");
        byte[] key = Fixtures.read("c07.encrypted.key.pem");
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> Credentials.of(certificate, key, "wrong".toCharArray(), ENTROPY))
                .withMessageContaining("does not open");
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> Credentials.of(certificate, key, null, ENTROPY))
                .withMessageContaining("no passphrase");
    }

    @Test
    void pkcs12BringsKeyAndChain() throws UnreadableException {
        byte[] file = Fixtures.read("c07-sub.p12");
        try (Credentials credentials = Credentials.ofPkcs12(file, PASSPHRASE, ENTROPY)) {
            assertThat(credentials.chain()).isEqualTo(Fixtures.chain("c07-sub", "sub"));
        }
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> Credentials.ofPkcs12(file, "wrong".toCharArray(), ENTROPY))
                .withMessageContaining("passphrase");
    }

    @Test
    void anotherCertificatesKeyIsRefused() {
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> read("c07", "gw-a"))
                .withMessageContaining("CN=c07");
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> read("c07", "c07-rsa"));
    }

    @Test
    void aCertificateThatIsNoAuthorityIsNotTrustedAsOne() throws UnreadableException {
        assertThat(Credentials.authoritiesOf(Fixtures.read("ca.pem"))).hasSize(1);
        assertThatExceptionOfType(UnreadableException.class)
                .isThrownBy(() -> Credentials.authoritiesOf(Fixtures.read("c07.pem")))
                .withMessageContaining("not an authority");
    }
}
