package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Now;
import dev.postern.net.Prefix;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `[leases] file`: a restart gives no client another's address.
final class LeaseFileTest {
    private static final Identity ALICE = Identity.email("alice@example");
    private static final Identity BOB = new Identity(Identity.DER_ASN1_DN, Octets.ofHex("3000"));

    @TempDir private Path directory;
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("leases");
    }

    @Test
    void afterARestartEveryClientGetsTheAddressThatItHad() throws Exception {
        AddressLeases before = leases();
        InetAddress alices;
        InetAddress bobs;
        try (LeaseFile _ = LeaseFile.open(file, before)) {
            alices = hold(before, 1, ALICE);
            bobs = hold(before, 2, BOB);
            before.release(1);
        }

        AddressLeases after = leases();
        try (LeaseFile _ = LeaseFile.open(file, after)) {
            assertThat(hold(after, 3, BOB)).isEqualTo(bobs);
            assertThat(hold(after, 4, Identity.fqdn("new.example"))).isNotEqualTo(alices);
            assertThat(hold(after, 5, ALICE)).isEqualTo(alices);
        }
    }

    @Test
    void twoDevicesUnderOneIdentityBothKeepTheirAddresses() throws Exception {
        AddressLeases before = leases();
        InetAddress second;
        try (LeaseFile _ = LeaseFile.open(file, before)) {
            hold(before, 1, ALICE);
            second = hold(before, 2, ALICE);
        }

        AddressLeases after = leases();
        try (LeaseFile _ = LeaseFile.open(file, after)) {
            hold(after, 3, BOB);
            assertThat(address(after, 2, ALICE, List.of(second))).isEqualTo(second);
            assertThat(after.reservations()).hasSize(3);
        }
    }

    @Test
    void theFileIsForItsOwnerAlone() throws Exception {
        AddressLeases leases = leases();
        try (LeaseFile _ = LeaseFile.open(file, leases)) {
            hold(leases, 1, ALICE);
        }

        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(directory).isDirectoryContaining(path -> path.equals(file));
        assertThat(directory.resolve("leases.new")).doesNotExist();
    }

    @Test
    void whatChangesIsWrittenWhileTheGatewayRuns() throws Exception {
        AddressLeases leases = leases();
        EndpointLoop loop = new EndpointLoop("test", new IdleDriver(), Clock.systemUTC());
        try (loop;
                LeaseFile kept = LeaseFile.open(file, leases)) {
            loop.start(new Nothing());
            CountDownLatch held = new CountDownLatch(1);
            loop.put(_ -> {
                hold(leases, 1, ALICE);
                held.countDown();
                return List.of();
            });
            assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();

            kept.start(loop);

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.notExists(file) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(LeaseText.parse(Files.readString(file)))
                    .isEqualTo(new LeaseText.Parsed.Valid(leases.reservations()));
            loop.close();
        }
    }

    @Test
    void addressesOfNoPoolArePassedOver() throws Exception {
        Files.writeString(file, "192.0.2.7 2 61\n10.9.0.3 2 62\nend 2\n");
        AddressLeases leases = leases();

        try (LeaseFile _ = LeaseFile.open(file, leases)) {
            assertThat(leases.reservations())
                    .isEqualTo(Map.of(InetAddress.ofLiteral("10.9.0.3"), Identity.fqdn("b")));
        }
    }

    @Test
    void aLineThatIsNoLeaseIsNamedAndNothingBegins() throws Exception {
        for (String broken :
                List.of(
                        "10.9.0.1",
                        "10.9.0.1 2 6",
                        "10.9.0.1 x 61",
                        "10.9.0.1 256 61",
                        "gateway.example 2 61",
                        "\u00ff\u00fe 2 61")) {
            Files.writeString(file, "# leases\n" + broken + "\nend 1\n");
            assertThatThrownBy(() -> LeaseFile.open(file, leases()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ":2: ")
                    .hasMessageContaining("is no lease; legal is")
                    .hasMessageContaining("mend the line, or remove the file");
        }
    }

    @Test
    void oneAddressForTwoIsRefused() throws Exception {
        Files.writeString(file, "10.9.0.1 2 61\n10.9.0.1 2 62\nend 2\n");
        assertThatThrownBy(() -> LeaseFile.open(file, leases()))
                .hasMessageStartingWith(file + ":2: ");
    }

    @Test
    void aFileThatWasCutOffIsRefused() throws Exception {
        Files.writeString(file, "10.9.0.1 2 61\n");
        assertThatThrownBy(() -> LeaseFile.open(file, leases())).hasMessageContaining("cut off");

        Files.writeString(file, "10.9.0.1 2 61\nend 2\n");
        assertThatThrownBy(() -> LeaseFile.open(file, leases()))
                .hasMessageContaining("there are 1 leases before the line \"end 2\"");
    }

    @Test
    void anIdentityOfAnyOctetsSurvives() {
        Map<InetAddress, Identity> odd =
                Map.of(
                        InetAddress.ofLiteral("2001:db8::1"),
                        new Identity(Identity.FQDN, Octets.EMPTY));

        assertThat(LeaseText.parse(LeaseText.write(odd)))
                .isEqualTo(new LeaseText.Parsed.Valid(odd));
        Map<InetAddress, Identity> lines =
                Map.of(InetAddress.ofLiteral("10.9.0.1"), Identity.fqdn("a\nend 0\n"));
        assertThat(LeaseText.parse(LeaseText.write(lines)))
                .isEqualTo(new LeaseText.Parsed.Valid(lines));
    }

    private static AddressLeases leases() {
        return new AddressLeases(
                Map.of(
                        "clients",
                        List.of(
                                new Pool(
                                        "clients",
                                        Prefix.parse("10.9.0.0/24"),
                                        new AddressRange(
                                                InetAddress.ofLiteral("10.9.0.1"),
                                                InetAddress.ofLiteral("10.9.0.9")),
                                        List.of()))));
    }

    private static InetAddress hold(AddressLeases leases, int session, Identity identity) {
        InetAddress address = address(leases, session, identity, List.of());
        leases.hold(session, id(session), identity, List.of(address), 0);
        return address;
    }

    private static InetAddress address(
            AddressLeases leases, int session, Identity identity, List<InetAddress> wanted) {
        Answer answer =
                leases.lease(
                        new Ask.LeaseAddresses(
                                "clients", id(session), identity, wanted, true, false),
                        0);
        assertThat(answer).isInstanceOf(Answer.AddressesLeased.class);
        return ((Answer.AddressesLeased) answer).addresses().getFirst();
    }

    private static Octets id(int session) {
        byte[] octets = new byte[16];
        octets[15] = (byte) session;
        return Octets.of(octets);
    }

    private static final class Nothing implements EndpointLoop.Effects {
        @Override
        public void carryOut(Now now, Effect effect) {}

        @Override
        public void flush() {}
    }
}
