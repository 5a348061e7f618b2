package dev.postern.radius;

import static dev.postern.radius.Authenticators.MessageAuthenticator.MISSING;
import static dev.postern.radius.Authenticators.MessageAuthenticator.VALID;
import static dev.postern.radius.Authenticators.MessageAuthenticator.WRONG;
import static dev.postern.radius.ServerByHand.SECRET;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.List;

/// RFC 3579 section 3.2. The vectors were computed with another implementation of HMAC-MD5.
class Rfc3579_3_2_MessageAuthenticatorTest {
    private static final Octets RANDOM = hex("000102030405060708090a0b0c0d0e0f");
    private static final Octets REQUEST =
            hex(
                    "01070037000102030405060708090a0b0c0d0e0f5012ba126cd2402d6205898cacaec5355b0c",
                    "01066e656d6f4f0b020100090161656d6f");
    private static final Octets ACCEPT =
            hex(
                    "0207002cf4e6c7e23baa2e6ac775a58d0c42c3f95012dc5963d686b5fd0295516a66c90163d2",
                    "01066e656d6f");
    private static final Octets START =
            hex("0409001e4c52306fd7711c3bbe9daf4b46e83b42", "2806000000012c047331");

    private static Attributes nemo() {
        return new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "nemo")));
    }

    @Test
    void anAccessRequestIsThatOfTheVector() {
        byte[] request =
                Authenticators.accessRequest(
                        7,
                        RANDOM.array(),
                        nemo().with(
                                        List.of(
                                                new Attribute(
                                                        Attribute.EAP_MESSAGE,
                                                        hex("020100090161656d6f")))),
                        SECRET);
        assertThat(request).isEqualTo(REQUEST.array());
        assertThat(Authenticators.judge(request, RANDOM, SECRET)).isEqualTo(VALID);
    }

    @Test
    void anAnswerIsThatOfTheVector() {
        byte[] answer =
                Authenticators.response(
                        Code.ACCESS_ACCEPT, ServerByHand.decode(REQUEST.array()), nemo(), SECRET);
        assertThat(answer).isEqualTo(ACCEPT.array());
        assertThat(Authenticators.judge(answer, RANDOM, SECRET)).isEqualTo(VALID);
    }

    @Test
    void anAccountingRequestHasTheDigestOfRfc2866Section3() {
        Attributes attributes =
                new Attributes(
                        List.of(
                                Attribute.integer(Attribute.ACCT_STATUS_TYPE, 1),
                                Attribute.text(Attribute.ACCT_SESSION_ID, "s1")));
        assertThat(
                        Authenticators.digestRequest(
                                Code.ACCOUNTING_REQUEST, 9, attributes, false, SECRET))
                .isEqualTo(START.array());
        assertThat(Authenticators.provesDigestRequest(START.array(), SECRET)).isTrue();
    }

    @Test
    void itStandsFirst() {
        assertThat(ServerByHand.decode(REQUEST.array()).attributes().list().getFirst().type())
                .isEqualTo(Attribute.MESSAGE_AUTHENTICATOR);
    }

    @Test
    void everyFlippedBitOfThePacketIsFound() {
        for (int bit = 0; bit < ACCEPT.length() * 8; bit++) {
            byte[] forged = ACCEPT.array().clone();
            int at = bit / 8;
            boolean replacedByTheRequests = at >= 4 && at < 20;
            boolean length = at == 2 || at == 3;
            if (replacedByTheRequests || length) {
                continue;
            }
            forged[at] ^= (byte) (1 << bit % 8);
            assertThat(Authenticators.judge(forged, RANDOM, SECRET))
                    .as("bit %d", bit)
                    .isNotEqualTo(VALID);
        }
    }

    @Test
    void anotherRequestsAuthenticatorIsWrong() {
        assertThat(Authenticators.judge(ACCEPT.array(), Octets.of(new byte[16]), SECRET))
                .isEqualTo(WRONG);
    }

    @Test
    void anotherSecretIsWrong() {
        assertThat(Authenticators.judge(ACCEPT.array(), RANDOM, ServerByHand.secret("other")))
                .isEqualTo(WRONG);
    }

    @Test
    void noneIsMissing() {
        byte[] plain = new Packet(Code.ACCESS_ACCEPT, 7, RANDOM, nemo()).encode();
        assertThat(Authenticators.judge(plain, RANDOM, SECRET)).isEqualTo(MISSING);
    }

    @Test
    void twoAreWrongEvenIfOneIsRight() {
        Attribute second = new Attribute(Attribute.MESSAGE_AUTHENTICATOR, Octets.of(new byte[16]));
        byte[] answer =
                Authenticators.response(
                        Code.ACCESS_ACCEPT,
                        ServerByHand.decode(REQUEST.array()),
                        new Attributes(List.of(second)),
                        SECRET);
        assertThat(Authenticators.judge(answer, RANDOM, SECRET)).isEqualTo(WRONG);
    }

    @Test
    void oneOfAnotherLengthIsWrong() {
        for (int length = 0; length < 40; length++) {
            if (length != 16) {
                Attribute odd =
                        new Attribute(Attribute.MESSAGE_AUTHENTICATOR, Octets.of(new byte[length]));
                byte[] packet =
                        new Packet(Code.ACCESS_ACCEPT, 7, RANDOM, new Attributes(List.of(odd)))
                                .encode();
                assertThat(Authenticators.judge(packet, RANDOM, SECRET)).isEqualTo(WRONG);
            }
        }
    }
}
