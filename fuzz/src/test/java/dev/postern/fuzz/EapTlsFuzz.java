package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.eap.CertificateProof;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.EapServer;
import dev.postern.eap.MethodStep;
import dev.postern.eap.TlsEngine;
import dev.postern.eap.TlsPeer;
import dev.postern.eap.TlsServer;
import dev.postern.gateway.eap.ChainJudge;
import dev.postern.gateway.eap.TlsEngines;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.pki.Pem;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// EAP-TLS (RFC 5216, RFC 9190) with somebody on the path who changes, cuts, repeats, leaves out
/// and makes up packets.
final class EapTlsFuzz {
    private static final int MOST_STEPS = 48;
    private static final int TLS = 13;
    private static final int LONGEST_MESSAGE = 65_536;
    private static final Path CERTIFICATES = Path.of("../gateway/src/test/resources/eap");
    private static final TlsEngines SERVER = engines("server", "ca");
    private static final TlsEngines CLIENT = engines("client", "ca", "gw-a.example");
    private static final TlsEngines STRANGER = engines("stranger", "ca", "gw-a.example");
    private static final TlsEngines OTHER_SERVER = engines("other-server", "other-ca");

    /// Both ends of a real handshake. The first octet names the ends, the second how long fragments
    /// are; then each octet is a step, some with operands behind them.
    ///
    /// A stranger is never let in, no server of another name is believed, and where both ends are
    /// content they hold the same key.
    @FuzzTest
    void aConversation(byte[] program) {
        run(program);
    }

    /// Whether both ends were content.
    static boolean run(byte[] program) {
        if (program.length < 2) {
            return false;
        }
        boolean strangeClient = (program[0] & 1) != 0;
        boolean strangeServer = (program[0] & 2) != 0;
        int fragment = 64 + 16 * Byte.toUnsignedInt(program[1]);
        TlsEngines atServer = strangeServer ? OTHER_SERVER : SERVER;
        TlsEngines atClient = strangeClient ? STRANGER : CLIENT;
        try (EapServer server =
                        new EapServer(
                                1, false, List.of(new TlsServer(atServer.server(), fragment)));
                EapPeer peer =
                        new EapPeer("alice", new TlsPeer("alice", atClient.client(), fragment))) {
            Between path = new Between(server, peer);
            path.follow(program, 2);
            if (path.served != null) {
                assertThat(strangeClient || strangeServer).as("a stranger is let in").isFalse();
            }
            if (path.believed != null) {
                assertThat(strangeServer).as("a strange server is believed").isFalse();
            }
            if (path.served != null && path.believed != null) {
                assertThat(path.believed).isEqualTo(path.served);
                return true;
            }
            return false;
        }
    }

    /// Who is on the path: packets pass through it, or do not.
    private static final class Between {
        private final EapServer server;
        private final EapPeer peer;
        private final List<byte[]> seen = new ArrayList<>();
        private byte[] toPeer;
        private byte[] toServer = new byte[0];
        private boolean serverEnded;
        private boolean peerEnded;

        /// The key of the server, and of the peer, once it is content.
        private byte @Nullable [] served;

        private byte @Nullable [] believed;

        Between(EapServer server, EapPeer peer) {
            this.server = server;
            this.peer = peer;
            this.toPeer = octets(server.begin());
        }

        void follow(byte[] program, int from) {
            int at = from;
            for (int steps = 0; at < program.length && steps < MOST_STEPS; steps++) {
                int step = Byte.toUnsignedInt(program[at++]);
                int operand = at < program.length ? Byte.toUnsignedInt(program[at]) : 0;
                int second = at + 1 < program.length ? Byte.toUnsignedInt(program[at + 1]) : 0;
                boolean atServer = step >= 128;
                switch (step % 8) {
                    case 0, 1 -> hand(atServer, atServer ? toServer : toPeer);
                    case 2 -> {
                        hand(atServer, changed(atServer ? toServer : toPeer, operand, second));
                        at += 2;
                    }
                    case 3 -> {
                        byte[] whole = atServer ? toServer : toPeer;
                        hand(atServer, cut(whole, operand * 256 + second));
                        at += 2;
                    }
                    case 4 -> {
                        if (!seen.isEmpty()) {
                            hand(atServer, seen.get(operand % seen.size()));
                        }
                        at++;
                    }
                    case 5 -> {
                        int length = Math.min(operand, Math.max(0, program.length - at - 1));
                        byte[] data = Arrays.copyOfRange(program, at, at + length);
                        hand(atServer, packet(atServer ? toServer : toPeer, data));
                        at += length;
                    }
                    default -> {
                        hand(false, toPeer);
                        hand(true, toServer);
                    }
                }
            }
        }

        private void hand(boolean atServer, byte[] packet) {
            if (packet.length == 0) {
                return;
            }
            seen.add(packet);
            if (atServer && !serverEnded) {
                EapOutcome outcome = server.onResponse(Octets.of(packet.clone()));
                serverEnded = !(outcome instanceof EapOutcome.Continue);
                served = key(outcome, served);
                toPeer = octets(outcome);
            } else if (!atServer && !peerEnded) {
                EapOutcome outcome = peer.on(Octets.of(packet.clone()));
                peerEnded = !(outcome instanceof EapOutcome.Continue);
                believed = key(outcome, believed);
                toServer = peerEnded ? new byte[0] : octets(outcome);
            }
        }
    }

    private static byte @Nullable [] key(EapOutcome outcome, byte @Nullable [] before) {
        if (!(outcome instanceof EapOutcome.Success success)) {
            return before;
        }
        try (SecretBytes msk = success.msk()) {
            assertThat(msk).isNotNull();
            return msk == null ? before : msk.expose().clone();
        }
    }

