package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class SecretBytesTest {
    private static final byte[] OCTETS = {0x41, 0x42, 0x43, 0x44};

    @Test
    void theTextShowsTheLengthAndNothingElse() {
        assertThat(SecretBytes.copyOf(OCTETS)).hasToString("SecretBytes[4 octets]");
        assertThat(SecretBytes.copyOf(new byte[4])).hasToString("SecretBytes[4 octets]");
    }

    @Test
    void theHashCodeGivesNothingAway() {
        assertThat(SecretBytes.copyOf(OCTETS).hashCode())
                .isEqualTo(SecretBytes.copyOf(new byte[4]).hashCode());
    }

    @Test
    void closingWipesTheOctetsAndMayBeRepeated() {
        byte[] owned = OCTETS.clone();
        SecretBytes secret = SecretBytes.owning(owned);
        secret.close();
        secret.close();

        assertThat(owned).containsOnly(0);
    }

    @Test
    void aWipedSecretRefusesEveryUse() {
        SecretBytes secret = SecretBytes.copyOf(OCTETS);
        secret.close();

        assertThatIllegalStateException().isThrownBy(secret::expose);
        assertThatIllegalStateException().isThrownBy(secret::copy);
        assertThatIllegalStateException().isThrownBy(() -> secret.slice(0, 1));
    }

    @Test
    void copiesAndSlicesOutliveTheirOrigin() {
        SecretBytes secret = SecretBytes.copyOf(OCTETS);
        SecretBytes copy = secret.copy();
        SecretBytes slice = secret.slice(1, 2);
        secret.close();

        assertThat(copy.expose()).isEqualTo(OCTETS);
        assertThat(slice.expose()).containsExactly(0x42, 0x43);
    }

    @Test
    void aCopyIsIndependentOfTheArrayItWasTakenFrom() {
        byte[] octets = OCTETS.clone();
        SecretBytes secret = SecretBytes.copyOf(octets);
        octets[0] = 0;

        assertThat(secret.expose()).isEqualTo(OCTETS);
    }

    @Test
    void secretsAreEqualWhereTheirOctetsAre() {
        assertThat(SecretBytes.copyOf(OCTETS)).isEqualTo(SecretBytes.copyOf(OCTETS));
        assertThat(SecretBytes.copyOf(OCTETS)).isNotEqualTo(SecretBytes.copyOf(new byte[4]));
        assertThat(SecretBytes.copyOf(OCTETS)).isNotEqualTo(SecretBytes.copyOf(new byte[5]));
    }
}
