package dev.postern.ticket;

import dev.postern.crypto.Hkdf;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// Tickets by reference for RFC 5723, section 6.1: what the client holds names a record and nothing
/// else, and nobody but a member of the domain can make one, so that guesses cost no look-up.
///
///     reference  TGS-SPI (8) | version (1) = 2 | record (16, random) | tag (16)
///     tag        HKDF-SHA256(TGS key, record, "IKEv2 failover reference" | version)
final class SealedReferences {
    static final int VERSION = 2;
    static final int LENGTH = 41;

    private static final int RECORD_OFFSET = 9;
    private static final int TAG_OFFSET = RECORD_OFFSET + SessionReference.LENGTH;
    private static final byte[] LABEL =
            "IKEv2 failover reference\u0002".getBytes(StandardCharsets.US_ASCII);

    private SealedReferences() {}

    static Octets seal(TgsKey key, SessionReference reference) {
        return Octets.of(
                new WireWriter(LENGTH)
                        .i64(key.spi())
                        .u8(VERSION)
                        .octets(reference.octets())
                        .octets(tag(key, reference.octets().array()))
                        .finish());
    }

    /// Null for what no key of the ring has made.
    static @Nullable SessionReference open(TgsKeyRing ring, Octets presented) {
        if (presented.length() != LENGTH || presented.at(RECORD_OFFSET - 1) != VERSION) {
            return null;
        }
        TgsKey key = ring.find(presented.toLong(0));
        if (key == null) {
            return null;
        }
        Octets record = presented.slice(RECORD_OFFSET, TAG_OFFSET);
        byte[] tag = Arrays.copyOfRange(presented.array(), TAG_OFFSET, LENGTH);
        return MessageDigest.isEqual(tag, tag(key, record.array()))
                ? new SessionReference(record)
                : null;
    }

    private static byte[] tag(TgsKey key, byte[] record) {
        return Hkdf.sha256(key.secret().expose(), record, LABEL, LENGTH - TAG_OFFSET);
    }
}
