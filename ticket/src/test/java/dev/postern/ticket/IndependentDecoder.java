package dev.postern.ticket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A second reader of tickets, written from the profile alone and with nothing of this project: it
/// shows that another implementation can read them, and would notice if both of our own directions
/// went wrong alike.
final class IndependentDecoder {
    /// One payload of a chain, with its body.
    record Raw(int type, ByteBuffer body) {
        int notifyType() {
            return type == 41 ? body.getShort(2) & 0xffff : -1;
        }
    }

    private IndependentDecoder() {}

    /// HKDF-SHA256 by its definition (RFC 5869), 44 octets.
    static byte[] derive(byte[] tgsKey, byte[] salt, int version, int kind)
            throws GeneralSecurityException {
        byte[] prk = hmac(salt, tgsKey);
        byte[] label = "IKEv2 failover ticket".getBytes(StandardCharsets.US_ASCII);
        byte[] t1 = hmac(prk, label, new byte[] {(byte) version, (byte) kind, 1});
        byte[] t2 = hmac(prk, t1, label, new byte[] {(byte) version, (byte) kind, 2});
        return ByteBuffer.allocate(44).put(t1).put(t2, 0, 12).array();
    }

    /// The chain that a ticket seals.
    static byte[] open(byte[] ticket, byte[] tgsKey, int kind) throws GeneralSecurityException {
        byte[] derived = derive(tgsKey, Arrays.copyOfRange(ticket, 9, 25), ticket[8], kind);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(derived, 0, 32, "AES"),
                new GCMParameterSpec(128, derived, 32, 12));
        cipher.updateAAD(ticket, 0, 25);
        return cipher.doFinal(ticket, 25, ticket.length - 25);
    }

    static List<Raw> payloads(byte[] chain) {
        List<Raw> payloads = new ArrayList<>();
        int type = 35;
        int at = 0;
        while (type != 0) {
            int length = ((chain[at + 2] & 0xff) << 8) | (chain[at + 3] & 0xff);
            payloads.add(
                    new Raw(type, ByteBuffer.wrap(Arrays.copyOfRange(chain, at + 4, at + length))));
            type = chain[at] & 0xff;
            at += length;
        }
        if (at != chain.length) {
            throw new IllegalArgumentException("octets are left over");
        }
        return payloads;
    }

    /// The fields of a chain under the names of the vector file.
    static Map<String, String> fields(List<Raw> payloads) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("initiator", text(payloads.get(0).body().array(), 4));
        fields.put("responder", text(payloads.get(1).body().array(), 4));
        for (Raw payload : payloads) {
            if (payload.notifyType() == 61696) {
                session(payload.body().position(4), fields);
            } else if (payload.notifyType() == 61697) {
                fields.put("authenticated-identity", text(payload.body().array(), 8));
            }
        }
        return fields;
    }

    private static void session(ByteBuffer data, Map<String, String> fields) {
        byte[] id = new byte[16];
        data.get(id);
        fields.put("session-id", hex(id));
        fields.put("generation", Integer.toString(data.getInt()));
        fields.put("switch-count", Integer.toString(data.get() & 0xff));
        fields.put("authentication-method", Integer.toString(data.get() & 0xff));
        fields.put("extensions", Integer.toString(data.getShort() & 0xffff));
        fields.put("default-child-sa", Integer.toString(data.get() & 0xff));
        for (String time :
                List.of("authenticated-at", "issued-at", "expires-at", "hard-deadline")) {
            long high = data.get() & 0xff;
            fields.put(time, Long.toString((high << 32) | (data.getInt() & 0xffffffffL)));
        }
        fields.put("sh", hex(counted(data)));
        fields.put("rs", hex(counted(data)));
        fields.put("profile", text(counted(data), 0));
        fields.put("domain", text(counted(data), 0));
        if (data.hasRemaining()) {
            throw new IllegalArgumentException("octets are left over in SESSION");
        }
    }

    private static byte[] counted(ByteBuffer data) {
        byte[] value = new byte[data.get() & 0xff];
        data.get(value);
        return value;
    }

    private static String text(byte[] octets, int from) {
        return new String(octets, from, octets.length - from, StandardCharsets.UTF_8);
    }

    static String hex(byte[] octets) {
        StringBuilder hex = new StringBuilder();
        for (byte octet : octets) {
            hex.append(Character.forDigit((octet >> 4) & 15, 16))
                    .append(Character.forDigit(octet & 15, 16));
        }
        return hex.toString();
    }

    private static byte[] hmac(byte[] key, byte[]... data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : data) {
            mac.update(part);
        }
        return mac.doFinal();
    }
}
