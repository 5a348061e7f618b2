package dev.postern.eap;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Names in EAP: UTF-8 text that a peer chooses and people read.
final class EapIdentity {
    /// RFC 7542 section 2.2 lets a network access identifier have that many octets.
    static final int LONGEST = 253;

    private EapIdentity() {}

    static Octets encode(String name) {
        return Octets.of(name.getBytes(StandardCharsets.UTF_8));
    }

    /// The name; null where the octets are too many, no UTF-8, or hold a control character.
    static @Nullable String decode(Octets octets) {
        if (octets.length() > LONGEST) {
            return null;
        }
        try {
            String name =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(octets.array()))
                            .toString();
            return name.codePoints().anyMatch(Character::isISOControl) ? null : name;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
