package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.Assertions;

import java.util.Arrays;

/// Claims about octets that are not messages.
final class Refusals {
    private Refusals() {}

    static void assertMalformed(byte[] message, Malformation wanted) {
        assertThatThrownBy(() -> MessageCodec.decode(message))
                .as(() -> Octets.of(message).hex())
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> Assertions.assertThat(e.malformation()).isEqualTo(wanted));
    }

    /// Claims that one payload with this body, alone in a message, is malformed.
    static void assertBodyMalformed(PayloadType type, String bodyHex, Malformation wanted) {
        assertMalformed(message(type, bodyHex), wanted);
    }

    static void assertBodyMalformed(PayloadType type, String bodyHex) {
        assertThatThrownBy(() -> MessageCodec.decode(message(type, bodyHex)))
                .as(bodyHex)
                .isInstanceOf(MalformedException.class);
    }

    /// The payload whose body these octets are.
    static Payload payload(PayloadType type, String bodyHex) throws MalformedException {
        return MessageCodec.decode(message(type, bodyHex)).payloads().getFirst();
    }

    /// A message that holds one payload.
    static byte[] message(PayloadType type, String bodyHex) {
        return message(type.code(), payloadOctets(0, bodyHex));
    }

    /// One payload: next type, no flags, length, body.
    static String payloadOctets(int next, String bodyHex) {
        return "%02x00%04x%s".formatted(next, 4 + bodyHex.length() / 2, bodyHex);
    }

    /// A message with any octets behind its header.
    static byte[] message(int firstType, String payloadsHex) {
        byte[] payloads = Octets.ofHex(payloadsHex).array();
        byte[] header =
                Octets.ofHex(
                                "00000000000000010000000000000002%02x20250800000000%08x"
                                        .formatted(firstType, 28 + payloads.length))
                        .array();
        byte[] message = Arrays.copyOf(header, 28 + payloads.length);
        System.arraycopy(payloads, 0, message, 28, payloads.length);
        return message;
    }
}
