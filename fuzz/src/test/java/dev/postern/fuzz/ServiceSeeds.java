package dev.postern.fuzz;

import dev.postern.gateway.daemon.GatewayFilesFuzz;
import dev.postern.gateway.tickets.TicketFrame;
import dev.postern.gateway.tickets.TicketFramesFuzz;
import dev.postern.host.Change;
import dev.postern.host.JournalFuzz;
import dev.postern.host.ResolverKind;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.net.Prefix;
import dev.postern.pki.Pem;
import dev.postern.pki.UnreadableException;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Code;
import dev.postern.radius.Packet;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Seeds of the services around a gateway: EAP-TLS, orders of RADIUS servers, the ticket service,
/// and of the files that a gateway and a client leave for their next start.
final class ServiceSeeds {
    private static final Path CERTIFICATES = Path.of("../gateway/src/test/resources/eap");

    private ServiceSeeds() {}

    static void write(ResumableSession session) throws IOException {
        writeEapTls();
        writeOrders();
        writeTicketFrames(session);
        writeFiles();
        byte[] example = Files.readAllBytes(Path.of("../examples/ticket-service.toml"));
        SeedRecorder.write(ConfigurationFuzz.class, "aTicketService", "example", example);
        String users =
                """
                [[user]]
                name = "alice@example.org"
                password = "example only"
                """;
        SeedRecorder.write(ConfigurationFuzz.class, "eapUsers", "one", octets(users));
        SeedRecorder.write(ConfigurationFuzz.class, "eapUsers", "twice", octets(users + users));
        writeRequest();
    }

    private static void writeEapTls() throws IOException {
        byte[] rounds = new byte[24];
        Arrays.fill(rounds, (byte) 6);
        byte[] few = Arrays.copyOf(rounds, 3);
        conversation("whole", new byte[] {0, (byte) 255}, rounds);
        conversation("in-fragments", new byte[] {0, 8}, rounds);
        conversation("strange-client", new byte[] {1, 60}, rounds);
        conversation("strange-server", new byte[] {2, 60}, rounds);
        conversation("changed", new byte[] {0, 30}, few, new byte[] {2, 90, 4}, rounds);
        conversation("cut", new byte[] {0, 30}, few, new byte[] {(byte) 131, 0, 40}, rounds);
        conversation("again", new byte[] {0, 30}, few, new byte[] {4, 2, (byte) 132, 3}, rounds);
        byte[] alert = {(byte) 133, 8, 0, 21, 3, 3, 0, 2, 2, 40};
        conversation("alert", new byte[] {0, 30}, few, alert, rounds);
        int both = 1 | 2 | 4;
        fragments(
                "to-the-end",
                new byte[] {
                    2,
                    0,
                    (byte) both,
                    1,
                    0x20,
                    1,
                    0,
                    1,
                    0,
                    1,
                    0,
                    1,
                    0,
                    1,
                    0,
                    2,
                    0,
                    (byte) (both | 8 | 16)
                });
        fragments(
                "in-two",
                new byte[] {
                    7, (byte) 0xc0, 0, 0, 0, 4, 1, 2, 1, 0x20, 3, 0, 3, 4, 1, 0, 1, 0, 1, 0
                });
        fragments("too-long", new byte[] {6, (byte) 0xc0, 0, 1, 0, 1, 9});
    }

    private static void conversation(String name, byte[]... parts) throws IOException {
        SeedRecorder.write(EapTlsFuzz.class, "aConversation", name, join(parts));
    }

    private static void fragments(String name, byte[] input) throws IOException {
        SeedRecorder.write(EapTlsFuzz.class, "fragments", name, input);
    }

    private static void writeOrders() throws IOException {
        Attribute session = Attribute.text(Attribute.ACCT_SESSION_ID, "5e55");
        Attribute user = Attribute.text(Attribute.USER_NAME, "alice");
        byte[] disconnect = order(Code.DISCONNECT_REQUEST, session, user);
        Attribute timeout = Attribute.integer(Attribute.SESSION_TIMEOUT, 60);
        byte[] change = order(Code.COA_REQUEST, session, timeout);
        byte[] late =
                order(
                        Code.COA_REQUEST,
                        session,
                        timeout,
                        Attribute.integer(Attribute.EVENT_TIMESTAMP, OrdersFuzz.NOW - 400));
        int stamped = 3;
        orders("disconnect", item(stamped, disconnect));
        orders("change", item(stamped, change));
        orders("again", item(stamped, disconnect), item(1, new byte[0]), item(0x21, new byte[0]));
        orders("unanswered", item(0x13, disconnect), item(1, new byte[0]));
        orders("late", item(2, late), item(0x83, change));
        orders("of-a-stranger", item(0x43, disconnect));
        orders("not-authentic", item(0, disconnect));
        orders("of-nobody", item(stamped, order(Code.DISCONNECT_REQUEST)));
    }