    private static byte[] octets(EapOutcome outcome) {
        return switch (outcome) {
            case EapOutcome.Continue next -> next.packet().array();
            case EapOutcome.Success success -> success.packet().array();
            case EapOutcome.Failure failure -> failure.packet().array();
        };
    }

    private static byte[] changed(byte[] packet, int position, int by) {
        byte[] octets = packet.clone();
        if (octets.length > 0) {
            // Large packets have their ends within reach too.
            int at = position * octets.length / 256;
            octets[at] ^= (byte) (by | 1);
        }
        return octets;
    }

    /// Shorter, with a length field that says so.
    private static byte[] cut(byte[] packet, int length) {
        byte[] octets = Arrays.copyOf(packet, Math.min(packet.length, 4 + length));
        return withLength(octets);
    }

    /// A packet of EAP-TLS, with the code and identifier that are due.
    private static byte[] packet(byte[] due, byte[] data) {
        byte[] octets = new byte[5 + data.length];
        System.arraycopy(due, 0, octets, 0, Math.min(2, due.length));
        octets[4] = TLS;
        System.arraycopy(data, 0, octets, 5, data.length);
        return withLength(octets);
    }

    private static byte[] withLength(byte[] octets) {
        if (octets.length >= 4) {
            octets[2] = (byte) (octets.length >>> 8);
            octets[3] = (byte) octets.length;
        }
        return octets;
    }

    /// Fragments alone, with a TLS in between that answers as the message says. Each packet is one
    /// octet of length and Type-Data, the server's and the peer's in turns.
    ///
    /// What reaches TLS is never longer than is legal, nothing reaches it after its end, and only
    /// who has finished a handshake is content.
    @FuzzTest
    void fragments(byte[] input) {
        assertThat(contentOf(input)).isLessThanOrEqualTo(2);
    }

    /// How many of the two ends were content.
    static int contentOf(byte[] input) {
        int content = 0;
        try (Echo atServer = new Echo();
                Echo atPeer = new Echo();
                TlsServer server = new TlsServer(atServer, 100);
                TlsPeer peer = new TlsPeer("alice", atPeer, 100)) {
            server.begin("alice");
            boolean serverEnded = false;
            boolean peerEnded = false;
            boolean turn = false;
            for (byte[] data : AuthenticationFuzz.packets(input)) {
                turn = !turn;
                if (turn && !serverEnded) {
                    MethodStep step = server.onResponse(Octets.of(data));
                    judge(step, atServer, 100);
                    content += step instanceof MethodStep.Proven ? 1 : 0;
                    serverEnded = !(step instanceof MethodStep.Send);
                } else if (!turn && !peerEnded) {
                    MethodStep step = peer.onRequest(Octets.of(data));
                    judge(step, atPeer, 100);
                    peerEnded = !(step instanceof MethodStep.Send);
                    MethodStep.Proven proven = peer.proven();
                    if (proven != null) {
                        judge(proven, atPeer, 100);
                        // Success is said then.
                        peerEnded = true;
                        content++;
                    }
                }
            }
        }
        return content;
    }

    private static void judge(MethodStep step, Echo engine, int fragment) {
        switch (step) {
            case MethodStep.Send(Octets data) ->
                    assertThat(data.length()).isBetween(1, 5 + fragment);
            case MethodStep.Proven proven -> {
                assertThat(engine.finished).isTrue();
                proven.msk().close();
            }
            case MethodStep.Refused(String reason) -> assertThat(reason).isNotEmpty();
        }
    }

    /// A TLS without TLS: the first octet of a message says what comes of it.
    private static final class Echo implements TlsEngine {
        private boolean finished;
        private boolean tls13;
        private boolean closed;

        @Override
        public Progress advance(byte[] records) {
            assertThat(closed).as("handed on after the end").isFalse();
            assertThat(records.length).isLessThanOrEqualTo(LONGEST_MESSAGE);
            int first = records.length == 0 ? 0 : records[0];
            tls13 |= (first & 1) != 0;
            finished |= (first & 2) != 0;
            byte[] output = (first & 4) != 0 ? new byte[0] : Arrays.copyOf(records, 3 * 99);
            byte[] application = (first & 8) != 0 ? new byte[(first & 16) >> 4] : new byte[0];
            return new Progress(
                    output, finished, application, (first & 32) != 0 ? "TLS failed" : null);
        }

        @Override
        public byte[] protect(byte[] application) {
            return application.clone();
        }

        @Override
        public boolean isTls13() {
            return tls13;
        }

        @Override
        public SecretBytes export(String label, byte @Nullable [] context, int length) {
            return SecretBytes.owning(new byte[length]);
        }

        @Override
        public List<String> peerNames() {
            return List.of("alice");
        }

        @Override
        public @Nullable CertificateProof peerCertificate() {
            return null;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static TlsEngines engines(String name, String authority, String... serverNames) {
        try {
            byte[] key = Pem.parse(resource(name + ".key")).getFirst().content();
            return new TlsEngines(
                    new TlsIdentity(
                            List.of(certificate(name)),
                            KeyFactory.getInstance("EC")
                                    .generatePrivate(new PKCS8EncodedKeySpec(key)),
                            List.of(certificate(authority)),
                            List.of(serverNames)),
                    ChainJudge.LENIENT);
        } catch (GeneralSecurityException | UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    static X509Certificate certificate(String name) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(resource(name + ".pem")));
    }

    private static byte[] resource(String name) {
        try {
            return Files.readAllBytes(CERTIFICATES.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
