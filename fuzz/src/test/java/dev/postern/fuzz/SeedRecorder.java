package dev.postern.fuzz;

import com.nimbusds.jose.JOSEException;

import dev.postern.cluster.Announcement;
import dev.postern.cluster.Electorate;
import dev.postern.cluster.Fields;
import dev.postern.cluster.Shares;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.View;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.failover.KeptSession;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.radius.AccountingRecord;
import dev.postern.radius.Nas;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TicketFormat;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.GatewayList;
import dev.postern.wire.GatewaySwitch;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.PayloadType;
import dev.postern.wire.Redirect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Writes the seeds: messages, tickets and records of exchanges between two endpoints, both ends of
/// EAP and RADIUS conversations, ESP packets, the example configurations, and programs for
/// [EndpointFuzz]. The same seeds come out each time, but for a signature.
final class SeedRecorder {
    /// Below which directory the seeds are written, as they lie below `src/test/resources`.
    private static final ScopedValue<Path> INTO = ScopedValue.newInstance();

    private SeedRecorder() {}

    static void record(Path directory) throws IOException {
        ScopedValue.where(INTO, directory)
                .call(() -> {
                    record();
                    return null;
                });
    }

    private static void record() throws IOException {
        EndpointNeighbourhood world = EndpointNeighbourhood.settled();
        writeStandby(world);
        int rekeying = 1;
        world.act(rekeying);
        world.settle();
        world.resume();
        world.settle();
        List<byte[]> messages = world.transcript();
        for (int i = 0; i < messages.size(); i++) {
            write(MessageFuzz.class, "aMessage", "exchange-%02d".formatted(i), messages.get(i));
        }
        ResumableSession session = world.session();
        if (session == null) {
            throw new IllegalStateException("the gateway gave no ticket");
        }
        write(TicketFuzz.class, "aSessionRecord", "session", withKind(session));
        Path examples = Path.of("../examples");
        byte[] gateway = Files.readAllBytes(examples.resolve("gateway.toml"));
        byte[] client = Files.readAllBytes(examples.resolve("client.toml"));
        write(ConfigurationFuzz.class, "aGateway", "example", gateway);
        write(ConfigurationFuzz.class, "aClient", "example", client);
        writeTickets(session);
        PacketSeeds.writeMessages(messages);
        PacketSeeds.writeEsp(messages.getFirst());
        AuthenticationSeeds.write();
        ServiceSeeds.write(session);
        ForgedSeeds.write();
        writePrograms();
        writeFragments();
        writeGrid();
        writeVouchers();
    }

