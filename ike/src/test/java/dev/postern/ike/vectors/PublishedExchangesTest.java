package dev.postern.ike.vectors;

import static dev.postern.ike.vectors.IndependentReader.AUTH;
import static dev.postern.ike.vectors.IndependentReader.IDI;
import static dev.postern.ike.vectors.IndependentReader.IDR;
import static dev.postern.ike.vectors.IndependentReader.KE;
import static dev.postern.ike.vectors.IndependentReader.KEY_AND_SALT;
import static dev.postern.ike.vectors.IndependentReader.NONCE;
import static dev.postern.ike.vectors.IndependentReader.PRF;
import static dev.postern.ike.vectors.IndependentReader.ascii;
import static dev.postern.ike.vectors.IndependentReader.body;
import static dev.postern.ike.vectors.IndependentReader.clear;
import static dev.postern.ike.vectors.IndependentReader.counted;
import static dev.postern.ike.vectors.IndependentReader.cut;
import static dev.postern.ike.vectors.IndependentReader.exchange;
import static dev.postern.ike.vectors.IndependentReader.keys;
import static dev.postern.ike.vectors.IndependentReader.notified;
import static dev.postern.ike.vectors.IndependentReader.octet;
import static dev.postern.ike.vectors.IndependentReader.open;
import static dev.postern.ike.vectors.IndependentReader.prf;
import static dev.postern.ike.vectors.IndependentReader.prfPlus;
import static dev.postern.ike.vectors.IndependentReader.referenceTag;
import static dev.postern.ike.vectors.IndependentReader.secret;
import static dev.postern.ike.vectors.IndependentReader.sessionHash;
import static dev.postern.ike.vectors.IndependentReader.sha256;
import static dev.postern.ike.vectors.IndependentReader.sha384;
import static dev.postern.ike.vectors.IndependentReader.spiI;
import static dev.postern.ike.vectors.IndependentReader.spiR;
import static dev.postern.ike.vectors.IndependentReader.switchCount;
import static dev.postern.ike.vectors.IndependentReader.ticket;
import static dev.postern.ike.vectors.IndependentReader.ticketSwitchCount;
import static dev.postern.ike.vectors.IndependentReader.x25519;
import static dev.postern.ike.vectors.IndependentReader.x25519PublicKey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// docs/vectors/exchanges.txt says what the text of docs/protocol.md says, and so does what this
/// code sends today.
@ParameterizedClass(name = "{0}")
@MethodSource("texts")
class PublishedExchangesTest {
    private static final int IKEV2_TICKET = 61443;
    private static final int IKE_SPI_PAIR = 61444;
    private static final int TICKET_OPAQUE = 16413;
    private static final int TICKET_LT_OPAQUE = 16409;
    private static final int TICKET_NACK = 16412;

    private final List<String> lines;

    PublishedExchangesTest(String name, String text) {
        assertThat(name).isNotEmpty();
        this.lines = text.lines().toList();
    }

    static Stream<Object[]> texts() throws IOException {
        return Stream.of(
                new Object[] {"published", Files.readString(ExchangeVectors.FILE)},
                new Object[] {"of this code", ExchangeVectors.generate()});
    }

    @Test
    void theSameSeedMakesTheSameVectors() {
        assertThat(ExchangeVectors.generate()).isEqualTo(ExchangeVectors.generate());
    }

    /// Whoever changes what is sent runs `main` of [ExchangeVectors] in the directory of this
    /// module and looks at what has become different.
    @Test
    void theFileHoldsToTheOctetWhatThisCodeSends() throws IOException {
        assertThat(Files.readString(ExchangeVectors.FILE)).isEqualTo(ExchangeVectors.generate());
    }

