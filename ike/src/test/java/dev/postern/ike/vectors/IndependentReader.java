package dev.postern.ike.vectors;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A second reader of the protocol, written from docs/protocol.md and the RFCs with the JDK's
/// cryptography and nothing of this project. Suite: AES-256-GCM, PRF-HMAC-SHA2-384, X25519.
final class IndependentReader {
    static final int PRF = 48;
    static final int KEY_AND_SALT = 36;
    static final int KE = 34;
    static final int IDI = 35;
    static final int IDR = 36;
    static final int AUTH = 39;
    static final int NONCE = 40;
    static final int NOTIFY = 41;
    static final int SK = 46;

    /// One payload with its body.
    record Part(int type, byte[] body, int offset) {
        /// -1 for what is no Notify.
        int notifyType() {
            return type == NOTIFY ? ByteBuffer.wrap(body).getShort(2) & 0xffff : -1;
        }

        /// The data of a Notify without an SPI.
        byte[] notifyData() {
            return Arrays.copyOfRange(body, 4 + body[1], body.length);
        }
    }

    private IndependentReader() {}

    // ---- messages ----

    static byte[] spiI(byte[] message) {
        return Arrays.copyOf(message, 8);
    }

    static byte[] spiR(byte[] message) {
        return Arrays.copyOfRange(message, 8, 16);
    }

    static int exchange(byte[] message) {
        return message[18] & 0xff;
    }

    /// The four most significant bits of the Message ID.
    static int switchCount(byte[] message) {
        return (message[20] & 0xff) >>> 4;
    }

    /// The payloads in clear text, SK the last of them with its body sealed.
    static List<Part> clear(byte[] message) {
        if (ByteBuffer.wrap(message).getInt(24) != message.length) {
            throw new IllegalArgumentException("the length in the header is another");
        }
        return chain(message, message[16] & 0xff, 28);
    }

    static List<Part> chain(byte[] octets, int first, int from) {
        List<Part> parts = new ArrayList<>();
        int type = first;
        int at = from;
        while (type != 0) {
            int length = ((octets[at + 2] & 0xff) << 8) | (octets[at + 3] & 0xff);
            parts.add(new Part(type, Arrays.copyOfRange(octets, at + 4, at + length), at + 4));
            if (type == SK) {
                break;
            }
            type = octets[at] & 0xff;
            at += length;
        }
        return parts;
    }

    /// What SK holds. IV, text and tag follow its generic header, which ends the associated data
    /// (RFC 5282 section 5.1); the text ends in padding and its length.
    static List<Part> open(byte[] message, byte[] keyAndSalt) {
        Part sk = clear(message).getLast();
        if (sk.type() != SK) {
            throw new IllegalArgumentException("the last payload is not SK");
        }
        int firstInner = message[sk.offset() - 4] & 0xff;
        byte[] nonce = join(cut(keyAndSalt, 32, 4), cut(sk.body(), 0, 8));
        byte[] text =
                gcm(
                        cut(keyAndSalt, 0, 32),
                        nonce,
                        cut(message, 0, sk.offset()),
                        cut(sk.body(), 8, sk.body().length - 8));
        return chain(text, firstInner, 0);
    }

    static byte[] body(List<Part> parts, int type) {
        return parts.stream()
                .filter(part -> part.type() == type)
                .map(Part::body)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no payload " + type));
    }

    static byte[] notified(List<Part> parts, int type) {
        return parts.stream()
                .filter(part -> part.notifyType() == type)
                .map(Part::notifyData)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no notify " + type));
    }

    // ---- tickets ----

    /// The chain in a ticket of this kind: 1 for the 1-RTT profile, 2 for RFC 5723.
    static List<Part> ticket(byte[] ticket, byte[] tgsKey, int kind) {
        byte[] salt = cut(ticket, 9, 16);
        byte[] label = join(ascii("IKEv2 failover ticket"), octet(ticket[8]), octet(kind));
        byte[] prk = hmac("HmacSHA256", salt, tgsKey);
        byte[] t1 = hmac("HmacSHA256", prk, label, octet(1));
        byte[] t2 = hmac("HmacSHA256", prk, t1, label, octet(2));
        byte[] chain =
                gcm(t1, cut(t2, 0, 12), cut(ticket, 0, 25), cut(ticket, 25, ticket.length - 25));
        return chain(chain, IDI, 0);
    }

