package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Authenticators;
import dev.postern.radius.Code;
import dev.postern.radius.DynamicAuthorization;
import dev.postern.radius.DynamicAuthorization.Outcome;
import dev.postern.radius.DynamicAuthorization.Verdict;
import dev.postern.radius.Nas;
import dev.postern.radius.Packet;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Orders of RADIUS servers: Disconnect- and CoA-Requests (RFC 5176) of the server, and of whoever
/// can send from its address.
final class OrdersFuzz {
    static final long NOW = 1_700_000_000L;
    private static final int WINDOW_SECONDS = 300;
    private static final int MOST_PACKETS = 16;
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final byte[] SECRET = "shared with one".getBytes(StandardCharsets.UTF_8);
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 3799);
    private static final InetSocketAddress OTHER_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 3800);
    private static final InetSocketAddress STRANGER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.11"), 3799);

    /// Each datagram is an octet that says how it is made, one of length, and its octets.
    ///
    /// What is carried out comes from a listed address, is authentic by a second computation, is of
    /// now, and is carried out once; the same request again gets the same answer, which is
    /// authentic too.
    @FuzzTest
    void orders(byte[] input) {
        run(input);
    }

    /// How many orders there were.
    static int run(byte[] input) {
        DynamicAuthorization orders =
                new DynamicAuthorization(
                        Map.of(SERVER.getAddress(), SecretBytes.owning(SECRET.clone())),
                        new Nas("gw-a.example", null),
                        WINDOW_SECONDS);
        Set<Octets> carriedOut = new HashSet<>();
        List<byte[]> sent = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < MOST_PACKETS && at + 1 < input.length; i++) {
            int how = Byte.toUnsignedInt(input[at]);
            int length = Math.min(Byte.toUnsignedInt(input[at + 1]), input.length - at - 2);
            byte[] octets = Arrays.copyOfRange(input, at + 2, at + 2 + length);
            at += 2 + length;
            byte[] datagram = made(how, octets, sent);
            sent.add(datagram);
            InetSocketAddress from =
                    (how & 0x40) != 0 ? STRANGER : (how & 0x20) != 0 ? OTHER_PORT : SERVER;
            // It is ten minutes later for some, whose request is not of now any more.
            long now = NOW + ((how & 0x80) != 0 ? 2 * WINDOW_SECONDS : 0);
            Verdict verdict = orders.onDatagram(from, datagram.clone(), now);
            switch (verdict) {
                case Verdict.Passed(DynamicAuthorization.Refusal why) ->
                        assertThat(orders.refused(why)).isPositive();
                case Verdict.Reply(byte[] reply) -> {
                    assertThat(from).isNotEqualTo(STRANGER);
                    assertAuthentic(datagram);
                    assertAnswers(reply, datagram);
                }
                case Verdict.Order order -> {
                    assertThat(from).isNotEqualTo(STRANGER);
                    assertAuthentic(datagram);
                    long stamp = order.request().attributes().integer(Attribute.EVENT_TIMESTAMP);
                    assertThat(Math.abs(stamp - now)).isLessThanOrEqualTo(WINDOW_SECONDS);
                    assertThat(order.match().isEmpty()).isFalse();
                    assertThat(carriedOut.add(order.request().authenticator())).isTrue();
                    if ((how & 0x10) == 0) {
                        Outcome outcome = OUTCOMES.get(how % OUTCOMES.size());
                        byte[] answer = orders.answer(order, outcome);
                        assertAnswers(answer, datagram);
                        assertThat(orders.onDatagram(from, datagram.clone(), now))
                                .isInstanceOfSatisfying(
                                        Verdict.Reply.class,
                                        again -> assertThat(again.octets()).isEqualTo(answer));
                    }
                }
            }
        }
        return carriedOut.size();
    }

    /// As it stands; sealed by the secret, if it decodes; or one of those before.
    private static byte[] made(int how, byte[] octets, List<byte[]> sent) {
        return switch (how & 3) {
            case 0 -> octets;
            case 1 -> sent.isEmpty() ? octets : sent.get(octets.length % sent.size());
            default -> sealed(octets, (how & 1) != 0);
        };
    }

    private static byte[] sealed(byte[] octets, boolean stamped) {
        try (SecretBytes secret = SecretBytes.owning(SECRET.clone())) {
            Packet packet = Packet.decode(octets);
            List<Attribute> attributes = new ArrayList<>(packet.attributes().list());
            if (stamped) {
                attributes.removeIf(each -> each.type() == Attribute.EVENT_TIMESTAMP);
                attributes.add(Attribute.integer(Attribute.EVENT_TIMESTAMP, NOW));
            }
            attributes.removeIf(each -> each.type() == Attribute.MESSAGE_AUTHENTICATOR);
            return Authenticators.digestRequest(
                    packet.code() == Code.COA_REQUEST ? Code.COA_REQUEST : Code.DISCONNECT_REQUEST,
                    packet.identifier(),
                    new Attributes(attributes),
                    true,
                    secret);
        } catch (MalformedException | IllegalArgumentException e) {
            // More attributes than a packet holds, or none that decode.
            return octets;
        }
    }

    /// RFC 5176 section 2.3 and RFC 3579 section 3.2, computed anew.
    private static void assertAuthentic(byte[] datagram) {
        int length = lengthOf(datagram);
        byte[] packet = Arrays.copyOf(datagram, length);
        byte[] claimed = Arrays.copyOfRange(packet, 4, 20);
        Arrays.fill(packet, 4, 20, (byte) 0);
        assertThat(claimed).isEqualTo(digest(packet));
        boolean found = false;
        for (int at = 20;
                at + 2 <= length && (packet[at + 1] & 0xff) >= 2;
                at += packet[at + 1] & 0xff) {
            if (packet[at] == Attribute.MESSAGE_AUTHENTICATOR && packet[at + 1] == 18) {
                byte[] code = Arrays.copyOfRange(packet, at + 2, at + 18);
                byte[] blank = packet.clone();
                Arrays.fill(blank, at + 2, at + 18, (byte) 0);
                assertThat(code).isEqualTo(mac(blank));
                found = true;
            }
        }
        assertThat(found).as("a Message-Authenticator").isTrue();
    }

    private static void assertAnswers(byte[] answer, byte[] request) {
        assertThat(answer[1]).isEqualTo(request[1]);
        byte[] packet = answer.clone();
        System.arraycopy(request, 4, packet, 4, 16);
        assertThat(Arrays.copyOfRange(answer, 4, 20)).isEqualTo(digest(packet));
    }

    private static int lengthOf(byte[] datagram) {
        return Byte.toUnsignedInt(datagram[2]) << 8 | Byte.toUnsignedInt(datagram[3]);
    }

    private static byte[] digest(byte[] packet) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(packet);
            return md5.digest(SECRET);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mac(byte[] packet) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(SECRET, "HmacMD5"));
            return mac.doFinal(packet);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
