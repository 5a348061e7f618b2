package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.EapServer;
import dev.postern.eap.MsChapV2Peer;
import dev.postern.eap.MsChapV2Server;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.Pem;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationUrls;
import dev.postern.pki.SubjectNames;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.SignedRequest;
import dev.postern.radius.Packet;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What comes before anybody is proven: EAP packets, RADIUS packets, certificates and key files.
final class AuthenticationFuzz {
    private static final int MOST_PACKETS = 16;

    /// A stranger's side of EAP-MSCHAPv2. Each packet is one octet of length and its octets; nobody
    /// who does not know the password may come in.
    @FuzzTest
    void anEapServer(byte[] input) {
        try (EapServer server =
                new EapServer(
                        1,
                        true,
                        List.of(
                                new MsChapV2Server(
                                        "gw",
                                        user -> SecretBytes.owning(octets("correct horse")),
                                        new CountingEntropy(1))))) {
            EapOutcome outcome = server.begin();
            for (byte[] packet : packets(input)) {
                if (!(outcome instanceof EapOutcome.Continue)) {
                    return;
                }
                outcome = server.onResponse(Octets.of(packet));
                assertThat(outcome).isNotInstanceOf(EapOutcome.Success.class);
            }
        }
    }

    /// A server that does not know the password proves nothing to the client.
    @FuzzTest
    void anEapPeer(byte[] input) {
        SecretBytes password = SecretBytes.owning(octets("correct horse"));
        try (EapPeer peer =
                new EapPeer("alice", new MsChapV2Peer("alice", password, new CountingEntropy(2)))) {
            for (byte[] packet : packets(input)) {
                EapOutcome outcome = peer.on(Octets.of(packet));
                assertThat(outcome).isNotInstanceOf(EapOutcome.Success.class);
                if (!(outcome instanceof EapOutcome.Continue)) {
                    return;
                }
            }
        }
    }

    @FuzzTest
    void aRadiusPacket(byte[] datagram) {
        Packet packet;
        try {
            packet = Packet.decode(datagram);
        } catch (MalformedException e) {
            return;
        }
        byte[] encoded = packet.encode();
        try {
            Packet again = Packet.decode(encoded);
            assertThat(again.attributes()).isEqualTo(packet.attributes());
            assertThat(again.encode()).isEqualTo(encoded);
        } catch (MalformedException e) {
            throw new AssertionError("a packet that was decoded does not decode again", e);
        }
    }

    @FuzzTest
    void aCertificate(byte[] der) {
        try {
            CertificateChain chain = CertificateChain.decode(List.of(der));
            SubjectNames.firstOf(chain.leaf());
            SubjectNames.names(chain.leaf(), Identity.fqdn("gw.example"));
            assertThat(chain.fingerprint()).hasSize(32);
            assertThat(chain.key().schemes()).isNotEmpty();
            assertThat(RevocationUrls.respondersOf(chain.leaf())).isNotNull();
            assertThat(RevocationUrls.listsOf(chain.leaf())).isNotNull();
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    /// What a client hands in to be certified: its key is taken if it has signed the request.
    @FuzzTest
    void aCertificationRequest(byte[] octets) {
        try {
            assertThat(SignedRequest.of(octets).subjectPublicKeyInfo()).isNotEmpty();
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    @FuzzTest
    void aRevocationList(byte[] octets) {
        try {
            RevocationEvidence.decodeList(octets);
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    /// The message about a file with a private key must not repeat what is in it.
    @FuzzTest
    void aPemFile(byte[] octets) {
        try {
            for (Pem block : Pem.parse(octets)) {
                assertThat(block.content().length).isLessThanOrEqualTo(octets.length);
            }
            Credentials.of(octets, octets, null, new CountingEntropy(3));
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    /// A file of another kind, or one that was damaged: refused in words that name no octet of it.
    @FuzzTest
    void aPkcs12File(byte[] octets) {
        char[] passphrase = "open sesame".toCharArray();
        try (Credentials own = Credentials.ofPkcs12(octets, passphrase, new CountingEntropy(3))) {
            assertThat(own.chain().certificates()).isNotEmpty();
            assertThat(own.toString()).doesNotContain("open sesame");
        } catch (UnreadableException e) {
            assertThat(e.getMessage()).matches("[\\w#,;:() -]+");
        }
    }

    static List<byte[]> packets(byte[] input) {
        List<byte[]> packets = new ArrayList<>();
        int at = 0;
        while (at < input.length && packets.size() < MOST_PACKETS) {
            int length = Math.min(Byte.toUnsignedInt(input[at]), input.length - at - 1);
            packets.add(Arrays.copyOfRange(input, at + 1, at + 1 + length));
            at += 1 + length;
        }
        return packets;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
