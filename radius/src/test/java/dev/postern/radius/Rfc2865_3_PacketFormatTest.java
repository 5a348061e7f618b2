package dev.postern.radius;

import static dev.postern.radius.ServerByHand.SECRET;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// RFC 2865 sections 3 and 5: what is a packet. T-EAP-2 of the threat list: no length field leads a
/// reader astray.
class Rfc2865_3_PacketFormatTest {
    /// Section 7.1: User-Name nemo, User-Password, NAS-IP-Address 192.168.1.16, NAS-Port 3.
    private static final Octets REQUEST =
            hex(
                    "01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb",
                    "98 f4 22 7a 01 06 6e 65 6d 6f 02 12 0d be 70 8d",
                    "93 d4 13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8",
                    "01 10 05 06 00 00 00 03");

    /// Section 7.1: Service-Type 1, Login-Service 0, Login-IP-Host 192.168.1.3.
    private static final Octets ACCEPT =
            hex(
                    "02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf",
                    "9b 55 e0 b2 06 06 00 00 00 01 0f 06 00 00 00 00",
                    "0e 06 c0 a8 01 03");

    private static final List<Integer> LENGTHS_OF_REQUEST = List.of(21, 27, 45, 51);

    @Test
    void theRequestOfTheExampleDecodesAndEncodesBack() throws MalformedException {
        Packet packet = Packet.decode(REQUEST.array());
        assertThat(packet.code()).isEqualTo(Code.ACCESS_REQUEST);
        assertThat(packet.attributes().text(Attribute.USER_NAME)).isEqualTo("nemo");
        assertThat(packet.attributes().address(Attribute.NAS_IP_ADDRESS, 4))
                .isEqualTo(ServerByHand.address("192.168.1.16"));
        assertThat(packet.encode()).isEqualTo(REQUEST.array());
    }

    @Test
    void theResponseAuthenticatorOfTheExampleProvesTheAnswer() {
        Octets requestAuthenticator = REQUEST.slice(4, 20);
        assertThat(Authenticators.provesResponse(ACCEPT.array(), requestAuthenticator, SECRET))
                .isTrue();
        for (int bit = 0; bit < ACCEPT.length() * 8; bit++) {
            byte[] forged = ACCEPT.array().clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            boolean wellFormed = isWellFormed(forged);
            assertThat(
                            wellFormed
                                    && Authenticators.provesResponse(
                                            forged, requestAuthenticator, SECRET))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void everyTruncationIsMalformed() {
        for (int length = 0; length < REQUEST.length(); length++) {
            assertThat(isWellFormed(Arrays.copyOf(REQUEST.array(), length)))
                    .as("%d octets", length)
                    .isFalse();
        }
    }

    @Test
    void octetsBehindTheLengthArePaddingAndIgnored() throws MalformedException {
        byte[] padded = Arrays.copyOf(REQUEST.array(), REQUEST.length() + 9);
        padded[REQUEST.length()] = 1;
        assertThat(Packet.decode(padded).encode()).isEqualTo(REQUEST.array());
    }

    @Test
    void aLengthBelowTheHeaderOrAboveThePacketIsRefused() {
        for (int length : new int[] {0, 1, 19, 57, 4097, 65535}) {
            byte[] packet = Arrays.copyOf(REQUEST.array(), 5000);
            packet = length == 57 ? REQUEST.array().clone() : packet;
            packet[2] = (byte) (length >>> 8);
            packet[3] = (byte) length;
            assertThat(isWellFormed(packet)).as("length %d", length).isFalse();
        }
    }

    @Test
    void anAttributeLengthOfZeroOrOneIsTooSmallAndNoEndlessLoop() {
        for (int at : LENGTHS_OF_REQUEST) {
            for (int length : new int[] {0, 1}) {
                byte[] packet = REQUEST.array().clone();
                packet[at] = (byte) length;
                assertThatThrownBy(() -> Packet.decode(packet))
                        .isInstanceOfSatisfying(
                                MalformedException.class,
                                e ->
                                        assertThat(e.malformation())
                                                .isEqualTo(Malformation.LENGTH_TOO_SMALL));
            }
        }
    }

    @Test
    void anAttributeLengthBeyondThePacketIsTooLarge() {
        for (int at : LENGTHS_OF_REQUEST) {
            int rest = REQUEST.length() - (at - 1);
            for (int length = rest + 1; length <= 255; length++) {
                byte[] packet = REQUEST.array().clone();
                packet[at] = (byte) length;
                assertThat(isWellFormed(packet)).as("octet %d is %d", at, length).isFalse();
            }
        }
    }

    @Test
    void noChangedLengthOrOctetEverThrowsAnythingElse() {
        Random random = new Random(4);
        for (int i = 0; i < 200_000; i++) {
            byte[] packet = REQUEST.array().clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            touchEverything(packet);
        }
    }

    @Test
    void everyLengthInsideAVendorSpecificIsBounded() {
        byte[] key = new byte[34];
        Attribute whole =
                new VendorAttribute(
                                VendorAttribute.MICROSOFT,
                                VendorAttribute.MS_MPPE_RECV_KEY,
                                Octets.of(key))
                        .wrapped();
        assertThat(VendorAttribute.in(whole)).hasSize(1);
        for (int length = 0; length <= 255; length++) {
            byte[] value = whole.value().array().clone();
            value[5] = (byte) length;
            Attribute changed = new Attribute(Attribute.VENDOR_SPECIFIC, Octets.of(value));
            assertThat(VendorAttribute.in(changed)).hasSize(length == 36 ? 1 : 0);
        }
        for (int length = 0; length < whole.value().length(); length++) {
            Attribute cut =
                    new Attribute(Attribute.VENDOR_SPECIFIC, whole.value().slice(0, length));
            assertThat(VendorAttribute.in(cut)).isEmpty();
        }
    }

    @Test
    void anAttributeOfTheWrongLengthForItsTypeIsNotThere() {
        for (int length = 0; length <= 20; length++) {
            Attributes attributes =
                    new Attributes(
                            List.of(
                                    new Attribute(
                                            Attribute.SESSION_TIMEOUT, Octets.of(new byte[length])),
                                    new Attribute(
                                            Attribute.FRAMED_IP_ADDRESS,
                                            Octets.of(new byte[length])),
                                    new Attribute(
                                            Attribute.FRAMED_IPV6_ADDRESS,
                                            Octets.of(new byte[length]))));
            assertThat(attributes.integer(Attribute.SESSION_TIMEOUT))
                    .isEqualTo(length == 4 ? 0 : -1);
            assertThat(new Authorization(attributes).framedAddresses())
                    .hasSize(length == 4 || length == 16 ? 1 : 0);
        }
    }

    @Test
    void anUnknownCodeIsMalformed() {
        byte[] packet = REQUEST.array().clone();
        packet[0] = 99;
        assertThat(isWellFormed(packet)).isFalse();
    }

    private static void touchEverything(byte[] packet) {
        Packet decoded;
        try {
            decoded = Packet.decode(packet);
        } catch (MalformedException expected) {
            return;
        }
        Authenticators.judge(packet, decoded.authenticator(), SECRET);
        Authenticators.provesResponse(packet, decoded.authenticator(), SECRET);
        MppeKey.msk(decoded.attributes(), decoded.authenticator(), SECRET);
        assertThat(decoded.encode().length).isLessThanOrEqualTo(packet.length);
    }

    private static boolean isWellFormed(byte[] packet) {
        try {
            Packet.decode(packet);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }
}
