package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// The published AEAD cases with the nonce and tag lengths of IPsec, through every way in which
/// this module uses an AEAD: once on the heap, as an SK payload, and as a packet.
class AeadVectorsTest {
    static List<Primitives> providers() {
        return TestVectors.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aesGcmAgreesWithWycheproof(Primitives primitives) {
        assertThat(run("aes_gcm_test.json", primitives)).isEqualTo(new Count(79, 54, 36));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void chaCha20Poly1305AgreesWithWycheproof(Primitives primitives) {
        assertThat(run("chacha20_poly1305_test.json", primitives))
                .isEqualTo(new Count(256, 60, 271));
    }

    /// @param asPackets those that have associated data, as every packet has
    private record Count(int valid, int invalid, int asPackets) {}

    private static Count run(String file, Primitives primitives) {
        int valid = 0;
        int invalid = 0;
        int asPackets = 0;
        for (TestVectors.Case test : TestVectors.wycheproof(file)) {
            boolean ofIpsec =
                    test.number("ivSize") == 96
                            && test.number("tagSize") == 128
                            && test.number("keySize") != 192;
            if (!ofIpsec) {
                continue;
            }
            EncryptionAlgorithm algorithm = algorithmOf(file, test);
            boolean authentic = test.text("result").equals("valid");
            onTheHeap(primitives.aead(), algorithm, test, authentic);
            asPayload(primitives.aead(), algorithm, test, authentic);
            if (test.octets("aad").length > 0) {
                asPacket(primitives.packets(), algorithm, test, authentic);
                asPackets++;
            }
            valid += authentic ? 1 : 0;
            invalid += authentic ? 0 : 1;
        }
        return new Count(valid, invalid, asPackets);
    }

    private static EncryptionAlgorithm algorithmOf(String file, TestVectors.Case test) {
        if (file.startsWith("chacha")) {
            return EncryptionAlgorithm.CHACHA20_POLY1305;
        }
        return test.number("keySize") == 128
                ? EncryptionAlgorithm.AES_GCM_16_128
                : EncryptionAlgorithm.AES_GCM_16_256;
    }

    private static void onTheHeap(
            Aead aead, EncryptionAlgorithm algorithm, TestVectors.Case test, boolean authentic) {
        byte[] key = test.octets("key");
        byte[] nonce = test.octets("iv");
        byte[] aad = test.octets("aad");
        byte[] text = test.octets("msg");
        byte[] sealed = concatenated(test.octets("ct"), test.octets("tag"));
        if (authentic) {
            byte[] octets = Arrays.copyOf(text, text.length + Aead.ICV_LENGTH);
            aead.seal(algorithm, key, nonce, aad, 0, aad.length, octets, 0, text.length);
            assertThat(octets).as(test.name()).isEqualTo(sealed);
        }
        byte[] octets = sealed.clone();
        boolean opened =
                aead.open(algorithm, key, nonce, aad, 0, aad.length, octets, 0, text.length);
        assertThat(opened).as(test.name()).isEqualTo(authentic);
        byte[] left = Arrays.copyOf(octets, text.length);
        assertThat(left).as(test.name()).isEqualTo(authentic ? text : new byte[text.length]);
    }

    private static void asPayload(
            Aead aead, EncryptionAlgorithm algorithm, TestVectors.Case test, boolean authentic) {
        byte[] nonce = test.octets("iv");
        byte[] aad = test.octets("aad");
        byte[] text = test.octets("msg");
        byte[] iv = Arrays.copyOfRange(nonce, 4, 12);
        byte[] icv = test.octets("tag");
        byte[] message = concatenated(new byte[3], aad, iv, test.octets("ct"), icv);
        byte[] keyMaterial = concatenated(test.octets("key"), Arrays.copyOf(nonce, 4));
        try (PayloadCipher cipher = new AeadPayloadCipher(algorithm, keyMaterial, aead)) {
            boolean opened = cipher.open(message, 3, aad.length, text.length);
            assertThat(opened).as(test.name()).isEqualTo(authentic);
            if (authentic) {
                assertThat(message)
                        .as(test.name())
                        .isEqualTo(concatenated(new byte[3], aad, iv, text, icv));
            }
        }
    }

    private static void asPacket(
            Primitives.Packets packets,
            EncryptionAlgorithm algorithm,
            TestVectors.Case test,
            boolean authentic) {
        byte[] nonce = test.octets("iv");
        byte[] aad = test.octets("aad");
        byte[] text = test.octets("msg");
        byte[] sealed = concatenated(aad, test.octets("ct"), test.octets("tag"));
        byte[] keyMaterial = concatenated(test.octets("key"), Arrays.copyOf(nonce, 4));
        long iv = ByteBuffer.wrap(nonce).getLong(4);
        try (Arena arena = Arena.ofConfined();
                PacketCipher opener = packets.create(algorithm, keyMaterial);
                PacketCipher sealer = packets.create(algorithm, keyMaterial)) {
            MemorySegment packet = arena.allocateFrom(ValueLayout.JAVA_BYTE, sealed);
            boolean opened =
                    opener.open(packet, 0, aad.length, iv, packet, aad.length, text.length);
            assertThat(opened).as(test.name()).isEqualTo(authentic);
            if (authentic) {
                byte[] octets = packet.toArray(ValueLayout.JAVA_BYTE);
                assertThat(Arrays.copyOfRange(octets, aad.length, aad.length + text.length))
                        .as(test.name())
                        .isEqualTo(text);
                sealer.seal(packet, 0, aad.length, iv, packet, aad.length, text.length);
                assertThat(packet.toArray(ValueLayout.JAVA_BYTE)).as(test.name()).isEqualTo(sealed);
            }
        }
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
