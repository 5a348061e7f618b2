package dev.postern.wire;

import static dev.postern.wire.Refusals.assertMalformed;
import static dev.postern.wire.Refusals.message;
import static dev.postern.wire.Refusals.payloadOctets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Generic payload headers and their chain, RFC 7296 sections 2.5 and 3.2.
class Section_3_2_PayloadChainTest {
    @Test
    void everyMessageComesBackAsItWas() throws MalformedException {
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            Header header = Messages.header(random);
            List<Payload> payloads = Messages.payloads(random);
            byte[] octets = MessageCodec.encode(header, payloads);
            assertThat(MessageCodec.decode(octets))
                    .as("seed %d", seed)
                    .isEqualTo(new Message(header, payloads, Octets.of(octets)));
        }
    }

    @Test
    void everyPayloadTypeComesBackAsItWas() throws MalformedException {
        for (PayloadType type : Messages.ENCODABLE) {
            for (long seed = 0; seed < 200; seed++) {
                Random random = new Random(seed);
                Payload payload = Messages.payload(random, type);
                byte[] octets = MessageCodec.encode(Messages.header(random), List.of(payload));
                assertThat(MessageCodec.decode(octets).payloads())
                        .as("%s, seed %d", type, seed)
                        .containsExactly(payload);
            }
        }
    }

    @Test
    void everyPrefixOfAMessageIsMalformedEvenWithItsLengthMadeToFit() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] octets = MessageCodec.encode(Messages.header(random), Messages.payloads(random));
            for (int length = 0; length < octets.length; length++) {
                byte[] prefix = Arrays.copyOf(octets, length);
                assertRefused(prefix, seed);
                if (length >= Header.LENGTH) {
                    fitLength(prefix);
                    assertRefused(prefix, seed);
                }
            }
        }
    }

    @Test
    void trailingOctetsAreMalformedEvenWithTheLengthMadeToFit() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] octets = MessageCodec.encode(Messages.header(random), Messages.payloads(random));
            byte[] longer = Arrays.copyOf(octets, octets.length + 1 + random.nextInt(8));
            assertMalformed(longer, Malformation.LENGTH_MISMATCH);
            fitLength(longer);
            assertMalformed(longer, Malformation.TRAILING_OCTETS);
        }
    }

    @Test
    void aPayloadLengthBelowItsHeaderIsMalformed() {
        for (int length = 0; length < 4; length++) {
            assertMalformed(
                    message(43, "0000%04x".formatted(length)), Malformation.LENGTH_TOO_SMALL);
            // A length of zero that names itself as next would loop for ever.
            assertMalformed(
                    message(43, "2b00%04x".formatted(length)), Malformation.LENGTH_TOO_SMALL);
        }
    }

    @Test
    void aPayloadLengthBeyondTheMessageIsMalformed() {
        for (String length : List.of("0005", "7fff", "8000", "ffff")) {
            assertMalformed(message(43, "0000" + length), Malformation.LENGTH_TOO_LARGE);
        }
    }

    @Test
    void aNextPayloadThatDoesNotComeIsMalformed() {
        assertMalformed(message(43, payloadOctets(43, "")), Malformation.TRUNCATED);
        assertMalformed(message(43, ""), Malformation.TRUNCATED);
    }

    @Test
    void aChainIsWalkedToItsBoundAndNoFurther() throws MalformedException {
        String vendor = payloadOctets(43, "");
        assertThat(
                        MessageCodec.decode(message(43, vendor.repeat(127) + payloadOctets(0, "")))
                                .payloads())
                .hasSize(128);
        assertMalformed(
                message(43, vendor.repeat(128) + payloadOctets(0, "")), Malformation.TOO_MANY);
        assertMalformed(message(43, vendor.repeat(16_000)), Malformation.TOO_MANY);
    }

    @Test
    void aMessageWithoutPayloadsIsFine() throws MalformedException {
        assertThat(MessageCodec.decode(message(0, "")).payloads()).isEmpty();
    }

    @Test
    void aPayloadThatMayStandOnceMayNotStandTwice() throws MalformedException {
        for (PayloadType type : Messages.ENCODABLE) {
            Random random = new Random(1);
            List<Payload> twice =
                    List.of(Messages.payload(random, type), Messages.payload(random, type));
            byte[] octets = MessageCodec.encode(Messages.header(random), twice);
            if (Messages.REPEATABLE.contains(type)) {
                assertThat(MessageCodec.decode(octets).payloads()).isEqualTo(twice);
            } else {
                assertMalformed(octets, Malformation.PAYLOAD_ORDER);
            }
        }
    }

    @Test
    void aStoredChainHoldsThePayloadsOfSeveralChildSas() throws MalformedException {
        Random random = new Random(5);
        List<Payload> chain = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chain.add(Messages.payload(random, PayloadType.SA));
            chain.add(Messages.payload(random, PayloadType.TSI));
            chain.add(Messages.payload(random, PayloadType.TSR));
        }
        WireWriter writer = new WireWriter();
        PayloadCodec.encodeChain(writer, chain, PayloadType.NONE);
        byte[] octets = writer.finish();
        assertThat(PayloadCodec.decodeChain(new WireReader(octets), 33, PayloadCodec.Chain.STORED))
                .isEqualTo(chain);
        assertThatThrownBy(() ->
                        PayloadCodec.decodeChain(
                                new WireReader(octets), 33, PayloadCodec.Chain.PROTECTED))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void anUnknownCriticalPayloadIsSeen() throws MalformedException {
        Message message = MessageCodec.decode(message(200, "0080" + "0006" + "abcd"));
        assertThat(message.payloads())
                .containsExactly(new Payload.Unknown(200, true, Octets.ofHex("abcd")));
        assertThat(Message.findUnknownCritical(message.payloads())).isEqualTo(200);
    }

    @Test
    void anUnknownPayloadThatIsNotCriticalIsPassedOver() throws MalformedException {
        Message message = MessageCodec.decode(message(200, "2b000005ff" + "00000004"));
        assertThat(message.payloads()).hasSize(2);
        assertThat(Message.findUnknownCritical(message.payloads())).isNull();
    }

    @Test
    void theCriticalBitOfAKnownPayloadAndReservedBitsAreIgnored() throws MalformedException {
        assertThat(MessageCodec.decode(message(43, "00ff0004")).payloads())
                .containsExactly(new Payload.VendorId(Octets.EMPTY));
    }

    /// T-PARSE-1.
    @Test
    void thePayloadTypesOfIkev1AreUnknown() throws MalformedException {
        for (int type = 1; type <= 32; type++) {
            assertThat(MessageCodec.decode(message(type, "00000004")).payloads())
                    .containsExactly(new Payload.Unknown(type, false, Octets.EMPTY));
        }
    }

    @Test
    void skEndsTheChainAndNamesWhereItLies() throws MalformedException {
        String notify = payloadOctets(46, "00004006");
        Message message = MessageCodec.decode(message(41, notify + "21000009" + "0102030405"));
        assertThat(message.encrypted()).isEqualTo(new Payload.Encrypted(33, 28 + 8 + 4, 5));
        assertThat(message.payloads()).hasSize(2);
    }

    @Test
    void skfEndsTheChainToo() throws MalformedException {
        Message message = MessageCodec.decode(message(53, "2300000c" + "00010002" + "0a0b0c0d"));
        assertThat(message.payloads())
                .containsExactly(new Payload.EncryptedFragment(35, 1, 2, 36, 4));
        assertThat(message.encrypted()).isNull();
    }

    @Test
    void nothingFollowsSk() {
        // What stands in SK's next payload field is the first payload inside of it.
        assertMalformed(
                message(46, "29000008" + "01020304" + "00000004"), Malformation.PAYLOAD_ORDER);
        assertMalformed(message(53, "29000008" + "01020304" + "00"), Malformation.PAYLOAD_ORDER);
        assertMalformed(message(46, "2e000004" + "00000004"), Malformation.PAYLOAD_ORDER);
    }

    @Test
    void skIsNeitherInsideOfSkNorInAStore() {
        for (PayloadCodec.Chain chain :
                List.of(PayloadCodec.Chain.PROTECTED, PayloadCodec.Chain.STORED)) {
            for (int type : new int[] {46, 53}) {
                byte[] octets = Octets.ofHex("0000000801020304").array();
                assertThatThrownBy(
                                () -> PayloadCodec.decodeChain(new WireReader(octets), type, chain))
                        .isInstanceOfSatisfying(
                                MalformedException.class,
                                e ->
                                        assertThat(e.malformation())
                                                .isEqualTo(Malformation.PAYLOAD_ORDER));
            }
        }
    }

    @Test
    void skIsNotEncodedHere() {
        Header header = Messages.header(new Random(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        MessageCodec.encode(header, List.of(new Payload.Encrypted(33, 32, 5))));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        MessageCodec.encode(
                                header, List.of(new Payload.EncryptedFragment(33, 1, 2, 36, 5))));
    }

    @Test
    void aPayloadTooLongForItsLengthFieldIsNotEncoded() {
        Payload large = new Payload.VendorId(Octets.of(new byte[65_532]));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> MessageCodec.encode(Messages.header(new Random(1)), List.of(large)));
    }

    @Test
    void aMillionRandomDatagramsDoNoMoreThanFail() {
        Random random = new Random(20_260_101);
        int decoded = 0;
        for (int i = 0; i < 1_000_000; i++) {
            byte[] octets = new byte[random.nextInt(160)];
            random.nextBytes(octets);
            if (octets.length >= Header.LENGTH && i % 8 != 0) {
                makePlausible(octets, random);
            }
            decoded += decodes(octets) ? 1 : 0;
        }
        // Else the garbage never came past the header, and the loop has shown nothing.
        assertThat(decoded).isBetween(1_000, 900_000);
    }

    @Test
    void mangledMessagesDoNoMoreThanFail() {
        for (long seed = 0; seed < 200_000; seed++) {
            Random random = new Random(seed % 2000);
            byte[] octets = MessageCodec.encode(Messages.header(random), Messages.payloads(random));
            random.setSeed(seed);
            for (int i = random.nextInt(5); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            decodes(octets);
        }
    }

    /// Garbage that comes past the header, and often past the first payload's header too.
    private static void makePlausible(byte[] octets, Random random) {
        octets[7] |= 1;
        octets[16] =
                (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 33 + random.nextInt(16));
        octets[17] = 0x20;
        octets[18] = (byte) (34 + random.nextInt(5));
        fitLength(octets);
        if (octets.length >= 32) {
            octets[28] = (byte) (random.nextBoolean() ? 0 : 33 + random.nextInt(16));
            int length = random.nextBoolean() ? octets.length - 28 : 4 + random.nextInt(40);
            octets[30] = (byte) (length >>> 8);
            octets[31] = (byte) length;
        }
    }

    private static boolean decodes(byte[] octets) {
        try {
            return MessageCodec.decode(octets).octets().length() == octets.length;
        } catch (MalformedException expected) {
            return false;
        }
    }

    private static void fitLength(byte[] octets) {
        octets[24] = 0;
        octets[25] = 0;
        octets[26] = (byte) (octets.length >>> 8);
        octets[27] = (byte) octets.length;
    }

    private static void assertRefused(byte[] octets, long seed) {
        assertThatThrownBy(() -> MessageCodec.decode(octets))
                .as(() -> "seed " + seed + ": " + Octets.of(octets).hex())
                .isInstanceOf(MalformedException.class);
    }
}
