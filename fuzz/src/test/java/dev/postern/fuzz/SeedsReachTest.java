package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;

import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspSealer;
import dev.postern.esp.InnerPackets;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.EapUsers;
import dev.postern.gateway.daemon.GatewayFilesFuzz;
import dev.postern.gateway.tickets.TicketFrame;
import dev.postern.gateway.tickets.TicketFramesFuzz;
import dev.postern.host.JournalFuzz;
import dev.postern.ike.failover.KeptSession;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.voucher.VoucherChain;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.UnreadableException;
import dev.postern.pki.issue.SignedRequest;
import dev.postern.radius.Packet;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A seed that is refused at the first octet teaches a fuzzer nothing: these get to the end.
final class SeedsReachTest {
    private static byte[] seed(Class<?> type, String method, String name) throws IOException {
        Path resources = Path.of("src/test/resources");
        return Files.readAllBytes(
                new FuzzTarget(type.getName(), method).inputs(resources).resolve(name));
    }

    @Test
    void fragmentsAreJoined() throws IOException {
        for (String name : new String[] {"in-order", "out-of-order", "forged"}) {
            byte[] program = seed(FragmentsFuzz.class, "fragments", name);
            assertThat(new FragmentsFuzz().run(program)).as(name).isEqualTo(1);
        }
        byte[] halves = seed(FragmentsFuzz.class, "fragments", "cut-anew");
        assertThat(new FragmentsFuzz().run(halves)).isZero();
    }

    @Test
    void aStandbyRecordIsTakenOver() throws IOException, MalformedException {
        byte[] octets = seed(StandbyFuzz.class, "aRecord", "ike-sa");
        long held =
                EndpointNeighbourhood.settled()
                        .takenOver(StandbyFormat.decode(SecretBytes.copyOf(octets)));
        assertThat(held).isEqualTo(1);
    }

    @Test
    void aVoucherIsTrusted() throws IOException, JOSEException {
        byte[] claims = seed(VoucherFuzz.class, "claims", "that-hold");
        assertThat(VoucherFuzz.judgeOwn(claims)).isInstanceOf(VoucherChain.Verdict.Trusted.class);
    }

    @Test
    void everyTargetHasSeeds() throws IOException, URISyntaxException {
        Path resources = Path.of("src/test/resources");
        for (FuzzTarget target : FuzzTarget.all(FuzzTarget.testClasses())) {
            assertThat(target.inputs(resources)).as(target.toString()).isNotEmptyDirectory();
        }
    }

