package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The published vector, `ticket.vector`: written by this implementation and by no change of it
/// altered, and read by [IndependentDecoder].
class Section_4_1_4_VectorTest {
    private static final Map<String, String> VECTOR = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        Section_4_1_4_VectorTest.class.getResourceAsStream("ticket.vector"))) {
            String name = "";
            for (String line :
                    new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.startsWith(" ")) {
                    VECTOR.merge(name, line.strip(), String::concat);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    String[] words = line.split(" ", 2);
                    name = words[0];
                    VECTOR.put(name, words.length == 1 ? "" : words[1]);
                }
            }
        }
    }

    @Test
    void theSessionSealsToTheTicketOfTheVector() {
        Octets ticket =
                Sessions.ticket(
                        sealer().seal(
                                        PublishedSession.get(),
                                        salt ->
                                                System.arraycopy(
                                                        octets("salt").array(), 0, salt, 0, 16)));
        assertThat(ticket).isEqualTo(octets("ticket"));
    }

    @Test
    void theTicketOpensToTheSessionOfTheVector() {
        assertThat(sealer().open(octets("ticket"), Session.Kind.ONE_ROUND_TRIP))
                .isInstanceOfSatisfying(
                        OpenedTicket.class,
                        opened -> assertThat(opened.session()).isEqualTo(PublishedSession.get()));
    }

    @Test
    void theChainOfTheVectorIsTheSessionAsAStoreKeepsIt() throws MalformedException {
        assertThat(Octets.of(TicketFormat.encode(PublishedSession.get())))
                .isEqualTo(octets("chain"));
        assertThat(TicketFormat.decode(octets("chain"), Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(PublishedSession.get());
    }

    @Test
    void anotherImplementationDerivesTheSameKeys() throws GeneralSecurityException {
        byte[] derived =
                IndependentDecoder.derive(octets("tgs-key").array(), octets("salt").array(), 1, 1);
        assertThat(Octets.of(derived)).isEqualTo(octets("derived"));
    }

    @Test
    void anotherImplementationOpensTheTicket() throws GeneralSecurityException {
        byte[] chain =
                IndependentDecoder.open(octets("ticket").array(), octets("tgs-key").array(), 1);
        assertThat(withoutZeros(chain, octets("chain").length())).isEqualTo(octets("chain"));
    }

    @Test
    void anotherImplementationReadsEveryField() {
        Map<String, String> wanted = new LinkedHashMap<>(VECTOR);
        wanted.keySet()
                .removeAll(
                        List.of(
                                "tgs-spi", "tgs-key", "kind", "salt", "derived", "chain",
                                "ticket"));
        assertThat(IndependentDecoder.fields(IndependentDecoder.payloads(octets("chain").array())))
                .containsExactlyInAnyOrderEntriesOf(wanted);
    }

    @Test
    void anotherImplementationSeesThePayloadsInTheirOrder() {
        List<IndependentDecoder.Raw> payloads =
                IndependentDecoder.payloads(octets("chain").array());
        // IDi, IDr, SA, SESSION, AUTHENTICATED_IDENTITY, CP; SA, TSi, TSr, USE_TRANSPORT_MODE;
        // SA; AAA_ATTRIBUTES, and the one that is not known.
        assertThat(payloads.stream().map(IndependentDecoder.Raw::type).toList())
                .containsExactly(35, 36, 33, 41, 41, 47, 33, 44, 45, 41, 33, 41, 222);
        assertThat(
                        payloads.stream()
                                .map(IndependentDecoder.Raw::notifyType)
                                .filter(n -> n > 0)
                                .toList())
                .containsExactly(61696, 61697, 16391, 61698);
    }

    @Test
    void anotherImplementationOpensEveryTicketOfThisOne() throws GeneralSecurityException {
        for (long seed = 0; seed < 100; seed++) {
            Session session = Sessions.any(new java.util.Random(seed));
            Octets ticket = Sessions.ticket(sealer().seal(session, Sessions.entropy(seed)));
            byte[] chain =
                    IndependentDecoder.open(
                            ticket.array(), octets("tgs-key").array(), session.kind().code());
            byte[] bare = TicketFormat.encode(session);
            assertThat(withoutZeros(chain, bare.length))
                    .as("seed %d", seed)
                    .isEqualTo(Octets.of(bare));
            assertThat(IndependentDecoder.fields(IndependentDecoder.payloads(bare)))
                    .containsEntry("rs", IndependentDecoder.hex(session.secret().expose()))
                    .containsEntry("domain", session.domain());
        }
    }

    /// The chain, with at most 63 zeros behind it.
    private static Octets withoutZeros(byte[] padded, int length) {
        assertThat(padded.length - length).isBetween(0, 63);
        assertThat(Arrays.copyOfRange(padded, length, padded.length)).containsOnly(0);
        return Octets.of(Arrays.copyOf(padded, length));
    }

    private static SealedTickets sealer() {
        TgsKey key =
                new TgsKey(
                        octets("tgs-spi").toLong(0),
                        SecretBytes.copyOf(octets("tgs-key").array()),
                        0,
                        TgsKey.UNLIMITED);
        return Sessions.sealer(key);
    }

    private static Octets octets(String name) {
        return Octets.ofHex(Objects.requireNonNull(VECTOR.get(name), name));
    }
}
