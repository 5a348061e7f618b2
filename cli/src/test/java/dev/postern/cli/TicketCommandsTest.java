package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.SuiteNames;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// `postern ticket inspect` and `postern tgs-key rotate`.
class TicketCommandsTest {
    /// Far in the future, so that the machine's clock does not matter.
    private static final long LATER = 4_000_000_000L;

    private static final long PAST = 1_767_225_600L;
    private static final byte[] RS = new byte[48];
    private static final TgsKey KEY = TgsKey.generate(new Random(7)::nextBytes, 0);
    private static final TgsKey OTHER = TgsKey.generate(new Random(8)::nextBytes, 0);

    static {
        new Random(9).nextBytes(RS);
    }

    @TempDir private Path directory = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeTheKeys() throws IOException {
        write("tgs.keys", TgsKeyFile.write(TgsKeyRing.of(List.of(KEY))));
        write("other.keys", TgsKeyFile.write(TgsKeyRing.of(List.of(OTHER))));
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private int inspect(String keys, String ticket, String input) {
        TicketInspectCommand command = new TicketInspectCommand();
        command.in = new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII));
        return run(command, ticket, "--key", directory.resolve(keys).toString());
    }

    private int run(Object command, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static Octets ticket(Session.Kind kind, long expiresAt, long hardDeadline) {
        InetAddress inner = InetAddress.ofLiteral("10.9.0.7");
        Session session =
                new Session(
                        kind,
                        Octets.ofHex("00112233445566778899aabbccddeeff"),
                        1,
                        3,
                        Identity.fqdn("laptop.example"),
                        Identity.fqdn("gw-a.example"),
                        Identity.email("alice@example"),
                        SuiteNames.ikeSuite("aes256gcm16-prfsha384-x25519").toProposal(1),
                        SecretBytes.copyOf(RS),
                        kind == Session.Kind.RFC_5723 ? Octets.EMPTY : Octets.of(new byte[48]),
                        List.of(
                                new SessionChildSa(
                                        SuiteNames.espSuite("aes256gcm16")
                                                .toProposal(1, Octets.EMPTY),
                                        List.of(TrafficSelector.host(inner)),
                                        List.of(TrafficSelector.host(inner)),
                                        false,
                                        true)),
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.of(inner.getAddress())),
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_SUBNET,
                                        Octets.ofHex("0a010000ffff0000")),
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP6_SUBNET,
                                        Octets.ofHex("20010db800000000000000000000000030"))),
                        2,
                        PAST - 100,
                        PAST - 50,
                        expiresAt,
                        hardDeadline,
                        "staff",
                        "vpn.example",
                        Session.Extension.FAILOVER_VENDOR_ID,
                        Octets.EMPTY,
                        List.of(
                                Octets.ofHex("1906636c6173"),
                                Octets.ofHex("0b077374616666"),
                                Octets.ofHex("1b0600000e10")),
                        List.of());
        SealResult result =
                new SealedTickets(TgsKeyRing.of(List.of(KEY)))
                        .seal(session, new Random(1)::nextBytes);
        if (result instanceof SealResult.Sealed(Octets ticket)) {
            return ticket;
        }
        throw new AssertionError(result);
    }

    private static Octets good() {
        return ticket(Session.Kind.ONE_ROUND_TRIP, LATER, 0);
    }

    @Test
    void aTicketIsExplainedInWordsAndItsSecretIsNotShown() {
        assertThat(inspect("tgs.keys", good().hex(), "")).isZero();
        String text = out.toString();
        assertThat(text)
                .contains("1-RTT resume")
                .contains("laptop.example")
                .contains("authenticated as alice@example")
                .contains("a shared key")
                .contains("gw-a.example of the domain vpn.example under the profile staff")
                .contains("gateway switch count 3 of 15")
                .contains("; the resume itself restores it.")
                .contains("aes256gcm16-prfsha384-x25519")
                .contains("inner address is 10.9.0.7")
                .contains("Behind the gateway is 10.1.0.0/16.")
                .contains("Behind the gateway is 2001:db8:0:0:0:0:0:0/48.")
                .contains("RADIUS Class: 636c6173.")
                .contains("RADIUS Filter-Id: staff.")
                .contains("RADIUS Session-Timeout: 3600 s.")
                .doesNotContain(Octets.of(RS).hex().substring(0, 16));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void itIsReadFromStandardInputAsHexadecimalDigitsOrBase64() {
        String base64 = Base64.getMimeEncoder().encodeToString(good().array());
        assertThat(inspect("tgs.keys", "-", base64)).isZero();
        assertThat(inspect("tgs.keys", "-", good().hex() + "\n")).isZero();
        String url = Base64.getUrlEncoder().encodeToString(good().array());
        assertThat(inspect("tgs.keys", url, "")).isZero();
    }

    @Test
    void theOtherKindIsNamed() {
        Octets ticket = ticket(Session.Kind.RFC_5723, LATER, 0);
        assertThat(inspect("tgs.keys", ticket.hex(), "")).isZero();
        assertThat(out.toString())
                .contains("RFC 5723 (exchange 38) and holds SK_d, which is not")
                .contains("generation 1.")
                .contains("a resume negotiates its own.")
                .doesNotContain("switch count")
                .doesNotContain("the resume itself restores it");
    }

    @Test
    void anExpiredTicketIsExplainedAndSaidToBeExpired() {
        Octets ticket = ticket(Session.Kind.ONE_ROUND_TRIP, PAST - 1, PAST - 2);
        assertThat(inspect("tgs.keys", ticket.hex(), "")).isEqualTo(1);
        assertThat(out.toString()).contains("alice@example");
        assertThat(err.toString()).contains("has expired").contains("hard deadline has passed");
    }

    @Test
    void aTicketOfAnotherKeyNamesTheKeyThatIsMissing() {
        assertThat(inspect("other.keys", good().hex(), "")).isEqualTo(1);
        assertThat(err.toString()).contains("has no key").contains(good().slice(0, 8).hex());
    }

    @Test
    void aTicketThatIsCutOffOrChangedSaysSo() {
        assertThat(inspect("tgs.keys", good().slice(0, 30).hex(), "")).isEqualTo(1);
        assertThat(err.toString()).contains("cut off").contains("30 octets");
        assertThat(inspect("tgs.keys", good().slice(0, 100).hex(), "")).isEqualTo(1);
        assertThat(err.toString()).contains("does not verify");
        byte[] version = good().array().clone();
        version[8] = 9;
        assertThat(inspect("tgs.keys", Octets.of(version).hex(), "")).isEqualTo(1);
        assertThat(err.toString()).contains("version 9");
    }

    @Test
    void aTicketByReferenceIsSaidToBeOneAndNotToBeCutOff() {
        SessionReference record =
                new SessionReference(Octets.ofHex("00112233445566778899aabbccddeeff"));
        Octets reference =
                new SealedTickets(TgsKeyRing.of(List.of(KEY))).sealReference(record, PAST);
        assertThat(reference).isNotNull();
        if (reference != null) {
            assertThat(inspect("tgs.keys", reference.hex(), "")).isZero();
            assertThat(out.toString())
                    .contains("by reference for RFC 5723")
                    .contains(record.toString());
            assertThat(inspect("other.keys", reference.hex(), "")).isEqualTo(1);
            assertThat(err.toString()).contains("has no key").doesNotContain("cut off");
            byte[] changed = reference.array().clone();
            changed[40] ^= 1;
            assertThat(inspect("tgs.keys", Octets.of(changed).hex(), "")).isEqualTo(1);
            assertThat(err.toString()).contains("tag does not verify");
        }
        assertThat(inspect("tgs.keys", record.toString(), "")).isZero();
        assertThat(out.toString()).contains("SPI pair 0011223344556677, 8899aabbccddeeff");
    }

    @Test
    void anInputWithoutEndIsRefusedAndNotReadToItsEnd() {
        assertThat(inspect("tgs.keys", "-", "00".repeat(600_000))).isEqualTo(2);
        assertThat(err.toString()).contains("more than 1048576 octets");
        assertThat(inspect("tgs.keys", "-", "00".repeat(10_000))).isEqualTo(1);
        assertThat(err.toString()).contains("longer than any ticket");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        for (String nothing : new String[] {"", "\n", " \t\r\n"}) {
            assertThat(inspect("tgs.keys", "-", nothing)).isEqualTo(2);
            assertThat(err.toString()).contains("standard input is empty");
            assertThat(out.toString()).isEmpty();
        }
    }

    /// Whatever the length, one line says what is the matter, and nothing is thrown.
    @Test
    void aTicketThatIsCutOffAnywhereIsExplained() {
        Octets whole = good();
        for (int length = 1; length < whole.length(); length++) {
            boolean pair = length == SessionReference.LENGTH;
            assertThat(inspect("tgs.keys", whole.slice(0, length).hex(), ""))
                    .as("%s octets", length)
                    .isEqualTo(pair ? 0 : 1);
            assertThat(err.toString().lines()).hasSize(pair ? 0 : 1);
            assertThat(out.toString().contains("SPI pair")).isEqualTo(pair);
        }
    }

    @Test
    void aKeyFileWithoutAKeyIsNamed() throws IOException {
        write("empty.keys", "");
        assertThat(inspect("empty.keys", good().hex(), "")).isEqualTo(2);
        assertThat(err.toString()).contains("empty.keys:1");
    }

    @Test
    void whatIsNoTicketAtAllIsWrongUsage() {
        assertThat(inspect("tgs.keys", "%%%", "")).isEqualTo(2);
        assertThat(err.toString()).contains("neither hexadecimal digits nor Base64");
        assertThat(inspect("missing.keys", good().hex(), "")).isEqualTo(2);
    }

    @Test
    void aRotationAddsAKeyThatIssuesLaterAndKeepsTheOldOneForTheOverlap() throws IOException {
        String file = directory.resolve("tgs.keys").toString();
        assertThat(run(new TgsKeyRotateCommand(), file, "--issue-in", "2h", "--overlap", "1d"))
                .isZero();
        assertThat(out.toString()).contains("issues from").contains("Copy the file");
        String text = Files.readString(directory.resolve("tgs.keys"));
        assertThat(text.lines().filter(line -> line.startsWith("key "))).hasSize(2);
        assertThat(text).contains("accept-until");
    }

    @Test
    void aScheduledRotationDoesNothingBeforeItIsDue() throws IOException {
        String file = directory.resolve("tgs.keys").toString();
        String[] daily = {file, "--every", "1d", "--issue-in", "1h", "--overlap", "8h"};
        assertThat(run(new TgsKeyRotateCommand(), daily)).isZero();
        String first = Files.readString(directory.resolve("tgs.keys"));
        assertThat(run(new TgsKeyRotateCommand(), daily)).isZero();
        assertThat(out.toString()).contains("not due");
        assertThat(Files.readString(directory.resolve("tgs.keys"))).isEqualTo(first);
    }

    @Test
    void thereIsNothingToRotateInAFileThatIsNotThere() {
        assertThat(run(new TgsKeyRotateCommand(), directory.resolve("nothing").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--append");
    }
}
