package dev.postern.gateway.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.EapServer;
import dev.postern.eap.TlsPeer;
import dev.postern.eap.TlsServer;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// T-EAP-5: what made strongSwan's TLS run for ever (CVE-2026-35328, a list of versions) or compute
/// with a point that is none (CVE-2026-35332), in a handshake that is in order otherwise, sent to
/// either end of ours. It ends there.
class TEap5_TlsHandshakeTest {
    private static final int LONGEST = 9000;
    private static final int EAP_TLS_HEADER = 6;
    private static final int LENGTH_INCLUDED = 0x80;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int X25519 = 29;
    private static final int SECP256R1 = 23;
    private static final int UNKNOWN_GROUP = 0x0a0a;

    private final EapServer server =
            new EapServer(
                    5,
                    false,
                    List.of(
                            new TlsServer(
                                    engines(TestCertificates.identity("server", "ca")).server(),
                                    LONGEST)));
    private final EapPeer peer =
            new EapPeer(
                    "alice",
                    new TlsPeer(
                            "alice",
                            engines(TestCertificates.identity("client", "ca", "gw-a.example"))
                                    .client(),
                            LONGEST));

    private static TlsEngines engines(TlsIdentity identity) {
        return new TlsEngines(identity, ChainJudge.LENIENT);
    }

    private static byte[] packetOf(EapOutcome outcome) {
        assertThat(outcome).isInstanceOf(EapOutcome.Continue.class);
        return ((EapOutcome.Continue) outcome).packet().array().clone();
    }

    /// The peer's ClientHello, in its EAP packet.
    private byte[] clientHello() {
        return packetOf(peer.on(Octets.of(packetOf(server.begin()))));
    }

    /// The server's ServerHello, in its EAP packet.
    private byte[] serverHello() {
        return packetOf(server.onResponse(Octets.of(clientHello())));
    }

    /// Where the TLS record begins.
    private static int record(byte[] packet) {
        return EAP_TLS_HEADER + ((packet[5] & LENGTH_INCLUDED) == 0 ? 0 : 4);
    }

    /// The body of an extension of a hello: what is put into it is in the packet.
    private static ByteBuffer extension(byte[] packet, int wanted) {
        ByteBuffer hello =
                ByteBuffer.wrap(packet, record(packet) + 5, packet.length - record(packet) - 5);
        boolean ofClient = hello.get() == CLIENT_HELLO;
        skip(hello, 3 + 2 + 32);
        skip(hello, hello.get() & 0xff);
        skip(hello, ofClient ? hello.getShort() & 0xffff : 2);
        skip(hello, ofClient ? hello.get() & 0xff : 1);
        int end = (hello.getShort() & 0xffff) + hello.position();
        while (hello.position() < end) {
            int type = hello.getShort() & 0xffff;
            int length = hello.getShort() & 0xffff;
            if (type == wanted) {
                return hello.slice(hello.position(), length);
            }
            skip(hello, length);
        }
        throw new AssertionError("no extension " + wanted);
    }

    private static void skip(ByteBuffer buffer, int octets) {
        buffer.position(buffer.position() + octets);
    }

    /// The server says nothing under keys that it would have made of this message, and its next
    /// word is EAP-Failure.
    private void assertServerRefuses(byte[] message) {
        EapOutcome outcome = server.onResponse(Octets.of(message));
        if (outcome instanceof EapOutcome.Continue) {
            byte[] packet = packetOf(outcome);
            assertThat(recordTypes(packet)).doesNotContain(APPLICATION_DATA);
            EapPacket acknowledgement =
                    EapPacket.response(packet[1], EapPacket.TLS, Octets.of(new byte[1]));
            outcome = server.onResponse(acknowledgement.encode());
        }
        assertThat(outcome).isInstanceOf(EapOutcome.Failure.class);
    }

    /// The peer's last word is an alert.
    private void assertPeerRefuses(byte[] message) {
        assertThat(recordTypes(packetOf(peer.on(Octets.of(message))))).containsExactly(ALERT);
    }

    private static List<Integer> recordTypes(byte[] packet) {
        List<Integer> types = new ArrayList<>();
        ByteBuffer records =
                ByteBuffer.wrap(packet, record(packet), packet.length - record(packet));
        while (records.hasRemaining()) {
            types.add((int) records.get());
            skip(records, 2);
            skip(records, records.getShort());
        }
        return types;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 254, 255})
    void aListOfVersionsThatDoesNotFillItsExtensionIsRefused(int length) {
        byte[] hello = clientHello();
        extension(hello, SUPPORTED_VERSIONS).put(0, (byte) length);

        assertServerRefuses(hello);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x0300, 0x0305, 0x7f1c, 0xffff})
    void aVersionThatWasNotOfferedIsRefused(int version) {
        byte[] hello = serverHello();
        extension(hello, SUPPORTED_VERSIONS).putShort(0, (short) version);

        assertPeerRefuses(hello);
    }

    /// The server is left no other share than that one.
    @ParameterizedTest
    @ValueSource(ints = {X25519, SECP256R1})
    void aPeersPointThatIsNoneIsRefused(int group) {
        byte[] hello = clientHello();
        ByteBuffer shares = extension(hello, KEY_SHARE);
        skip(shares, 2);
        while (shares.hasRemaining()) {
            int at = shares.position();
            int named = shares.getShort();
            int length = shares.getShort();
            if (named == group) {
                spoil(shares, named, length);
            } else {
                shares.putShort(at, (short) UNKNOWN_GROUP);
            }
            skip(shares, length);
        }
        assertServerRefuses(hello);
    }

    @Test
    void aServersPointThatIsNoneIsRefused() {
        byte[] hello = serverHello();
        ByteBuffer share = extension(hello, KEY_SHARE);
        int named = share.getShort();
        spoil(share, named, share.getShort());
        assertPeerRefuses(hello);
    }

    /// A point of low order, or one beside its curve.
    private static void spoil(ByteBuffer shares, int group, int length) {
        if (group == X25519) {
            shares.put(shares.position(), new byte[length]);
        } else {
            int last = shares.position() + length - 1;
            shares.put(last, (byte) (shares.get(last) ^ 1));
        }
    }
}