    /// As far as one comes without the password: identity, challenge, and a failure that is said.
    @Test
    void anEapConversationGoesToItsEnd() throws IOException {
        byte[] responses = seed(AuthenticationFuzz.class, "anEapServer", "conversation");
        assertThat(AuthenticationFuzz.packets(responses)).hasSizeGreaterThanOrEqualTo(2);
        byte[] requests = seed(AuthenticationFuzz.class, "anEapPeer", "conversation");
        assertThat(AuthenticationFuzz.packets(requests)).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void packetsAndCertificatesAreRead()
            throws IOException, MalformedException, UnreadableException {
        Class<?> type = AuthenticationFuzz.class;
        for (String name : new String[] {"access-request", "accounting-request", "access-accept"}) {
            Packet packet = Packet.decode(seed(type, "aRadiusPacket", name));
            assertThat(packet.attributes().list()).as(name).isNotEmpty();
        }
        byte[] der = seed(type, "aCertificate", "client");
        assertThat(CertificateChain.decode(List.of(der)).certificates()).hasSize(1);
        byte[] list = seed(type, "aRevocationList", "one-revoked");
        assertThat(RevocationEvidence.decodeList(list).getRevokedCertificates()).hasSize(1);
        byte[] pem = seed(type, "aPemFile", "rsa");
        try (Credentials own = Credentials.of(pem, pem, null, new CountingEntropy(3))) {
            assertThat(own.chain().certificates()).isNotEmpty();
        }
    }

    @Test
    void aTicketAndAKeptSessionOpenUnchanged() throws IOException {
        byte[] ticket = TicketFuzz.asSealed("aTicket");
        assertThat(
                        Stream.of(Session.Kind.values())
                                .map(kind ->
                                        new SealedTickets(TicketFuzz.RING)
                                                .open(Octets.of(ticket), kind)))
                .hasAtLeastOneElementOfType(OpenedTicket.class);
        byte[] kept = TicketFuzz.asSealed("aKeptSession");
        assertThat(KeptSession.open(kept, TicketFuzz.RING.issuingAt(0).secret()))
                .isInstanceOf(KeptSession.Opened.Valid.class);
        // The targets bear what was sealed, and nothing that was ever so little changed.
        new TicketFuzz().aTicket(ticket);
        new TicketFuzz().aKeptSession(kept);
    }

    @Test
    void keyFilesAreRead() throws IOException {
        for (String name : new String[] {"one", "rotated"}) {
            byte[] file = seed(TicketFuzz.class, "aKeyFile", name);
            assertThat(TgsKeyFile.parse(new String(file, StandardCharsets.UTF_8)))
                    .isInstanceOf(TgsKeyFile.Parsed.Valid.class);
        }
    }

    @Test
    void espPacketsAreDelivered() throws IOException {
        for (String name : new String[] {"udp", "echo"}) {
            byte[] text = seed(EspFuzz.class, "whatAnAuthenticPeerSeals", name);
            assertThat(new EspFuzz().deliveredOf(text)).as(name).isEqualTo(1);
        }
        byte[] udp = seed(EspFuzz.class, "whatTheHostHandsIn", "udp");
        assertThat(new EspFuzz().sealedOf(udp, EspSealer::sealPacket)).hasSize(1);
        byte[] frame = seed(EspFuzz.class, "whatTheHostHandsIn", "frame");
        assertThat(new EspFuzz().sealedOf(frame, EspSealer::sealFrame)).hasSize(1);
        byte[] dummy = seed(EspFuzz.class, "whatAnAuthenticPeerSeals", "dummy");
        assertThat(new EspFuzz().deliveredOf(dummy)).isZero();
        assertThat(InnerPackets.readUdp(seed(EspFuzz.class, "anInnerPacket", "udp"))).isPresent();
        byte[] reply = seed(EspFuzz.class, "anInnerPacket", "echo-reply");
        assertThat(InnerPackets.readEchoReply(reply)).isPresent();
    }

    @Test
    void anEapTlsHandshakeGoesToItsEnd() throws IOException {
        for (String name : new String[] {"whole", "in-fragments", "again"}) {
            boolean content = EapTlsFuzz.run(seed(EapTlsFuzz.class, "aConversation", name));
            assertThat(content).as(name).isEqualTo(!name.equals("again"));
        }
        for (String name : new String[] {"strange-client", "strange-server", "changed", "cut"}) {
            boolean content = EapTlsFuzz.run(seed(EapTlsFuzz.class, "aConversation", name));
            assertThat(content).as(name).isFalse();
        }
        assertThat(EapTlsFuzz.contentOf(seed(EapTlsFuzz.class, "fragments", "to-the-end")))
                .isEqualTo(2);
    }

    @Test
    void ordersAreCarriedOut() throws IOException {
        for (String name : new String[] {"disconnect", "change", "again", "unanswered"}) {
            int carriedOut = OrdersFuzz.run(seed(OrdersFuzz.class, "orders", name));
            assertThat(carriedOut).as(name).isEqualTo(1);
        }
        for (String name : new String[] {"late", "of-a-stranger", "not-authentic", "of-nobody"}) {
            int carriedOut = OrdersFuzz.run(seed(OrdersFuzz.class, "orders", name));
            assertThat(carriedOut).as(name).isZero();
        }
    }

    @Test
    void theTicketServiceSealsAndOpens() throws IOException {
        byte[] seal = seed(TicketFramesFuzz.class, "frames", "seal");
        // WELCOME, SEALED.
        assertThat(TicketFramesFuzz.run(seal)).extracting(TicketFrame::code).containsExactly(1, 3);
        byte[] open = seed(TicketFramesFuzz.class, "frames", "open");
        // Another domain's key has sealed that ticket.
        assertThat(TicketFramesFuzz.run(open)).extracting(TicketFrame::code).containsExactly(1, 4);
    }

    @Test
    void filesOfTheLastRunAreRead()
            throws IOException, ConfigurationException, UnreadableException {
        Class<?> files = GatewayFilesFuzz.class;
        assertThat(GatewayFilesFuzz.leasesIn(seed(files, "leases", "one"))).isEqualTo(1);
        assertThat(GatewayFilesFuzz.leasesIn(seed(files, "leases", "spoilt"))).isEqualTo(-1);
        assertThat(GatewayFilesFuzz.introduces(seed(files, "anIntroduction", "gw-a"))).isTrue();
        assertThat(GatewayFilesFuzz.tenths(seed(files, "anOccupancy", "gw-a"))).isEqualTo(7);
        for (String name : List.of("more-than-full", "beyond-an-int", "below-idle")) {
            assertThat(GatewayFilesFuzz.tenths(seed(files, "anOccupancy", name)))
                    .as(name)
                    .isEqualTo(-1);
        }
        byte[] journal = seed(JournalFuzz.class, "changes", "of-each-kind");
        assertThat(JournalFuzz.changesIn(journal)).isEqualTo(4);
        byte[] users = seed(ConfigurationFuzz.class, "eapUsers", "one");
        String text = new String(users, StandardCharsets.UTF_8);
        assertThat(EapUsers.parse(Path.of("users.toml"), text)).hasSize(1);
        byte[] request = seed(AuthenticationFuzz.class, "aCertificationRequest", "rsa");
        assertThat(SignedRequest.of(request).subjectPublicKeyInfo()).isNotEmpty();
    }

    /// What is made up where it is due is taken for what it claims to be: an authentic Delete ends
    /// the IKE SA, an authentic rekey makes another, and a client ends by a refusal.
    @Test
    void forgedMessagesAreHeard() throws IOException {
        assertThat(after("handshake").held()).isEqualTo(2);
        assertThat(after("authentic-delete").held()).isEqualTo(1);
        assertThat(after("authentic-rekey").held()).isEqualTo(3);
        assertThat(after("handshake").heldByClient()).isEqualTo(1);
        assertThat(after("authentic-delete-of-the-gateway").heldByClient()).isZero();
    }

    private static EndpointNeighbourhood after(String name) throws IOException {
        EndpointNeighbourhood world = new EndpointNeighbourhood();
        EndpointFuzz.run(seed(EndpointFuzz.class, "anySequence", name), world);
        return world;
    }
}