    private static byte[] order(Code code, Attribute... attributes) {
        Octets authenticator = Octets.of(new byte[16]);
        return new Packet(code, 7, authenticator, new Attributes(List.of(attributes))).encode();
    }

    private static byte[] item(int how, byte[] datagram) {
        return join(new byte[] {(byte) how, (byte) datagram.length}, datagram);
    }

    private static void orders(String name, byte[]... items) throws IOException {
        SeedRecorder.write(OrdersFuzz.class, "orders", name, join(items));
    }

    private static void writeTicketFrames(ResumableSession session) throws IOException {
        int kind = session.session().kind().code();
        TicketFrame hello = new TicketFrame(1, 0, 1, octets("example"));
        TicketFrame seal = new TicketFrame(3, kind, 2, TicketFormat.encode(session.session()));
        TicketFrame open = new TicketFrame(2, kind, 3, session.ticket().array());
        frames("hello", TicketFramesFuzz.questions(hello));
        frames("seal", TicketFramesFuzz.questions(hello, seal));
        frames("open", TicketFramesFuzz.questions(hello, open));
        frames("another-domain", TicketFramesFuzz.questions(new TicketFrame(1, 0, 1, octets("x"))));
        frames("refused", TicketFramesFuzz.questions(new TicketFrame(4, 0, 3, octets("no\u001b"))));
        frames("too-long", new byte[] {0, 0, 0x20, 7, 1, 0, 0, 0, 0, 1});
    }

    private static void frames(String name, byte[] stream) throws IOException {
        SeedRecorder.write(TicketFramesFuzz.class, "frames", name, stream);
    }

    private static void writeFiles() throws IOException {
        InetAddress inner = InetAddress.ofLiteral("10.9.0.7");
        byte[] leases = GatewayFilesFuzz.leaseFile(Map.of(inner, Identity.fqdn("alice.example")));
        SeedRecorder.write(GatewayFilesFuzz.class, "leases", "one", leases);
        byte[] spoilt = leases.clone();
        spoilt[spoilt.length - 2] = 0x1b;
        SeedRecorder.write(GatewayFilesFuzz.class, "leases", "spoilt", spoilt);
        byte[] introduction =
                GatewayFilesFuzz.introduction(
                        Identity.fqdn("gw-a.example"),
                        List.of(new GatewayList.Name("gw-a.example")));
        SeedRecorder.write(GatewayFilesFuzz.class, "anIntroduction", "gw-a", introduction);
        List<GatewayList.Entry> reachedAt =
                List.of(
                        new GatewayList.Name("gw-a.example"),
                        new GatewayList.Address(Octets.ofHex("c0000201"), 0),
                        new GatewayList.Address(Octets.ofHex("c0000201"), 14_500));
        byte[] occupancy = GatewayFilesFuzz.occupancy("east", reachedAt, 7);
        SeedRecorder.write(GatewayFilesFuzz.class, "anOccupancy", "gw-a", occupancy);
        String journal =
                "process 4711 98765\n"
                        + new Change.RulesAdded(20_000).line()
                        + "\n"
                        + new Change.BarrierRaised(
                                        20_000,
                                        List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")))
                                .line()
                        + "\n"
                        + new Change.ResolverFile(
                                        Path.of("/etc/resolv.conf"), "nameserver 192.0.2.1\n", true)
                                .line()
                        + "\n"
                        + new Change.ResolverLink(ResolverKind.SYSTEMD_RESOLVED, "tun0").line()
                        + "\n";
        SeedRecorder.write(JournalFuzz.class, "changes", "of-each-kind", octets(journal));
    }

    /// A signature of PKCS #1 is the same each time.
    private static void writeRequest() throws IOException {
        try {
            byte[] key =
                    Pem.parse(Files.readAllBytes(CERTIFICATES.resolve("rsa.key")))
                            .getFirst()
                            .content();
            PrivateKey signing =
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
            byte[] pem = Files.readAllBytes(CERTIFICATES.resolve("rsa.pem"));
            byte[] subject =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem))
                            .getPublicKey()
                            .getEncoded();
            byte[] request =
                    new PKCS10CertificationRequestBuilder(
                                    new X500Name("CN=rsa.example"),
                                    SubjectPublicKeyInfo.getInstance(subject))
                            .build(new JcaContentSignerBuilder("SHA256withRSA").build(signing))
                            .getEncoded();
            SeedRecorder.write(AuthenticationFuzz.class, "aCertificationRequest", "rsa", request);
        } catch (GeneralSecurityException | OperatorCreationException | UnreadableException e) {
            throw new IllegalStateException("the example key does not sign", e);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
