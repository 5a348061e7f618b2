package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The IKE header, RFC 7296 section 3.1, and the profile's reading of its Message ID.
class Section_3_1_HeaderTest {
    private static final Header HEADER =
            new Header(
                    0x1122334455667788L,
                    0x99aabbccddeeff00L,
                    ExchangeType.INFORMATIONAL,
                    true,
                    false,
                    7);

    @Test
    void theHeaderHas28OctetsInTheOrderOfTheRfc() {
        assertThat(Octets.of(MessageCodec.encode(HEADER, List.of())).hex())
                .isEqualTo(
                        "1122334455667788"
                                + "99aabbccddeeff00"
                                + "00202508"
                                + "00000007"
                                + "0000001c");
    }

    @Test
    void everyHeaderComesBackAsItWas() throws MalformedException {
        for (long seed = 0; seed < 1000; seed++) {
            Header header = Messages.header(new Random(seed));
            assertThat(MessageCodec.decode(MessageCodec.encode(header, List.of())).header())
                    .as("seed %d", seed)
                    .isEqualTo(header);
        }
    }

    @Test
    void aDatagramShorterThanAHeaderIsTruncated() {
        for (int length = 0; length < Header.LENGTH; length++) {
            byte[] octets = Arrays.copyOf(MessageCodec.encode(HEADER, List.of()), length);
            Refusals.assertMalformed(octets, Malformation.TRUNCATED);
        }
    }

    @Test
    void theLengthFieldIsTheDatagramsLength() {
        for (int length :
                new int[] {
                    0, 1, 27, 29, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x8000001c, -1
                }) {
            byte[] octets = MessageCodec.encode(HEADER, List.of());
            ByteBuffer.wrap(octets).putInt(24, length);
            Refusals.assertMalformed(octets, Malformation.LENGTH_MISMATCH);
        }
    }

    @Test
    void majorVersionsOtherThan2AreRefused() {
        for (int version : new int[] {0x00, 0x10, 0x11, 0x1f, 0x30, 0xf0}) {
            byte[] octets = MessageCodec.encode(HEADER, List.of());
            octets[17] = (byte) version;
            Refusals.assertMalformed(octets, Malformation.VERSION);
        }
    }

    @Test
    void theMinorVersionIsIgnored() throws MalformedException {
        byte[] octets = MessageCodec.encode(HEADER, List.of());
        octets[17] = 0x2f;
        assertThat(MessageCodec.decode(octets).header()).isEqualTo(HEADER);
    }

    @Test
    void onlyAHigherMajorVersionIsWorthAnAnswer() {
        byte[] octets = MessageCodec.encode(HEADER, List.of());
        assertThat(MessageCodec.claimsHigherMajorVersion(octets)).isFalse();
        octets[17] = 0x10;
        assertThat(MessageCodec.claimsHigherMajorVersion(octets)).isFalse();
        octets[17] = 0x30;
        assertThat(MessageCodec.claimsHigherMajorVersion(octets)).isTrue();
        octets[17] = (byte) 0xf0;
        assertThat(MessageCodec.claimsHigherMajorVersion(octets)).isTrue();
        assertThat(MessageCodec.claimsHigherMajorVersion(Arrays.copyOf(octets, 27))).isFalse();
        assertThat(MessageCodec.claimsHigherMajorVersion(new byte[0])).isFalse();
    }

    /// A non-ESP marker where none belongs, or a second one (RFC 3948 section 2.2): half of the
    /// responder's SPI stands in the place of the versions.
    @Test
    void aMarkerInFrontOfAFirstMessageIsRefused() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            Header first =
                    new Header(random.nextLong() | 1, 0, ExchangeType.IKE_SA_INIT, true, false, 0);
            List<Payload> payloads = List.of(new Payload.Nonce(Octets.of(new byte[32])));
            byte[] octets = MessageCodec.encode(first, payloads);
            byte[] marked = new byte[4 + octets.length];
            System.arraycopy(octets, 0, marked, 4, octets.length);
            Refusals.assertMalformed(marked, Malformation.VERSION);
        }
    }

    @Test
    void anInitiatorSpiOfZeroIsRefused() {
        byte[] octets = MessageCodec.encode(HEADER, List.of());
        Arrays.fill(octets, 0, 8, (byte) 0);
        Refusals.assertMalformed(octets, Malformation.HEADER);
    }

    @Test
    void exchangeTypesThatAreNotKnownAreRefused() {
        for (int code = 0; code < 256; code++) {
            byte[] octets = MessageCodec.encode(HEADER, List.of());
            octets[18] = (byte) code;
            if (ExchangeType.of(code) == null) {
                Refusals.assertMalformed(octets, Malformation.EXCHANGE_TYPE);
            }
        }
        assertThat(ExchangeType.of(4)).as("aggressive mode of IKEv1").isNull();
    }

    @Test
    void flagsOtherThanInitiatorAndResponseAreIgnored() throws MalformedException {
        byte[] octets = MessageCodec.encode(HEADER, List.of());
        octets[19] = (byte) 0xdf;
        assertThat(MessageCodec.decode(octets).header()).isEqualTo(HEADER);
    }

    @Test
    void aResponseHasTheRequestsExchangeSpisAndMessageId() {
        assertThat(HEADER.toResponse())
                .isEqualTo(
                        new Header(
                                HEADER.spiI(),
                                HEADER.spiR(),
                                ExchangeType.INFORMATIONAL,
                                false,
                                true,
                                7));
        assertThat(HEADER.withSpiR(5).spiR()).isEqualTo(5);
    }

    @Test
    void aMessageIdIsFourBitsOfSwitchCountAnd28OfSequence() {
        assertThat(MessageId.of(0, 0)).isZero();
        assertThat(MessageId.of(1, 0)).isEqualTo(0x10000000);
        assertThat(MessageId.of(15, MessageId.MAXIMUM_SEQUENCE)).isEqualTo(0xffffffff);
        for (int count = 0; count <= 15; count++) {
            int messageId = MessageId.of(count, 0x0abcdef1);
            assertThat(MessageId.gatewaySwitchCount(messageId)).isEqualTo(count);
            assertThat(MessageId.sequence(messageId)).isEqualTo(0x0abcdef1);
        }
    }

    @Test
    void neitherASwitchCountNorASequenceRunsIntoTheOther() {
        int[][] beyond = {{16, 0}, {-1, 0}, {0, 1 << 28}, {0, -1}, {Integer.MIN_VALUE, 0}};
        for (int[] parts : beyond) {
            assertThatIllegalArgumentException().isThrownBy(() -> MessageId.of(parts[0], parts[1]));
        }
    }
}