    private byte[] value(String section, String name) {
        int from = section.isEmpty() ? 0 : lines.indexOf("[" + section + "]");
        assertThat(from).as(section).isNotNegative();
        return lines.stream()
                .skip(from)
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> HexFormat.of().parseHex(line.substring(name.length() + 1)))
                .orElseThrow(() -> new AssertionError("no " + name + " in " + section));
    }

    private List<byte[]> drawn(String section) {
        return lines.stream()
                .skip(lines.indexOf("[" + section + "]"))
                .filter(line -> line.startsWith("client-drew "))
                .map(line -> HexFormat.of().parseHex(line.substring("client-drew ".length())))
                .toList();
    }

    private byte[] tgsKey() {
        return value("", "tgs-key");
    }

    /// The ticket in the data of a notification: a lifetime stands before it.
    private static byte[] withoutLifetime(byte[] data) {
        return cut(data, 4, data.length - 4);
    }

    private static byte[] fqdn(String name) {
        return IndependentReader.join(new byte[] {2, 0, 0, 0}, ascii(name));
    }

    @Test
    void theFullExchangeYieldsATicketWhoseSecretIsBoundToItsMessages() {
        String section = "full exchange with a ticket";
        byte[] request = value(section, "ike_sa_init-request");
        byte[] response = value(section, "ike_sa_init-response");
        byte[] ni = body(clear(request), NONCE);
        byte[] nr = body(clear(response), NONCE);
        byte[] keR = body(clear(response), KE);
        byte[] shared = x25519(value(section, "x25519"), cut(keR, 4, 32));
        IndependentReader.Keys keys =
                keys(
                        prf(IndependentReader.join(ni, nr), shared),
                        ni,
                        nr,
                        spiI(response),
                        spiR(response));
        List<IndependentReader.Part> auth = open(value(section, "ike_auth-request"), keys.skEi());
        byte[] idI = body(auth, IDI);
        byte[] psk = prf(value("", "psk"), ascii("Key Pad for IKEv2"));
        assertThat(cut(body(auth, AUTH), 4, PRF))
                .isEqualTo(prf(psk, request, nr, prf(keys.skPi(), idI)));

        List<IndependentReader.Part> answer =
                open(value(section, "ike_auth-response"), keys.skEr());
        List<IndependentReader.Part> ticket =
                ticket(withoutLifetime(notified(answer, IKEV2_TICKET)), tgsKey(), 1);
        byte[] sh =
                sha384(
                        ascii("IKEv2 failover SH"),
                        counted(request),
                        counted(response),
                        counted(idI),
                        counted(body(answer, IDR)),
                        counted(new byte[0]));
        assertThat(sessionHash(ticket)).isEqualTo(sh);
        assertThat(secret(ticket))
                .isEqualTo(prfPlus(keys.skD(), PRF, ascii("IKEv2 failover RS"), sh));
        assertThat(ticketSwitchCount(ticket)).isZero();
        assertThat(body(ticket, IDI)).isEqualTo(idI);
    }

    @Test
    void aResumeWithoutKeyExchangeOpensFromItsTicketAlone() {
        checkResume("resume without KE", false);
    }

    @Test
    void aResumeWithKeyExchangeMixesInTheSharedSecret() {
        checkResume("resume with KE", true);
    }

    private void checkResume(String section, boolean withKe) {
        byte[] request = value(section, "request");
        byte[] response = value(section, "response");
        assertThat(exchange(request)).isEqualTo(240);
        assertThat(switchCount(request)).isEqualTo(1);
        List<IndependentReader.Part> old =
                ticket(withoutLifetime(notified(clear(request), IKEV2_TICKET)), tgsKey(), 1);
        byte[] rs = secret(old);
        byte[] spiI = spiI(request);
        byte[] spiR = spiR(response);
        byte[] gsc = octet(switchCount(request));
        List<IndependentReader.Part> asked =
                open(request, prfPlus(rs, KEY_AND_SALT, ascii("resume request"), spiI, gsc));
        List<IndependentReader.Part> answer =
                open(
                        response,
                        prfPlus(rs, KEY_AND_SALT, ascii("resume response"), spiI, spiR, gsc));
        byte[] ni = body(asked, NONCE);
        byte[] nr = body(answer, NONCE);
        byte[] keI = withKe ? body(asked, KE) : new byte[0];
        byte[] keR = withKe ? body(answer, KE) : new byte[0];
        byte[] shared = withKe ? shared(section, keI, keR) : new byte[0];
        byte[] skeyseed = prf(rs, ascii("resume SKEYSEED"), octet(withKe ? 1 : 0), shared, ni, nr);
        IndependentReader.Keys keys = keys(skeyseed, ni, nr, spiI, spiR);
        assertThat(open(value(section, "confirmation"), keys.skEi()))
                .as("an empty INFORMATIONAL")
                .isEmpty();

        List<IndependentReader.Part> next =
                ticket(withoutLifetime(notified(answer, IKEV2_TICKET)), tgsKey(), 1);
        byte[] sh =
                sha384(
                        ascii("IKEv2 failover SH resume"),
                        sessionHash(old),
                        spiI,
                        spiR,
                        gsc,
                        ni,
                        nr,
                        counted(keI),
                        counted(keR),
                        counted(body(old, IDI)),
                        counted(body(answer, IDR)));
        assertThat(sessionHash(next)).isEqualTo(sh);
        assertThat(secret(next))
                .isEqualTo(prfPlus(keys.skD(), PRF, ascii("IKEv2 failover RS"), sh));
        assertThat(ticketSwitchCount(next)).isEqualTo(1);
        assertThat(body(answer, IDR)).isEqualTo(fqdn("gw-b.example"));
    }

    private byte[] shared(String section, byte[] keI, byte[] keR) {
        for (byte[] scalar : drawn(section)) {
            if (Arrays.equals(x25519PublicKey(scalar), cut(keI, 4, 32))) {
                return x25519(scalar, cut(keR, 4, 32));
            }
        }
        throw new AssertionError("KEi belongs to no private key of the client");
    }

    @Test
    void aResumeByReferenceOpensFromTheRecordThatItNames() {
        String section = "resume by reference";
        byte[] request = value(section, "request");
        byte[] response = value(section, "response");
        assertThat(notified(clear(request), IKE_SPI_PAIR)).hasSize(16);
        assertThat(clear(request)).noneMatch(part -> part.notifyType() == IKEV2_TICKET);
        byte[] rs = secret(ticket(value(section, "record"), tgsKey(), 1));
        byte[] spiI = spiI(request);
        byte[] spiR = spiR(response);
        byte[] gsc = octet(switchCount(request));
        List<IndependentReader.Part> asked =
                open(request, prfPlus(rs, KEY_AND_SALT, ascii("resume request"), spiI, gsc));
        List<IndependentReader.Part> answer =
                open(
                        response,
                        prfPlus(rs, KEY_AND_SALT, ascii("resume response"), spiI, spiR, gsc));
        assertThat(value(section, "claim")).isEqualTo(sha256(body(answer, IDR), request));
        byte[] ni = body(asked, NONCE);
        byte[] nr = body(answer, NONCE);
        byte[] skeyseed = prf(rs, ascii("resume SKEYSEED"), octet(0), ni, nr);
        IndependentReader.Keys keys = keys(skeyseed, ni, nr, spiI, spiR);
        assertThat(open(value(section, "confirmation"), keys.skEi())).isEmpty();
        byte[] next = notified(open(value(section, "next-reference"), keys.skEr()), IKE_SPI_PAIR);
        assertThat(withoutLifetime(next)).isEqualTo(IndependentReader.join(spiI, spiR));
    }

    @Test
    void exchange38AndItsIkeAuthOpenFromTheirTicket() {
        String section = "RFC 5723";
        byte[] request = value(section, "ike_session_resume-request");
        byte[] skD = secret(ticket(notified(clear(request), TICKET_OPAQUE), tgsKey(), 2));
        IndependentReader.Keys keys = checkOpaqueResume(section, skD);
        List<IndependentReader.Part> answer =
                open(value(section, "ike_auth-response"), keys.skEr());
        byte[] next = withoutLifetime(notified(answer, TICKET_LT_OPAQUE));
        assertThat(secret(ticket(next, tgsKey(), 2))).isEqualTo(keys.skD());
    }

    @Test
    void exchange38ByReferenceOpensFromTheRecordThatItNames() {
        String section = "RFC 5723 by reference";
        checkReference(
                notified(clear(value(section, "ike_session_resume-request")), TICKET_OPAQUE));
        IndependentReader.Keys keys =
                checkOpaqueResume(section, secret(ticket(value(section, "record"), tgsKey(), 2)));
        List<IndependentReader.Part> answer =
                open(value(section, "ike_auth-response"), keys.skEr());
        checkReference(withoutLifetime(notified(answer, TICKET_LT_OPAQUE)));
    }

    private void checkReference(byte[] ticket) {
        assertThat(ticket).hasSize(41);
        assertThat(cut(ticket, 0, 8)).isEqualTo(value("", "tgs-spi"));
        assertThat(ticket[8]).isEqualTo((byte) 2);
        assertThat(cut(ticket, 25, 16)).isEqualTo(referenceTag(tgsKey(), cut(ticket, 9, 16)));
    }

    /// What IKE_AUTH goes under.
    private IndependentReader.Keys checkOpaqueResume(String section, byte[] skD) {
        byte[] request = value(section, "ike_session_resume-request");
        byte[] response = value(section, "ike_session_resume-response");
        assertThat(exchange(request)).isEqualTo(38);
        byte[] ni = body(clear(request), NONCE);
        byte[] nr = body(clear(response), NONCE);
        // RFC 5723 section 5.1.
        byte[] skeyseed = prf(skD, ascii("Resumption"), ni, nr);
        IndependentReader.Keys keys = keys(skeyseed, ni, nr, spiI(response), spiR(response));
        List<IndependentReader.Part> auth = open(value(section, "ike_auth-request"), keys.skEi());
        assertThat(cut(body(auth, AUTH), 4, PRF))
                .isEqualTo(prf(keys.skPi(), request, nr, prf(keys.skPi(), body(auth, IDI))));
        List<IndependentReader.Part> answer =
                open(value(section, "ike_auth-response"), keys.skEr());
        assertThat(cut(body(answer, AUTH), 4, PRF))
                .isEqualTo(prf(keys.skPr(), response, ni, prf(keys.skPr(), body(answer, IDR))));
        return keys;
    }

    @Test
    void aTicketThatDoesNotOpenIsRefusedInClearText() {
        byte[] response = value("refusal of a ticket that does not open", "response");
        assertThat(spiR(response)).containsOnly(0);
        assertThat(clear(response))
                .extracting(IndependentReader.Part::notifyType)
                .containsExactly(TICKET_NACK);
    }

    @Test
    void aTicketThatHasExpiredIsRefusedUnderSk() {
        String section = "refusal of a ticket that has expired";
        byte[] request = value(section, "request");
        byte[] response = value(section, "response");
        byte[] rs =
                secret(
                        ticket(
                                withoutLifetime(notified(clear(request), IKEV2_TICKET)),
                                tgsKey(),
                                1));
        byte[] key =
                prfPlus(
                        rs,
                        KEY_AND_SALT,
                        ascii("resume response"),
                        spiI(request),
                        spiR(response),
                        octet(1));
        assertThat(open(response, key))
                .extracting(IndependentReader.Part::notifyType)
                .containsExactly(TICKET_NACK);
    }
}