    /// A ticket of the exchange, which is another domain's here, and one of our own that somebody
    /// has changed: none of them opens.
    private static void writeTickets(ResumableSession session) throws IOException {
        write(TicketFuzz.class, "aTicket", "of-another-key", session.ticket().array());
        if (new SealedTickets(TicketFuzz.RING).seal(session.session(), new CountingEntropy(5))
                instanceof SealResult.Sealed(Octets ticket)) {
            write(TicketFuzz.class, "aTicket", "changed", LastBit.turned(ticket.array()));
        }
        SecretBytes key = TicketFuzz.RING.issuingAt(0).secret();
        byte[] kept = KeptSession.seal(session, key, new CountingEntropy(6));
        write(TicketFuzz.class, "aKeptSession", "changed", LastBit.turned(kept));
        String one = TgsKeyFile.write(TicketFuzz.RING);
        write(TicketFuzz.class, "aKeyFile", "one", one.getBytes(StandardCharsets.UTF_8));
        TgsKey newest =
                new TgsKey(
                        9,
                        SecretBytes.owning(new CountingEntropy(7).octets(TgsKey.SECRET_LENGTH)),
                        VoucherFuzz.NOW,
                        TgsKey.UNLIMITED);
        String rotated = TgsKeyFile.write(TicketFuzz.RING.rotated(newest, 3_600));
        write(TicketFuzz.class, "aKeyFile", "rotated", rotated.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeStandby(EndpointNeighbourhood world) throws IOException {
        write(StandbyFuzz.class, "aRecord", "ike-sa", world.recordOctets().array());
        StandbyRecord record = world.record();
        List<StandbyCounters.Sequences> sequences =
                record.childSas().stream()
                        .map(one ->
                                new StandbyCounters.Sequences(one.child().inboundSpi(), 700, 650))
                        .toList();
        StandbyCounters counters = new StandbyCounters(record.key(), 3, 4, sequences);
        write(
                StandbyFuzz.class,
                "aRecord",
                "counters-ahead",
                StandbyFormat.encode(counters).array());
    }

    /// Of one message in three pieces: in order, in another one, cut anew into more pieces, and
    /// with those of somebody else and of nobody in between.
    private static void writeFragments() throws IOException {
        int nonce = PayloadType.NONCE.code() << 3;
        byte[] one = piece(nonce, 1, 3, 0, 0, 0, 20);
        byte[] two = piece(0, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8);
        byte[] three = piece(0, 3, 3, 9, 10, 11, 12, 13, 14, 15, 16);
        fragments("in-order", one, two, three);
        fragments("out-of-order", three, one, one, two);
        fragments("cut-anew", one, piece(0, 4, 4, 1), two, piece(nonce, 1, 4, 0, 0, 0, 5));
        fragments("forged", piece(2, 1, 3, 1), one, piece(3, 2, 3, 1, 2), two, three);
        fragments("of-256", piece(4, 200, 64, 1), piece(4, 1, 65, 1));
        fragments("without-sense", piece(0, 0, 0), piece(0, 3, 2), piece(0, 1, 1));
        byte[] handshake = {11, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0};
        sequence("anySequenceOfFragments", "handshake", handshake);
        sequence("anySequenceOfFragments", "resume", handshake, new byte[] {12, 0, 0, 14, 0, 0});
        sequence(
                "anySequenceOfFragments",
                "changed",
                new byte[] {11, 0, 0, 6, 0, 7, 1, 60, 7, 0, 33, 0, 0, 14, 0, 0, 0});
    }

    private static void fragments(String name, byte[]... parts) throws IOException {
        write(FragmentsFuzz.class, "fragments", name, join(parts));
    }

    private static byte[] piece(int maker, int number, int total, int... octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(maker);
        out.write(number);
        out.write(total);
        out.write(octets.length);
        for (int octet : octets) {
            out.write(octet);
        }
        return out.toByteArray();
    }

    private static void writeGrid() throws IOException {
        if (Takeover.judge(null, "gw-a", 0, View.NONE)
                instanceof Takeover.Decision.Write(Fields owned, _)) {
            write(ClusterFuzz.class, "aRecordOfTheGrid", "owned", owned.encode());
        }
        Shares.Range range =
                new Shares.Range(
                        InetAddress.ofLiteral("10.9.0.1"), InetAddress.ofLiteral("10.9.0.99"));
        Shares.Share share = new Shares.Share("gw-b", "here", List.of(range));
        write(ClusterFuzz.class, "aRecordOfTheGrid", "share", Shares.encode(share).encode());
        Announcement said =
                new Announcement(
                        "3 a b", "a", Electorate.atStart(2, Set.of("gw-a", "gw-b")), List.of(), 0);
        write(ClusterFuzz.class, "aRecordOfTheGrid", "announcement", said.encode());
        StoredSession session =
                new StoredSession(Octets.ofHex("0102"), 3, Octets.ofHex("aabb"), VoucherFuzz.NOW);
        write(ClusterFuzz.class, "aRecordOfTheGrid", "stored-session", session.encode());
        List<Revocation> revocations =
                List.of(
                        new Revocation.OfIdentity(Identity.fqdn("alice.example"), VoucherFuzz.NOW),
                        new Revocation.OfEverything(VoucherFuzz.NOW));
        byte[] text = RevocationText.write(revocations).getBytes(StandardCharsets.UTF_8);
        write(ClusterFuzz.class, "aGatewaysFile", "revocations", text);
        Nas nas = new Nas("gw-a.example", null);
        byte[] journal = AccountingRecord.gatewayStarted(nas, VoucherFuzz.NOW).encode();
        write(ClusterFuzz.class, "aGatewaysFile", "accounting", journal);
    }

    private static void writeVouchers() throws IOException {
        String claims =
                """
                {"iss":"fqdn:gw-a.example","sub":"fqdn:gw-b.example","aud":"vpn.example",
                "gw":"AQTAAAIC","cnf":{"jkt":"%s"},"iat":%d,"nbf":%d,"exp":%d,"jti":"1"}
                """
                        .formatted(
                                "q".repeat(43),
                                VoucherFuzz.NOW,
                                VoucherFuzz.NOW,
                                VoucherFuzz.NOW + 60);
        byte[] octets = claims.getBytes(StandardCharsets.UTF_8);
        write(VoucherFuzz.class, "claims", "that-hold", octets);
        String nested = "{\"aud\":".repeat(200) + "1" + "}".repeat(200);
        write(VoucherFuzz.class, "claims", "nested", nested.getBytes(StandardCharsets.UTF_8));
        try {
            byte[] token = VoucherFuzz.sign(octets).getBytes(StandardCharsets.US_ASCII);
            Path seed = new FuzzTarget(VoucherFuzz.class.getName(), "aToken").inputs(INTO.get());
            if (!Files.exists(seed.resolve("signed"))) {
                // A signature is another one each time.
                write(VoucherFuzz.class, "aToken", "signed", token);
            }
        } catch (JOSEException e) {
            throw new IllegalStateException("the example key does not sign", e);
        }
        GatewayList.Entry target = new GatewayList.Name("gw-b.example");
        GatewaySwitch order = new GatewaySwitch(GatewaySwitch.Reason.FAILURE, target);
        write(MessageFuzz.class, "anOrderToGo", "switch", order.encode().array());
        byte[] redirect = Redirect.to(target).encode().array();
        write(MessageFuzz.class, "anOrderToGo", "redirect", redirect);
    }

    /// A handshake, then a rekey, a resume, a replay, a change in each message, and garbage.
    private static void writePrograms() throws IOException {
        byte[] handshake = {11, 0, 0, 14, 0, 0, 0};
        program("handshake", handshake);
        program("rekey", handshake, new byte[] {13, 1, 0, 0, 0, 0});
        program("resume", handshake, new byte[] {12, 0, 14, 0, 0, 0, 0});
        program("replay", handshake, new byte[] {12, 6, 0, 6, 0, 14, 0, 0, 0});
        program("late", new byte[] {11, 10, 40, 0, 10, 40, 0, 14, 2, 14, 2});
        program("changed", new byte[] {11, 7, 0, 40, 7, 0, 90, 0, 7, 0, 30, 0, 14, 0, 0});
        program("parked", handshake, new byte[] {13, 5, 0, 0, 12, 0, 14, 0, 0});
    }

    private static void program(String name, byte[]... parts) throws IOException {
        sequence("anySequence", name, parts);
    }

    private static void sequence(String method, String name, byte[]... parts) throws IOException {
        write(EndpointFuzz.class, method, name, join(parts));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] withKind(ResumableSession session) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(session.session().kind() == Session.Kind.ONE_ROUND_TRIP ? 0 : 1);
        out.writeBytes(TicketFormat.encode(session.session()));
        return out.toByteArray();
    }

    static void write(Class<?> type, String method, String name, byte[] octets) throws IOException {
        Path inputs = new FuzzTarget(type.getName(), method).inputs(INTO.get());
        Files.createDirectories(inputs);
        Files.write(inputs.resolve(name), octets);
    }
}
