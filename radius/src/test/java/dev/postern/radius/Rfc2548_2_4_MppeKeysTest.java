package dev.postern.radius;

import static dev.postern.radius.ServerByHand.SECRET;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// RFC 2548 sections 2.4.2 and 2.4.3; the vector was computed with another implementation.
class Rfc2548_2_4_MppeKeysTest {
    private static final Octets AUTHENTICATOR = hex("000102030405060708090a0b0c0d0e0f");
    private static final Octets KEY =
            hex("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
    private static final Octets SEALED =
            hex(
                    "8a017baea31b2d05ac1745ba39c31274dc402149a99ea78ddd0643bc58dd4d0b8c6ddacba1435b",
                    "d8fdfce1e30531c78928b2");

    @Test
    void theVectorOpensToItsKey() {
        SecretBytes key = MppeKey.open(SEALED, AUTHENTICATOR, SECRET);
        assertThat(key).isNotNull();
        assertThat(key.expose()).isEqualTo(KEY.array());
    }

    @Test
    void theKeySealsToTheVector() {
        assertThat(MppeKey.seal(KEY.array(), new byte[] {(byte) 0x8a, 1}, AUTHENTICATOR, SECRET))
                .isEqualTo(SEALED);
    }

    @Test
    void everyOtherLengthOfTheSealedKeyIsRefused() {
        for (int length = 0; length < 100; length++) {
            byte[] sealed = Arrays.copyOf(SEALED.array(), length);
            SecretBytes key = MppeKey.open(Octets.of(sealed), AUTHENTICATOR, SECRET);
            if (length < 18 || (length - 2) % 16 != 0) {
                assertThat(key).as("%d octets", length).isNull();
            }
        }
    }

    @Test
    void aKeyLengthBeyondTheTextIsRefused() {
        for (int claimed = 0; claimed < 256; claimed++) {
            byte[] sealed = SEALED.array().clone();
            // The first octet of the text is 32 xor its pad.
            sealed[2] ^= (byte) (32 ^ claimed);
            SecretBytes key = MppeKey.open(Octets.of(sealed), AUTHENTICATOR, SECRET);
            if (claimed > 47) {
                assertThat(key).as("length %d", claimed).isNull();
            } else {
                assertThat(key).isNotNull();
                assertThat(key.length()).isEqualTo(claimed);
            }
        }
    }

    @Test
    void aSaltWithoutItsHighestBitIsRefused() {
        byte[] sealed = SEALED.array().clone();
        sealed[0] &= 0x7f;
        assertThat(MppeKey.open(Octets.of(sealed), AUTHENTICATOR, SECRET)).isNull();
    }

    @Test
    void theMskIsTheReceiveKeyAndThenTheSendKey() {
        byte[] receive = filled(32, 1);
        byte[] send = filled(32, 2);
        SecretBytes msk = MppeKey.msk(keys(receive, send), AUTHENTICATOR, SECRET);
        assertThat(msk).isNotNull();
        assertThat(Arrays.copyOf(msk.expose(), 32)).isEqualTo(receive);
        assertThat(Arrays.copyOfRange(msk.expose(), 32, 64)).isEqualTo(send);
    }

    @Test
    void theShorterKeysOfMschapv2AreFilledUpWithZeros() {
        SecretBytes msk = MppeKey.msk(keys(filled(16, 1), filled(16, 2)), AUTHENTICATOR, SECRET);
        assertThat(msk).isNotNull();
        assertThat(msk.length()).isEqualTo(64);
        assertThat(Arrays.copyOf(msk.expose(), 32))
                .startsWith(filled(16, 1))
                .endsWith(filled(16, 2));
        assertThat(Arrays.copyOfRange(msk.expose(), 32, 64)).containsOnly(0);
    }

    @Test
    void oneKeyAloneOrTwoOfAKindOrOneOfAnOddLengthMakeNoMsk() {
        Attributes both = keys(filled(32, 1), filled(32, 2));
        Attribute first = both.list().getFirst();
        Attribute last = both.list().getLast();
        assertThat(MppeKey.msk(new Attributes(List.of(first)), AUTHENTICATOR, SECRET)).isNull();
        assertThat(MppeKey.msk(new Attributes(List.of(last)), AUTHENTICATOR, SECRET)).isNull();
        assertThat(MppeKey.msk(both.with(List.of(first)), AUTHENTICATOR, SECRET)).isNull();
        for (int length : new int[] {0, 1, 15, 33, 40}) {
            assertThat(MppeKey.msk(keys(filled(length, 1), filled(32, 2)), AUTHENTICATOR, SECRET))
                    .as("%d octets", length)
                    .isNull();
        }
    }

    static Attributes keys(byte[] receive, byte[] send) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(key(VendorAttribute.MS_MPPE_RECV_KEY, receive, 1));
        attributes.add(key(VendorAttribute.MS_MPPE_SEND_KEY, send, 2));
        return new Attributes(attributes);
    }

    private static Attribute key(int type, byte[] key, int salt) {
        Octets sealed =
                MppeKey.seal(key, new byte[] {(byte) 0x80, (byte) salt}, AUTHENTICATOR, SECRET);
        return new VendorAttribute(VendorAttribute.MICROSOFT, type, sealed).wrapped();
    }

    private static byte[] filled(int length, int with) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) with);
        return octets;
    }
}
