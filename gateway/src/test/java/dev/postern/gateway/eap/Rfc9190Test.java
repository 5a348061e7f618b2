package dev.postern.gateway.eap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Hash;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.EapServer;
import dev.postern.eap.TlsPeer;
import dev.postern.eap.TlsServer;
import dev.postern.wire.EapPacket;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// EAP-TLS with real handshakes: TLS 1.2 (RFC 5216) and TLS 1.3 (RFC 9190). T-EAP-5, T-EAP-6.
class Rfc9190Test {
    private static final List<String> BOTH = List.of("TLSv1.3", "TLSv1.2");

    private TlsIdentity serverIdentity = TestCertificates.identity("server", "ca");
    private TlsIdentity clientIdentity = TestCertificates.identity("client", "ca", "gw-a.example");
    private List<String> clientProtocols = BOTH;
    private int fragmentLength = 1000;
    private final List<EapPacket> packets = new ArrayList<>();

    private record Ends(EapOutcome server, EapOutcome peer) {
        EapOutcome.Success success() {
            assertThat(server).isInstanceOf(EapOutcome.Success.class);
            return (EapOutcome.Success) server;
        }
    }

    private EapServer server() {
        TlsEngines engines = new TlsEngines(serverIdentity, BOTH, ChainJudge.LENIENT);
        return new EapServer(5, true, List.of(new TlsServer(engines.server(), fragmentLength)));
    }

    private EapPeer peer() {
        TlsEngines engines = new TlsEngines(clientIdentity, clientProtocols, ChainJudge.LENIENT);
        return new EapPeer(
                "alice@example.org",
                new TlsPeer("alice@example.org", engines.client(), fragmentLength));
    }

    private Ends run() {
        EapServer server = server();
        EapPeer peer = peer();
        EapOutcome said = server.begin();
        while (true) {
            Octets packet = packetOf(said);
            packets.add(decode(packet));
            EapOutcome answer = peer.on(packet);
            if (!(said instanceof EapOutcome.Continue)
                    || !(answer instanceof EapOutcome.Continue(Octets response))) {
                return new Ends(said, answer);
            }
            packets.add(decode(response));
            said = server.onResponse(response);
        }
    }

    private static Octets packetOf(EapOutcome outcome) {
        return switch (outcome) {
            case EapOutcome.Continue(Octets packet) -> packet;
            case EapOutcome.Success success -> success.packet();
            case EapOutcome.Failure failure -> failure.packet();
        };
    }

    private static EapPacket decode(Octets octets) {
        try {
            return EapPacket.decode(octets);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, 1000", "TLSv1.2, 1000", "TLSv1.3, 200", "TLSv1.2, 200", "TLSv1.3, 9000"})
    void bothEndsComeToTheSameKey(String protocol, int length) throws CertificateEncodingException {
        clientProtocols = List.of(protocol);
        fragmentLength = length;

        Ends ends = run();

        EapOutcome.Success success = ends.success();
        assertThat(ends.peer())
                .isInstanceOfSatisfying(
                        EapOutcome.Success.class,
                        peer -> assertThat(peer.msk()).isEqualTo(success.msk()));
        assertThat(success.msk()).isNotNull();
        assertThat(success.msk().length()).isEqualTo(64);
        assertThat(success.msk().expose()).isNotEqualTo(new byte[64]);
        assertThat(success.identity()).isEqualTo("alice@example.org");
        assertThat(success.mutual()).isTrue();
        byte[] certificate = TestCertificates.certificate("client").getEncoded();
        assertThat(success.certificate()).isNotNull();
        assertThat(success.certificate().fingerprint())
                .isEqualTo(Octets.of(Hash.SHA_256.digest(certificate)));
        assertThat(packets).allSatisfy(p -> assertThat(p.data().length()).isLessThan(length + 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aPeerOfAnotherAuthorityIsRefused(String protocol) {
        clientProtocols = List.of(protocol);
        clientIdentity = TestCertificates.identity("stranger", "ca", "gw-a.example");

        Ends ends = run();

        assertThat(ends.server()).isInstanceOf(EapOutcome.Failure.class);
        assertThat(ends.peer()).isInstanceOf(EapOutcome.Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aServerOfAnotherAuthorityIsRefused(String protocol) {
        clientProtocols = List.of(protocol);
        clientIdentity = TestCertificates.identity("client", "other-ca", "gw-a.example");

        Ends ends = run();

        assertThat(ends.server()).isInstanceOf(EapOutcome.Failure.class);
        assertThat(ends.peer()).isInstanceOf(EapOutcome.Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aServerOfAnotherNameSeesNoCertificateOfOurs(String protocol) {
        clientProtocols = List.of(protocol);
        serverIdentity = TestCertificates.identity("other-server", "ca");

        Ends ends = run();

        assertThat(ends.peer())
                .isInstanceOfSatisfying(
                        EapOutcome.Failure.class,
                        failure -> assertThat(failure.reason()).contains("wanted is one of"));
        assertThat(ends.server()).isInstanceOf(EapOutcome.Failure.class);
        byte[] mail = "alice@example.org".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(packets.stream().filter(p -> p.type() == EapPacket.TLS))
                .noneSatisfy(p -> assertThat(p.data().hex()).contains(Octets.of(mail).hex()));
    }

    @Test
    void aServersCertificateIsNoPeers() {
        clientIdentity = TestCertificates.identity("other-server", "ca", "gw-a.example");

        assertThat(run().server()).as("EKU").isInstanceOf(EapOutcome.Failure.class);
    }

    @Test
    void noConversationIsCarriedOnFromAnother() {
        TlsEngines engines = new TlsEngines(serverIdentity, BOTH, ChainJudge.LENIENT);
        TlsEngines clients = new TlsEngines(clientIdentity, BOTH, ChainJudge.LENIENT);
        for (int i = 0; i < 2; i++) {
            EapServer server =
                    new EapServer(5, false, List.of(new TlsServer(engines.server(), 1000)));
            EapPeer peer = new EapPeer("alice", new TlsPeer("alice", clients.client(), 1000));
            EapOutcome said = server.begin();
            int octets = 0;
            while (said instanceof EapOutcome.Continue(Octets request)) {
                Octets response = packetOf(peer.on(request));
                octets += response.length();
                said = server.onResponse(response);
            }
            assertThat(said).isInstanceOf(EapOutcome.Success.class);
            assertThat(octets).as("the peer's certificate is shown each time").isGreaterThan(900);
        }
    }

    @Test
    void changedOctetsEndAConversationAndNeverThrow() {
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            EapServer server = server();
            EapPeer peer = peer();
            EapOutcome said = server.begin();
            int spared = random.nextInt(8);
            boolean changed = false;
            while (said instanceof EapOutcome.Continue(Octets request)) {
                EapOutcome answer = peer.on(request);
                if (!(answer instanceof EapOutcome.Continue(Octets response))) {
                    break;
                }
                byte[] octets = response.array().clone();
                if (spared-- == 0) {
                    octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
                    changed = true;
                }
                said = server.onResponse(Octets.of(octets));
                assertThat(changed && said instanceof EapOutcome.Success && octets.length > 20)
                        .as("a handshake with a changed octet")
                        .isFalse();
            }
        }
    }
}
