package dev.postern.radius;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How packets are signed and proven with the secret shared by two RADIUS peers.
///
/// Message-Authenticator (RFC 3579 section 3.2) stands first in what we write, so that a packet
/// with a chosen prefix of its own cannot be made to collide with it.
public final class Authenticators {
    private static final Octets ZEROS = Octets.of(new byte[Packet.AUTHENTICATOR_LENGTH]);
    private static final int ATTRIBUTE_HEADER = 2;

    private Authenticators() {}

    /// An Access-Request, whose Request Authenticator is random (RFC 2865 section 3), with a
    /// Message-Authenticator.
    ///
    /// @param random 16 octets
    public static byte[] accessRequest(
            int identifier, byte[] random, Attributes attributes, SecretBytes secret) {
        byte[] packet =
                new Packet(
                                Code.ACCESS_REQUEST,
                                identifier,
                                Octets.of(random),
                                withMessageAuthenticator(attributes))
                        .encode();
        putMessageAuthenticator(packet, secret);
        return packet;
    }

    /// An Accounting-, Disconnect- or CoA-Request, whose Request Authenticator is a digest (RFC
    /// 2866 section 3, RFC 5176 section 2.3).
    public static byte[] digestRequest(
            Code code,
            int identifier,
            Attributes attributes,
            boolean messageAuthenticator,
            SecretBytes secret) {
        Attributes all = messageAuthenticator ? withMessageAuthenticator(attributes) : attributes;
        byte[] packet = new Packet(code, identifier, ZEROS, all).encode();
        if (messageAuthenticator) {
            putMessageAuthenticator(packet, secret);
        }
        return sealWithDigest(packet, secret);
    }

    /// An answer to `request`, with both authenticators.
    public static byte[] response(
            Code code, Packet request, Attributes attributes, SecretBytes secret) {
        byte[] packet =
                new Packet(
                                code,
                                request.identifier(),
                                request.authenticator(),
                                withMessageAuthenticator(attributes))
                        .encode();
        putMessageAuthenticator(packet, secret);
        return sealWithDigest(packet, secret);
    }

    /// Whether the Response Authenticator proves that whoever shares the secret answered the
    /// request with that Request Authenticator.
    static boolean provesResponse(
            byte[] datagram, Octets requestAuthenticator, SecretBytes secret) {
        byte[] packet = packetOf(datagram);
        byte[] claimed = authenticatorOf(packet);
        put(packet, requestAuthenticator.array());
        return MessageDigest.isEqual(claimed, Md5.digest(packet, secret.expose()));
    }

    /// Whether the Request Authenticator of an Accounting-, Disconnect- or CoA-Request is right.
    static boolean provesDigestRequest(byte[] datagram, SecretBytes secret) {
        return provesResponse(datagram, ZEROS, secret);
    }

    /// What a look for a Message-Authenticator comes to.
    public enum MessageAuthenticator {
        VALID,
        WRONG,
        MISSING
    }

    /// Judges the Message-Authenticator of a well-formed packet; two are as good as a wrong one.
    ///
    /// @param requestAuthenticator stands in the place of the packet's own while the code is
    ///   computed: the request's for an answer, zeros for a Disconnect- or CoA-Request
    static MessageAuthenticator judge(
            byte[] datagram, Octets requestAuthenticator, SecretBytes secret) {
        byte[] packet = packetOf(datagram);
        List<Integer> places = messageAuthenticators(packet);
        if (places.isEmpty()) {
            return MessageAuthenticator.MISSING;
        }
        int at = places.getFirst();
        if (places.size() > 1 || (packet[at - 1] & 0xff) != ATTRIBUTE_HEADER + Md5.LENGTH) {
            return MessageAuthenticator.WRONG;
        }
        byte[] claimed = Arrays.copyOfRange(packet, at, at + Md5.LENGTH);
        Arrays.fill(packet, at, at + Md5.LENGTH, (byte) 0);
        put(packet, requestAuthenticator.array());
        return MessageDigest.isEqual(claimed, Md5.hmac(secret.expose(), packet))
                ? MessageAuthenticator.VALID
                : MessageAuthenticator.WRONG;
    }

    static MessageAuthenticator judgeDigestRequest(byte[] datagram, SecretBytes secret) {
        return judge(datagram, ZEROS, secret);
    }

    private static Attributes withMessageAuthenticator(Attributes attributes) {
        List<Attribute> all = new ArrayList<>();
        all.add(new Attribute(Attribute.MESSAGE_AUTHENTICATOR, ZEROS));
        all.addAll(attributes.list());
        return new Attributes(all);
    }

    /// Fills in the first attribute, over the packet as it is.
    private static void putMessageAuthenticator(byte[] packet, SecretBytes secret) {
        byte[] code = Md5.hmac(secret.expose(), packet);
        System.arraycopy(code, 0, packet, Packet.HEADER_LENGTH + ATTRIBUTE_HEADER, code.length);
    }

    private static byte[] sealWithDigest(byte[] packet, SecretBytes secret) {
        put(packet, Md5.digest(packet, secret.expose()));
        return packet;
    }

    /// Offsets of the values of all Message-Authenticators.
    private static List<Integer> messageAuthenticators(byte[] packet) {
        List<Integer> found = new ArrayList<>();
        int at = Packet.HEADER_LENGTH;
        while (at + ATTRIBUTE_HEADER <= packet.length) {
            int length = packet[at + 1] & 0xff;
            if (length < ATTRIBUTE_HEADER) {
                break;
            }
            if ((packet[at] & 0xff) == Attribute.MESSAGE_AUTHENTICATOR) {
                found.add(at + ATTRIBUTE_HEADER);
            }
            at += length;
        }
        return found;
    }

    /// A copy without padding behind the packet.
    private static byte[] packetOf(byte[] datagram) {
        int length =
                (datagram[Packet.LENGTH_OFFSET] & 0xff) << 8
                        | (datagram[Packet.LENGTH_OFFSET + 1] & 0xff);
        return Arrays.copyOf(datagram, length);
    }

    private static byte[] authenticatorOf(byte[] packet) {
        return Arrays.copyOfRange(
                packet, Packet.AUTHENTICATOR_OFFSET, Packet.AUTHENTICATOR_OFFSET + Md5.LENGTH);
    }

    private static void put(byte[] packet, byte[] authenticator) {
        System.arraycopy(authenticator, 0, packet, Packet.AUTHENTICATOR_OFFSET, Md5.LENGTH);
    }
}
