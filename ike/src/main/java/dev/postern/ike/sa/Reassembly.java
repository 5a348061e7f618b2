package dev.postern.ike.sa;

import dev.postern.crypto.PayloadCipher;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.TreeMap;

/// The fragments of one message as they come in, RFC 7383 section 2.6. Only what the keys have
/// verified is kept, deciphered; the first fragment stands for the message where it comes again.
public final class Reassembly {
    /// More fragments, or more octets, than any message that makes sense.
    public static final int MAXIMUM_FRAGMENTS = 256;

    public static final int MAXIMUM_OCTETS = 65_535;

    /// What an entry costs besides its octets.
    private static final int ENTRY_COST = 64;

    private final Header header;
    private final long startedAt;
    private final TreeMap<Integer, byte[]> pieces = new TreeMap<>();
    private int total;
    private int octets;
    private @Nullable Message first;

    public Reassembly(Header header, int total, long nowNanos) {
        this.header = header;
        this.startedAt = nowNanos;
        this.total = total;
    }

    /// What became of a fragment.
    public enum Fate {
        /// Not new, of an older set, or beyond a bound; judged before the keys are asked.
        UNWANTED,
        NOT_AUTHENTIC,
        KEPT,
        /// It was the last one: [#join].
        COMPLETE
    }

    public long startedAt() {
        return startedAt;
    }

    /// Octets that this takes.
    public long cost() {
        return octets + (long) ENTRY_COST * (pieces.size() + 1);
    }

    /// Whether it is about the same message.
    public boolean isOf(Header other) {
        return header.equals(other);
    }

    /// Takes a fragment of this message.
    public Fate add(Message message, Payload.EncryptedFragment skf, PayloadCipher cipher) {
        if (skf.total() > MAXIMUM_FRAGMENTS
                || skf.total() < total
                || (skf.total() == total && pieces.containsKey(skf.number()))) {
            return Fate.UNWANTED;
        }
        byte[] piece = SkfProtection.open(message, skf, cipher);
        if (piece == null) {
            return Fate.NOT_AUTHENTIC;
        }
        if (skf.total() > total) {
            // The sender has cut the message into smaller pieces: section 2.5.2.
            discard();
            total = skf.total();
        }
        if (octets + piece.length > MAXIMUM_OCTETS) {
            return Fate.UNWANTED;
        }
        pieces.put(skf.number(), piece);
        octets += piece.length;
        if (skf.number() == 1) {
            first = message;
        }
        return pieces.size() == total ? Fate.COMPLETE : Fate.KEPT;
    }

    /// The datagram of fragment 1.
    public Message first() {
        if (first == null) {
            throw new IllegalStateException("fragment 1 has not come yet");
        }
        return first;
    }

    /// The whole message; only after [Fate#COMPLETE].
    public SkProtection.Opened join() {
        Payload.EncryptedFragment skf = first().fragment();
        if (skf == null || pieces.size() != total) {
            throw new IllegalStateException("a fragment is missing");
        }
        return SkfProtection.join(first(), skf, List.copyOf(pieces.values()));
    }

    /// Forgets all that has come; the message may still come again.
    public void discard() {
        pieces.clear();
        octets = 0;
        first = null;
    }
}
