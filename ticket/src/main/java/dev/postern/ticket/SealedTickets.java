package dev.postern.ticket;

import dev.postern.crypto.AesGcm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.Hkdf;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Tickets by value, sealed under a ring of TGS keys (failover profile, "The ticket").
///
///     ticket  TGS-SPI (8) | version (1) | salt (16) | sealed chain of payloads, zeros | tag (16)
///     keys    HKDF-SHA256(TGS key, salt, "IKEv2 failover ticket" | version | kind) = AES-256-GCM key (32) | nonce (12)
///
/// TGS-SPI, version and salt are associated data. Each ticket has a key of its own from its own salt of 128 random bits, so
/// gateways share a TGS key without agreeing on nonces: a key and nonce come twice only if a salt does, which for 2^40 tickets
/// under one TGS key has a chance of about 2^-49. Entropy that is started again from the same state, as after a virtual
/// machine's snapshot is restored, repeats the salt and with it key and nonce, so the gateway takes it from the operating
/// system for each salt and never from a saved seed.
///
/// Zeros behind the chain make the length a multiple of 64, so that it says next to nothing of the names inside.
///
/// The ring is immutable; the gateway makes another of these when it changes, and keeps expired keys out of it.
public final class SealedTickets implements TicketSealer {
    /// No ticket is longer; what is gets refused before anything is computed.
    public static final int MAXIMUM_LENGTH = 8192;

    /// The length of a ticket is a multiple of this.
    static final int GRAIN = 64;

    static final int VERSION = 1;
    static final int VERSION_OFFSET = 8;
    static final int SALT_OFFSET = 9;
    static final int SALT_LENGTH = 16;
    static final int HEADER_LENGTH = SALT_OFFSET + SALT_LENGTH;

    private static final byte[] LABEL = "IKEv2 failover ticket".getBytes(StandardCharsets.US_ASCII);
    private static final int PAYLOAD_HEADER = 4;
    private static final int EXPECTED_CHAIN_LENGTH = 1024;

    private final TgsKeyRing ring;

    public SealedTickets(TgsKeyRing ring) {
        this.ring = ring;
    }

    /// Seals under the newest key whose time had come when the session was issued.
    @Override
    public SealResult seal(Session session, Entropy entropy) {
        TgsKey key = ring.issuingAt(session.issuedAt());
        WireWriter header =
                new WireWriter(HEADER_LENGTH)
                        .i64(key.spi())
                        .u8(VERSION)
                        .octets(entropy.octets(SALT_LENGTH));
        byte[] aad = header.finish();
        WireWriter writer = new WireWriter(EXPECTED_CHAIN_LENGTH);
        try {
            TicketFormat.encode(session, writer);
        } catch (IllegalArgumentException outOfBounds) {
            writer.wipe();
            return new SealResult.Unfit(String.valueOf(outOfBounds.getMessage()));
        }
        int bare = HEADER_LENGTH + writer.position() + AesGcm.TAG_LENGTH;
        int length = (bare + GRAIN - 1) / GRAIN * GRAIN;
        byte[] chain = writer.zeros(length - bare).finishSecret();
        if (length > MAXIMUM_LENGTH) {
            Arrays.fill(chain, (byte) 0);
            return new SealResult.Unfit(
                    "the ticket would have " + bare + " octets, at most 8192 are allowed");
        }
        byte[] derived = derive(key, aad, session.kind());
        byte[] own = gcmKey(derived);
        byte[] sealed = AesGcm.seal(own, nonce(derived), aad, chain);
        for (byte[] secret : new byte[][] {chain, derived, own}) {
            Arrays.fill(secret, (byte) 0);
        }
        byte[] ticket = Arrays.copyOf(aad, length);
        System.arraycopy(sealed, 0, ticket, HEADER_LENGTH, sealed.length);
        return new SealResult.Sealed(Octets.of(ticket));
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        if (ticket.length() <= HEADER_LENGTH + AesGcm.TAG_LENGTH
                || ticket.length() > MAXIMUM_LENGTH) {
            return new OpenResult.Refused(TicketRefusal.MALFORMED);
        }
        if (ticket.at(VERSION_OFFSET) != VERSION) {
            return new OpenResult.Refused(TicketRefusal.UNKNOWN_VERSION);
        }
        TgsKey key = ring.find(ticket.toLong(0));
        if (key == null) {
            return new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY);
        }
        byte[] aad = Arrays.copyOf(ticket.array(), HEADER_LENGTH);
        byte[] sealed = Arrays.copyOfRange(ticket.array(), HEADER_LENGTH, ticket.length());
        byte[] derived = derive(key, aad, kind);
        byte[] own = gcmKey(derived);
        Optional<byte[]> chain = AesGcm.open(own, nonce(derived), aad, sealed);
        Arrays.fill(derived, (byte) 0);
        Arrays.fill(own, (byte) 0);
        if (chain.isEmpty()) {
            return new OpenResult.Refused(TicketRefusal.NOT_AUTHENTIC);
        }
        return read(chain.get(), kind);
    }

    @Override
    public Octets sealReference(SessionReference reference, long nowSeconds) {
        return SealedReferences.seal(ring.issuingAt(nowSeconds), reference);
    }

    @Override
    public @Nullable SessionReference openReference(Octets presented) {
        return SealedReferences.open(ring, presented);
    }

    private static OpenResult read(byte[] padded, Session.Kind kind) {
        try {
            WireReader chain = new WireReader(padded, 0, endOfChain(padded));
            return new OpenedTicket(TicketFormat.decode(chain, kind));
        } catch (MalformedException anotherFormat) {
            return new OpenResult.Refused(TicketRefusal.UNREADABLE);
        } finally {
            Arrays.fill(padded, (byte) 0);
        }
    }

    /// Where the zeros behind the chain begin; the end where there is something else.
    private static int endOfChain(byte[] padded) {
        int at = 0;
        boolean more = true;
        while (more && at + PAYLOAD_HEADER <= padded.length) {
            more = padded[at] != 0;
            int length = (padded[at + 2] & 0xff) << Byte.SIZE | (padded[at + 3] & 0xff);
            at += Math.max(PAYLOAD_HEADER, length);
        }
        if (more || at > padded.length || padded.length - at >= GRAIN) {
            return padded.length;
        }
        for (int i = at; i < padded.length; i++) {
            if (padded[i] != 0) {
                return padded.length;
            }
        }
        return at;
    }

    private static byte[] derive(TgsKey key, byte[] header, Session.Kind kind) {
        byte[] salt = Arrays.copyOfRange(header, SALT_OFFSET, HEADER_LENGTH);
        byte[] info = Arrays.copyOf(LABEL, LABEL.length + 2);
        info[LABEL.length] = header[VERSION_OFFSET];
        info[LABEL.length + 1] = (byte) kind.code();
        return Hkdf.sha256(
                key.secret().expose(), salt, info, AesGcm.KEY_LENGTH + AesGcm.NONCE_LENGTH);
    }

    private static byte[] gcmKey(byte[] derived) {
        return Arrays.copyOf(derived, AesGcm.KEY_LENGTH);
    }

    private static byte[] nonce(byte[] derived) {
        return Arrays.copyOfRange(derived, AesGcm.KEY_LENGTH, derived.length);
    }
}
