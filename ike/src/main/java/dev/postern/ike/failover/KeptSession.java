package dev.postern.ike.failover;

import dev.postern.crypto.AesGcm;
import dev.postern.crypto.Entropy;
import dev.postern.crypto.Hkdf;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// What a client keeps over its own restart: its session and the ticket or reference for it, sealed
/// under a key of the client's.
///
///     record  version (1) = 1 | salt (16, random) | sealed | tag (16)
///     keys    HKDF-SHA256(key, salt, "Postern kept session" | version) = AES-256-GCM key (32) | nonce (12)
///     sealed  kind (1) | flags (1): 1 by reference | last switch count (1) | valid until (8)
///             | address length (1) | outer address | ticket length (2) | ticket | session, as in a ticket
///
/// Version and salt are associated data. One record has one key, from its own salt, so a record may
/// be written as often as the session changes.
public final class KeptSession {
    /// What is longer is none of ours.
    public static final int MAXIMUM_LENGTH = 32_768;

    private static final int VERSION = 1;
    private static final int SALT_LENGTH = 16;
    private static final int HEADER_LENGTH = 1 + SALT_LENGTH;
    private static final int BY_REFERENCE = 1;
    private static final byte[] LABEL = "Postern kept session".getBytes(StandardCharsets.US_ASCII);

    private KeptSession() {}

    /// What opening a record comes to.
    public sealed interface Opened {
        record Valid(ResumableSession session) implements Opened {}

        /// @param reason for people
        record Refused(String reason) implements Opened {}
    }

    /// @param key at least 32 octets
    /// @throws IllegalArgumentException where the session breaks a bound of the ticket's format
    public static byte[] seal(ResumableSession session, SecretBytes key, Entropy entropy) {
        byte[] header =
                new WireWriter(HEADER_LENGTH)
                        .u8(VERSION)
                        .octets(entropy.octets(SALT_LENGTH))
                        .finish();
        byte[] text = encode(session);
        byte[] derived = derive(key, header);
        byte[] sealed = AesGcm.seal(gcmKey(derived), nonce(derived), header, text);
        Arrays.fill(text, (byte) 0);
        Arrays.fill(derived, (byte) 0);
        byte[] kept = Arrays.copyOf(header, HEADER_LENGTH + sealed.length);
        System.arraycopy(sealed, 0, kept, HEADER_LENGTH, sealed.length);
        return kept;
    }

    public static Opened open(byte[] kept, SecretBytes key) {
        if (kept.length > MAXIMUM_LENGTH || kept.length <= HEADER_LENGTH + AesGcm.TAG_LENGTH) {
            return new Opened.Refused("has " + kept.length + " octets, which no kept session has");
        }
        if (kept[0] != VERSION) {
            return new Opened.Refused(
                    "is of version " + (kept[0] & 0xff) + ", this Postern knows version 1");
        }
        byte[] header = Arrays.copyOf(kept, HEADER_LENGTH);
        byte[] derived = derive(key, header);
        Optional<byte[]> text =
                AesGcm.open(
                        gcmKey(derived),
                        nonce(derived),
                        header,
                        Arrays.copyOfRange(kept, HEADER_LENGTH, kept.length));
        Arrays.fill(derived, (byte) 0);
        return text.map(KeptSession::read)
                .orElseGet(() -> new Opened.Refused("was damaged, or sealed under another key"));
    }

    private static byte[] encode(ResumableSession session) {
        InetAddress outer = session.outerAddress();
        byte[] address = outer == null ? new byte[0] : outer.getAddress();
        byte[] chain = TicketFormat.encode(session.session());
        byte[] text =
                new WireWriter()
                        .u8(session.session().kind().code())
                        .u8(session.isReference() ? BY_REFERENCE : 0)
                        .u8(session.lastSwitchCount())
                        .i64(session.validUntil())
                        .u8(address.length)
                        .octets(address)
                        .u16(session.ticket().length())
                        .octets(session.ticket())
                        .octets(chain)
                        .finishSecret();
        Arrays.fill(chain, (byte) 0);
        return text;
    }

    private static Opened read(byte[] text) {
        try {
            return new Opened.Valid(decode(new WireReader(text)));
        } catch (MalformedException anotherFormat) {
            return new Opened.Refused(
                    "is not what this version writes: " + anotherFormat.getMessage());
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static ResumableSession decode(WireReader reader) throws MalformedException {
        Session.Kind kind = kind(reader.u8("kind"));
        int flags = reader.u8("flags");
        int lastSwitchCount = reader.u8("last switch count");
        long validUntil = reader.i64("valid until");
        InetAddress outer = address(reader.octets(reader.u8("address length"), "outer address"));
        Octets ticket = reader.octets(reader.u16("ticket length"), "ticket");
        Session session = TicketFormat.decode(reader.rest(), kind);
        return new ResumableSession(
                session, ticket, validUntil, (flags & BY_REFERENCE) != 0, lastSwitchCount, outer);
    }

    private static Session.Kind kind(int code) throws MalformedException {
        for (Session.Kind kind : Session.Kind.values()) {
            if (kind.code() == code) {
                return kind;
            }
        }
        throw new MalformedException(Malformation.FIELD, "kind " + code + " of session");
    }

    private static @Nullable InetAddress address(Octets octets) throws MalformedException {
        try {
            return octets.isEmpty() ? null : InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException badLength) {
            throw new MalformedException(
                    Malformation.FIELD, "an address of " + octets.length() + " octets");
        }
    }

    private static byte[] derive(SecretBytes key, byte[] header) {
        byte[] info = Arrays.copyOf(LABEL, LABEL.length + 1);
        info[LABEL.length] = header[0];
        byte[] salt = Arrays.copyOfRange(header, 1, HEADER_LENGTH);
        return Hkdf.sha256(key.expose(), salt, info, AesGcm.KEY_LENGTH + AesGcm.NONCE_LENGTH);
    }

    private static byte[] gcmKey(byte[] derived) {
        return Arrays.copyOf(derived, AesGcm.KEY_LENGTH);
    }

    private static byte[] nonce(byte[] derived) {
        return Arrays.copyOfRange(derived, AesGcm.KEY_LENGTH, derived.length);
    }
}
