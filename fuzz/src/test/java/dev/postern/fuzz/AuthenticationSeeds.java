package dev.postern.fuzz;

import dev.postern.crypto.SecretBytes;
import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapPeer;
import dev.postern.eap.EapServer;
import dev.postern.eap.MsChapV2Peer;
import dev.postern.eap.MsChapV2Server;
import dev.postern.pki.Pem;
import dev.postern.pki.UnreadableException;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Call;
import dev.postern.radius.ClientEffect;
import dev.postern.radius.Code;
import dev.postern.radius.Moment;
import dev.postern.radius.Packet;
import dev.postern.radius.RadiusClient;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/// Seeds of what comes before anybody is proven. The conversations are whole ones between both ends
/// that we have, of whom one does not know the password: nobody may come in by a seed.
final class AuthenticationSeeds {
    private static final Path CERTIFICATES = Path.of("../gateway/src/test/resources/eap");
    private static final int MOST_PACKETS = 16;
    private static final Moment NOW = new Moment(1_000_000_000L, 1_700_000_000L);

    private final List<byte[]> requests = new ArrayList<>();
    private final List<byte[]> responses = new ArrayList<>();

    static void write() throws IOException {
        AuthenticationSeeds seeds = new AuthenticationSeeds();
        seeds.converse("correct horse", "wrong horse");
        SeedRecorder.write(
                AuthenticationFuzz.class, "anEapServer", "conversation", program(seeds.responses));
        byte[] preferring = program(List.of(seeds.responses.getFirst(), nak()));
        SeedRecorder.write(AuthenticationFuzz.class, "anEapServer", "another-method", preferring);
        seeds = new AuthenticationSeeds();
        seeds.converse("wrong horse", "correct horse");
        SeedRecorder.write(
                AuthenticationFuzz.class, "anEapPeer", "conversation", program(seeds.requests));
        writeRadius(seeds.responses.getFirst());
        writeCertificates();
    }

    /// With the entropy of the targets, so that a seed goes as far there as it went here.
    private void converse(String atServer, String atPeer) {
        try (EapServer server =
                        new EapServer(
                                1,
                                true,
                                List.of(
                                        new MsChapV2Server(
                                                "gw",
                                                user -> secret(atServer),
                                                new CountingEntropy(1))));
                EapPeer peer =
                        new EapPeer(
                                "alice",
                                new MsChapV2Peer(
                                        "alice", secret(atPeer), new CountingEntropy(2)))) {
            EapOutcome said = server.begin();
            for (int i = 0; i < MOST_PACKETS; i++) {
                requests.add(octets(said));
                EapOutcome answer = peer.on(Octets.of(octets(said)));
                if (!(said instanceof EapOutcome.Continue) || octets(answer).length == 0) {
                    return;
                }
                responses.add(octets(answer));
                said = server.onResponse(Octets.of(octets(answer)));
            }
        }
    }

    private static byte[] octets(EapOutcome outcome) {
        return switch (outcome) {
            case EapOutcome.Continue next -> next.packet().array();
            case EapOutcome.Failure failure -> failure.packet().array();
            case EapOutcome.Success _ ->
                    throw new IllegalStateException("a seed must not let anybody in");
        };
    }

    /// To the identifier of the method's first request, with a wish for EAP-TLS.
    private static byte[] nak() {
        return new byte[] {2, 2, 0, 6, 3, 13};
    }

    private static byte[] program(List<byte[]> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            out.write(packet.length);
            out.writeBytes(packet);
        }
        return out.toByteArray();
    }

    /// What our client sends, and what a server answers.
    private static void writeRadius(byte[] identity) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 1812);
        RadiusClient client =
                new RadiusClient(
                        List.of(new Server("aaa", address, secret("shared"))),
                        RetryPolicy.DEFAULT,
                        new CountingEntropy(4));
        Attributes alice =
                new Attributes(
                        List.of(
                                Attribute.text(Attribute.USER_NAME, "alice"),
                                new Attribute(Attribute.EAP_MESSAGE, Octets.of(identity))));
        byte[] access = sent(client.submit(new Call.Access(1, alice, -1), NOW));
        SeedRecorder.write(AuthenticationFuzz.class, "aRadiusPacket", "access-request", access);
        SeedRecorder.write(
                AuthenticationFuzz.class,
                "aRadiusPacket",
                "accounting-request",
                sent(client.submit(new Call.Accounting(2, alice, NOW.epochSeconds()), NOW)));
        try {
            Packet request = Packet.decode(access);
            Packet accept =
                    new Packet(
                            Code.ACCESS_ACCEPT,
                            request.identifier(),
                            request.authenticator(),
                            request.attributes());
            SeedRecorder.write(
                    AuthenticationFuzz.class, "aRadiusPacket", "access-accept", accept.encode());
        } catch (MalformedException e) {
            throw new IllegalStateException("our own packet does not decode", e);
        }
    }

    private static byte[] sent(List<ClientEffect> effects) {
        for (ClientEffect effect : effects) {
            if (effect instanceof ClientEffect.Transmit transmit) {
                return transmit.octets();
            }
        }
        throw new IllegalStateException("the client sends nothing");
    }

    private static void writeCertificates() throws IOException {
        for (String name : new String[] {"client", "rsa"}) {
            byte[] pem = Files.readAllBytes(CERTIFICATES.resolve(name + ".pem"));
            byte[] key = Files.readAllBytes(CERTIFICATES.resolve(name + ".key"));
            SeedRecorder.write(AuthenticationFuzz.class, "aCertificate", name, content(pem));
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(pem);
            both.writeBytes(key);
            SeedRecorder.write(AuthenticationFuzz.class, "aPemFile", name, both.toByteArray());
        }
        byte[] list = list(content(Files.readAllBytes(CERTIFICATES.resolve("rsa.key"))));
        SeedRecorder.write(AuthenticationFuzz.class, "aRevocationList", "one-revoked", list);
    }

    /// A signature of PKCS #1 is the same each time.
    private static byte[] list(byte[] key) throws IOException {
        Instant now = Instant.ofEpochSecond(NOW.epochSeconds());
        X509v2CRLBuilder list =
                new X509v2CRLBuilder(new X500Name("CN=rsa.example"), Date.from(now));
        list.setNextUpdate(Date.from(now.plusSeconds(86_400)));
        list.addCRLEntry(BigInteger.valueOf(4_711), Date.from(now), 1);
        try {
            PrivateKey signing =
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
            return list.build(new JcaContentSignerBuilder("SHA256withRSA").build(signing))
                    .getEncoded();
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the example key does not sign", e);
        }
    }

    private static byte[] content(byte[] pem) {
        try {
            return Pem.parse(pem).getFirst().content();
        } catch (UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private AuthenticationSeeds() {}
}