    /// The end of a ticket by reference, from the record that it names.
    static byte[] referenceTag(byte[] tgsKey, byte[] record) {
        byte[] prk = hmac("HmacSHA256", record, tgsKey);
        return cut(
                hmac("HmacSHA256", prk, ascii("IKEv2 failover reference"), octet(2), octet(1)),
                0,
                16);
    }

    private static final int SESSION = 61696;
    private static final int FIXED = 45;

    static byte[] sessionHash(List<Part> ticket) {
        byte[] session = notified(ticket, SESSION);
        return cut(session, FIXED + 1, session[FIXED]);
    }

    /// RS, or SK_d in a ticket of RFC 5723.
    static byte[] secret(List<Part> ticket) {
        byte[] session = notified(ticket, SESSION);
        int at = FIXED + 1 + session[FIXED];
        return cut(session, at + 1, session[at]);
    }

    static int ticketSwitchCount(List<Part> ticket) {
        return notified(ticket, SESSION)[20];
    }

    // ---- keys ----

    static byte[] prf(byte[] key, byte[]... data) {
        return hmac("HmacSHA384", key, data);
    }

    /// RFC 7296 section 2.13.
    static byte[] prfPlus(byte[] key, int length, byte[]... seed) {
        ByteBuffer out = ByteBuffer.allocate(length + PRF);
        byte[] t = new byte[0];
        for (int i = 1; out.position() < length; i++) {
            t = prf(key, t, join(seed), octet(i));
            out.put(t);
        }
        return Arrays.copyOf(out.array(), length);
    }

    /// SK_d, SK_ei, SK_er, SK_pi, SK_pr from a SKEYSEED, RFC 7296 section 2.14; AEADs have no SK_a.
    record Keys(byte[] skD, byte[] skEi, byte[] skEr, byte[] skPi, byte[] skPr) {}

    static Keys keys(byte[] skeyseed, byte[] ni, byte[] nr, byte[] spiI, byte[] spiR) {
        byte[] all = prfPlus(skeyseed, 3 * PRF + 2 * KEY_AND_SALT, ni, nr, spiI, spiR);
        int e = PRF;
        int p = PRF + 2 * KEY_AND_SALT;
        return new Keys(
                cut(all, 0, PRF),
                cut(all, e, KEY_AND_SALT),
                cut(all, e + KEY_AND_SALT, KEY_AND_SALT),
                cut(all, p, PRF),
                cut(all, p + PRF, PRF));
    }

    static byte[] sha384(byte[]... parts) {
        return digest("SHA-384", parts);
    }

    static byte[] sha256(byte[]... parts) {
        return digest("SHA-256", parts);
    }

    private static byte[] digest(String algorithm, byte[]... parts) {
        try {
            return MessageDigest.getInstance(algorithm).digest(join(parts));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] x25519PublicKey(byte[] scalar) {
        byte[] base = new byte[32];
        base[0] = 9;
        return x25519(scalar, base);
    }

    static byte[] x25519(byte[] scalar, byte[] littleEndianU) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = littleEndianU[31 - i];
        }
        bigEndian[0] &= 0x7f;
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(
                    factory.generatePrivate(
                            new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
            agreement.doPhase(
                    factory.generatePublic(
                            new XECPublicKeySpec(
                                    NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
                    true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    // ---- octets ----

    private static byte[] hmac(String algorithm, byte[] key, byte[]... data) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : data) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] gcm(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it does not open under the text's keys", e);
        }
    }

    /// A field of variable length, with its length in four octets before it.
    static byte[] counted(byte[] field) {
        return ByteBuffer.allocate(4 + field.length).putInt(field.length).put(field).array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] octet(int value) {
        return new byte[] {(byte) value};
    }

    static byte[] cut(byte[] all, int from, int length) {
        return Arrays.copyOfRange(all, from, from + length);
    }

    static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
