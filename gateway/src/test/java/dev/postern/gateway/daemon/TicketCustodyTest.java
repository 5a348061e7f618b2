package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.configuration.IdentityText;
import dev.postern.gateway.configuration.Log;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Keys and revocations of a running gateway, and the operator's way to them.
final class TicketCustodyTest {
    private static final String OTHER =
            "key 1112131415161718"
                    + " 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n";

    @TempDir private Path directory = Path.of("");
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final EventLog events =
            new EventLog(
                    new PrintStream(log, true, StandardCharsets.UTF_8),
                    Log.Format.TEXT,
                    Clock.systemUTC(),
                    true);
    private LoopbackGateway files = new LoopbackGateway(directory);
    private final SecureRandom random = new SecureRandom();

    @BeforeEach
    void writeTheKeys() throws IOException {
        files = LoopbackGateway.in(directory);
    }

    @AfterEach
    void nothingIsLeftOver() {
        assertThat(directory.resolve("revocations.new")).doesNotExist();
    }

    private GatewayDaemon start() throws Exception {
        return files.start(
                LoopbackGateway.PEER
                        + """
                        [admin]
                        socket = "gw.sock"
                        revocations = "revocations"
                        """,
                events);
    }

    private List<String> admin(String... words) throws Exception {
        return AdminClient.run(directory.resolve("gw.sock"), List.of(words));
    }

    private String written() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aChangedKeyFileIsTakenUpWithoutAnybodySayingSo() throws Exception {
        try (GatewayDaemon _ = start()) {
            Instant now = Instant.now();
            TgsKeyRotation.rotate(
                    directory.resolve("tgs.keys"),
                    random::nextBytes,
                    now,
                    Duration.ofHours(1),
                    Duration.ofDays(1));
            await(() -> written().contains("tgs-keys-loaded"));
            assertThat(written()).contains("keys=2");
        }
    }

    @Test
    void aBrokenKeyFileKeepsTheOldKeysAndSaysSoWithoutRepeatingAKey() throws Exception {
        try (GatewayDaemon _ = start()) {
            files.write("tgs.keys", LoopbackGateway.TGS_KEY + "key 00 nonsense\n");
            assertThatThrownBy(() -> admin("reload"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("tgs.keys:2")
                    .hasMessageContaining("keys before are kept");
            files.write(
                    "tgs.keys", LoopbackGateway.TGS_KEY.replaceAll("[0-9a-f]{64}", "0".repeat(64)));
            assertThatThrownBy(() -> admin("reload")).isInstanceOf(AdminException.class);
            assertThat(written())
                    .contains("tgs-keys-refused")
                    .doesNotContain("000102030405060708090a0b0c0d0e0f");
            files.write("tgs.keys", LoopbackGateway.TGS_KEY + OTHER);
            assertThat(admin("reload")).containsExactly("TGS keys in the ring: 2");
        }
    }

    @Test
    void aKeyFileThatIsOpenToOthersIsNotTakenUp() throws Exception {
        try (GatewayDaemon _ = start()) {
            Path file = files.write("tgs.keys", LoopbackGateway.TGS_KEY + OTHER);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> admin("reload"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("open to everybody");
        }
    }

    @Test
    void anOperatorWhoParksNobodyIsToldSoAndWhatCanBeNamed() throws Exception {
        try (GatewayDaemon _ = start()) {
            for (String nobody :
                    List.of("client.example", "0x0123456789abcdef", "CN=x y, O=Example")) {
                assertThatThrownBy(() -> admin("park", nobody))
                        .isInstanceOf(AdminException.class)
                        .hasMessageContaining("no session of \"" + nobody + "\" is at this gateway")
                        .hasMessageContaining("ike-sa-established");
            }
            assertThatThrownBy(() -> admin("park", "no-identity!"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("neither the SPI of an IKE SA, 16 hexadecimal digits");
            assertThatThrownBy(() -> admin("park"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("park IDENTITY | park SPI");
        }
    }

    @Test
    void anOperatorSaysWhichFurtherAddressesClientsAreToldOf() throws Exception {
        try (GatewayDaemon _ = start()) {
            assertThat(admin("advertise", "192.0.2.7", "2001:db8::7"))
                    .containsExactly("clients are told of 192.0.2.7, 2001:db8::7");
            assertThat(admin("advertise", "none"))
                    .containsExactly("clients are told of no further address");
            assertThatThrownBy(() -> admin("advertise"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("wanted are 1 to 8 addresses, or none");
            assertThatThrownBy(() -> admin("advertise", "gw.example"))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("\"gw.example\" is no address");
        }
    }

    @Test
    void aRevocationOutlivesARestart() throws Exception {
        String id = "00112233445566778899aabbccddeeff";
        try (GatewayDaemon gateway = start()) {
            assertThat(admin("revoke", "identity", "client.example"))
                    .containsExactly("revoked identity client.example");
            assertThat(admin("revoke", "identity", "CN=x y, O=Example"))
                    .containsExactly("revoked identity CN=x y, O=Example");
            admin("revoke", "session", id);
            admin("revoke", "certificate", "ab".repeat(32));
            admin("revoke", "before", "2026-01-01T00:00:00Z");
            assertThat(admin("revocations")).hasSize(4);
            assertThat(gateway.custody().revocations()).hasSize(4);
        }
        try (GatewayDaemon gateway = start()) {
            assertThat(gateway.custody().revocations())
                    .as("2026-01-01 is longer ago than any ticket is good")
                    .hasSize(4)
                    .anyMatch(one ->
                            one instanceof Revocation.OfSession session
                                    && session.sessionId().equals(Octets.ofHex(id)))
                    .anyMatch(one ->
                            one instanceof Revocation.OfIdentity revoked
                                    && revoked.identity().equals(Identity.fqdn("client.example")))
                    .anyMatch(one ->
                            one instanceof Revocation.OfIdentity revoked
                                    && revoked.identity()
                                            .equals(IdentityText.parse("CN=x y, O=Example")));
        }
    }

    @Test
    void aGatewayThatCannotReadItsRevocationsDoesNotBegin() throws Exception {
        files.write("revocations", "everything 2026-01-01T00:00:00Z\nsession 17\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("revocations:2")
                .hasMessageContaining("everything");
    }

    @Test
    void onlyTheOwnerCanOpenTheAdminSocketAndItGoesWithTheGateway() throws Exception {
        Path socket = directory.resolve("gw.sock");
        try (GatewayDaemon _ = start()) {
            assertThat(Files.getPosixFilePermissions(socket))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThatThrownBy(() -> AdminServer.start(socket, _ -> List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void commandsThatMakeNoSenseAreAnsweredInWords() throws Exception {
        try (GatewayDaemon _ = start()) {
            for (List<String> words :
                    List.of(
                            List.of("destroy"),
                            List.of("revoke"),
                            List.of("revoke", "session", "17"),
                            List.of("revoke", "certificate", "zz".repeat(32)),
                            List.of("revoke", "before", "tomorrow"),
                            List.of("revoke", "before", "2999-01-01T00:00:00Z"),
                            List.of("revoke", "everything", "now"))) {
                assertThatThrownBy(() -> admin(words.toArray(String[]::new)))
                        .as("%s", words)
                        .isInstanceOf(AdminException.class)
                        .hasMessageMatching("(?s).*(legal|wanted|digits).*");
            }
            assertThat(admin("revocations")).isEmpty();
        }
    }
}
