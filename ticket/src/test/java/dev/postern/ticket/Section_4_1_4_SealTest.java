package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.AesGcm;
import dev.postern.crypto.Hkdf;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// The seal around the chain: who can open what, and what happens to everything else.
class Section_4_1_4_SealTest {
    private static final TgsKey KEY = Sessions.key(1);
    private static final SealedTickets SEALER = Sessions.sealer(KEY);

    @Test
    void everySessionOpensAsItWasSealed() {
        for (long seed = 0; seed < 500; seed++) {
            Session session = Sessions.any(new Random(seed));
            Octets ticket = Sessions.ticket(SEALER.seal(session, Sessions.entropy(seed)));
            assertThat(opened(SEALER.open(ticket, session.kind())))
                    .as("seed %d", seed)
                    .isEqualTo(session);
        }
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).array();
        for (int bit = 0; bit < ticket.length * 8; bit++) {
            byte[] flipped = ticket.clone();
            flipped[bit >>> 3] ^= (byte) (1 << (bit & 7));
            TicketRefusal wanted =
                    bit < 64
                            ? TicketRefusal.UNKNOWN_KEY
                            : bit < 72
                                    ? TicketRefusal.UNKNOWN_VERSION
                                    : TicketRefusal.NOT_AUTHENTIC;
            assertRefused(flipped, wanted);
        }
    }

    /// Threat 3: whichever octet of salt, session and tag is wrong, the same is done before it is
    /// refused. Memory that is taken on the way stands for work, because it can be counted; the
    /// compiler may change code in the middle of a pass, so one pass of all octets has to show it.
    @Test
    void threat03AWrongOctetCostsTheSameWorkWhereverItIs() {
        byte[] ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).array();
        Set<Long> costs = Set.of();
        for (int pass = 0; pass < 500 && costs.size() != 1; pass++) {
            costs = new HashSet<>();
            for (int at = SealedTickets.SALT_OFFSET; at < ticket.length; at++) {
                byte[] wrong = ticket.clone();
                wrong[at] ^= 1;
                costs.add(allocatedByOpening(Octets.of(wrong)));
            }
        }
        assertThat(costs).hasSize(1);
        assertThat(costs.iterator().next()).isGreaterThan(ticket.length);
    }

    private static long allocatedByOpening(Octets ticket) {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        OpenResult result = SEALER.open(ticket, Session.Kind.ONE_ROUND_TRIP);
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(result).isEqualTo(new OpenResult.Refused(TicketRefusal.NOT_AUTHENTIC));
        return after - before;
    }

    @Test
    void everyPrefixIsRefused() {
        byte[] ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).array();
        for (int length = 0; length < ticket.length; length++) {
            assertRefused(
                    Arrays.copyOf(ticket, length),
                    length <= 41 ? TicketRefusal.MALFORMED : TicketRefusal.NOT_AUTHENTIC);
        }
    }

    @Test
    void trailingOctetsAreRefused() {
        byte[] ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).array();
        assertRefused(Arrays.copyOf(ticket, ticket.length + 1), TicketRefusal.NOT_AUTHENTIC);
    }

    @Test
    void aTicketBeyondTheMaximumLengthIsRefusedBeforeItsKeyIsLookedAt() {
        assertRefused(new byte[SealedTickets.MAXIMUM_LENGTH + 1], TicketRefusal.MALFORMED);
        assertRefused(new byte[65_000], TicketRefusal.MALFORMED);
    }

    @Test
    void aTicketOfAnotherVersionIsRefused() {
        byte[] ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).array();
        for (int version : new int[] {0, 2, 255}) {
            byte[] other = ticket.clone();
            other[8] = (byte) version;
            assertRefused(other, TicketRefusal.UNKNOWN_VERSION);
        }
    }

    @Test
    void aTicketOfOneProtocolNeverOpensAsOneOfTheOther() {
        Octets oneRoundTrip = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5)));
        Octets rfc5723 = Sessions.ticket(SEALER.seal(Sessions.rfc5723(), Sessions.entropy(5)));
        assertThat(SEALER.open(oneRoundTrip, Session.Kind.RFC_5723))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.NOT_AUTHENTIC));
        assertThat(SEALER.open(rfc5723, Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.NOT_AUTHENTIC));
        assertThat(opened(SEALER.open(rfc5723, Session.Kind.RFC_5723)))
                .isEqualTo(Sessions.rfc5723());
    }

    @Test
    void aKeyThatIsNotInTheRingOpensNothing() {
        Octets ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5)));
        assertThat(Sessions.sealer(Sessions.key(2)).open(ticket, Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY));
    }

    @Test
    void anotherSecretUnderTheSameTgsSpiOpensNothing() {
        Octets ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5)));
        TgsKey impostor = new TgsKey(KEY.spi(), Sessions.key(2).secret(), 0, TgsKey.UNLIMITED);
        assertThat(Sessions.sealer(impostor).open(ticket, Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(TicketRefusal.NOT_AUTHENTIC));
    }

    @Test
    void whatAMemberSealedWithoutBeingASessionIsUnreadable() {
        for (String chain : List.of("00", "2300000c0200000061626364", "ffffffffffffffff")) {
            assertRefused(sealed(Octets.ofHex(chain).array()), TicketRefusal.UNREADABLE);
        }
        byte[] session = TicketFormat.encode(Sessions.psk());
        byte[] more = Arrays.copyOf(session, session.length + 1);
        more[session.length] = 1;
        assertRefused(sealed(more), TicketRefusal.UNREADABLE);
        assertRefused(
                sealed(Arrays.copyOf(session, session.length + 64)), TicketRefusal.UNREADABLE);
        assertThat(opened(SEALER.open(Octets.of(sealed(session)), Session.Kind.ONE_ROUND_TRIP)))
                .isEqualTo(Sessions.psk());
    }

    @Test
    void twoTicketsOfOneSessionHaveNothingInCommonButTheKeysName() {
        // Runs of 4 equal octets between two random strings of this length are rarer than 1 in
        // 10^4.
        Random random = new Random(99);
        Octets one = Sessions.ticket(SEALER.seal(Sessions.psk(), random::nextBytes));
        Octets two = Sessions.ticket(SEALER.seal(Sessions.psk(), random::nextBytes));
        assertThat(one.slice(0, 9)).isEqualTo(two.slice(0, 9));
        assertThat(one.slice(9, 25)).isNotEqualTo(two.slice(9, 25));
        Set<Octets> runs = new HashSet<>();
        for (int i = 9; i + 4 <= one.length(); i++) {
            runs.add(one.slice(i, i + 4));
        }
        for (int i = 9; i + 4 <= two.length(); i++) {
            assertThat(runs).doesNotContain(two.slice(i, i + 4));
        }
    }

    @Test
    void noTwoOfManySealingsShareASalt() {
        Random random = new Random(3);
        Set<Octets> salts = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            salts.add(Sessions.ticket(SEALER.seal(Sessions.psk(), random::nextBytes)).slice(9, 25));
        }
        assertThat(salts).hasSize(2000);
    }

    /// Threat 17: key and nonce come from the salt and nothing else, which a decryption by the
    /// text's derivation shows, and neither pair comes twice over gateways that share the key and
    /// over their restarts: each of them is another sealer, and only the random source goes on.
    @Test
    void threat17NoKeyAndNonceComeTwiceOverGatewaysAndTheirRestarts() {
        Random system = new Random(17);
        Set<Octets> pairs = new HashSet<>();
        int tickets = 0;
        for (int life = 0; life < 10; life++) {
            SealedTickets gateway = Sessions.sealer(KEY);
            for (int i = 0; i < 30; i++) {
                byte[] ticket =
                        Sessions.ticket(gateway.seal(Sessions.psk(), system::nextBytes)).array();
                byte[] pair =
                        Hkdf.sha256(
                                KEY.secret().expose(),
                                Arrays.copyOfRange(ticket, 9, 25),
                                Octets.ofAscii("IKEv2 failover ticket\u0001\u0001").array(),
                                44);
                assertThat(
                                AesGcm.open(
                                        Arrays.copyOf(pair, 32),
                                        Arrays.copyOfRange(pair, 32, 44),
                                        Arrays.copyOf(ticket, 25),
                                        Arrays.copyOfRange(ticket, 25, ticket.length)))
                        .isPresent();
                pairs.add(Octets.of(pair));
                tickets++;
            }
        }
        assertThat(pairs).hasSize(tickets);
    }

    @Test
    void theSecretAndTheNamesAreNotReadableInATicket() {
        String ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).hex();
        String secret = Octets.of(Sessions.psk().secret().expose()).hex();
        assertThat(ticket)
                .doesNotContain(secret.substring(0, 16))
                .doesNotContain(Octets.ofAscii("example").hex());
    }

    @Test
    void aTicketAfterAPreSharedKeyWithOneChildSaHasAtMost400Octets() {
        assertThat(Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5))).length())
                .isLessThanOrEqualTo(400);
    }

    @Test
    void aTicketAfterEapWithAaaAttributesHasAtMost600Octets() {
        for (Session session : List.of(Sessions.eap(), Sessions.dualStack())) {
            Octets ticket = Sessions.ticket(SEALER.seal(session, Sessions.entropy(5)));
            assertThat(ticket.length()).isLessThanOrEqualTo(600);
        }
    }

    /// Threat 19: what can be seen is which multiple of 64.
    @Test
    void threat19TheLengthOfATicketTellsNextToNothingOfTheNamesInside() {
        Set<Integer> lengths = new HashSet<>();
        for (int length = 1; length <= 64; length++) {
            Session session = Sessions.named(Identity.fqdn("x".repeat(length)));
            lengths.add(Sessions.ticket(SEALER.seal(session, Sessions.entropy(5))).length());
        }
        assertThat(lengths).hasSizeLessThanOrEqualTo(2);
        for (long seed = 0; seed < 200; seed++) {
            Session session = Sessions.any(new Random(seed));
            if (SEALER.seal(session, Sessions.entropy(seed)) instanceof SealResult.Sealed sealed) {
                assertThat(sealed.ticket().length() % 64).isZero();
            }
        }
    }

    /// What an earlier gateway has sealed, without zeros behind it.
    @Test
    void aChainWithoutZerosBehindItOpens() {
        byte[] session = TicketFormat.encode(Sessions.psk());
        for (int zeros : new int[] {0, 1, 63}) {
            byte[] padded = Arrays.copyOf(session, session.length + zeros);
            assertThat(opened(SEALER.open(Octets.of(sealed(padded)), Session.Kind.ONE_ROUND_TRIP)))
                    .isEqualTo(Sessions.psk());
        }
    }

    @Test
    void aSessionThatDoesNotFitIsNotSealed() {
        Octets value = Octets.of(new byte[200]);
        Session large =
                Sessions.withChildSas(
                        Sessions.psk(),
                        List.of(),
                        Collections.nCopies(
                                41,
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_DNS_DOMAIN, value)));
        assertThat(SEALER.seal(large, Sessions.entropy(5)))
                .isInstanceOfSatisfying(
                        SealResult.Unfit.class,
                        unfit -> assertThat(unfit.reason()).contains("8192"));
    }

    @Test
    void openingDoesNotChangeTheTicket() {
        Octets ticket = Sessions.ticket(SEALER.seal(Sessions.psk(), Sessions.entropy(5)));
        Octets copy = Octets.of(ticket.array().clone());
        assertThat(SEALER.open(ticket, Session.Kind.ONE_ROUND_TRIP))
                .isInstanceOf(OpenedTicket.class);
        assertThat(ticket).isEqualTo(copy);
    }

    @Test
    void aSessionCanBeSealedAgainAfterItWasSealedAndOpened() {
        Octets first = Sessions.ticket(SEALER.seal(Sessions.eap(), Sessions.entropy(5)));
        Session session = opened(SEALER.open(first, Session.Kind.ONE_ROUND_TRIP));
        Octets second = Sessions.ticket(SEALER.seal(session, Sessions.entropy(6)));
        assertThat(opened(SEALER.open(second, Session.Kind.ONE_ROUND_TRIP)))
                .isEqualTo(Sessions.eap());
    }

    @Test
    void randomOctetsUnderAKnownTgsSpiAreRefused() {
        Random random = new Random(77);
        byte[] head = Octets.ofLong(KEY.spi()).array();
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = Sessions.octets(random, random.nextInt(600)).array();
            System.arraycopy(head, 0, garbage, 0, Math.min(8, garbage.length));
            assertThat(SEALER.open(Octets.of(garbage), Session.Kind.ONE_ROUND_TRIP))
                    .isInstanceOf(OpenResult.Refused.class);
        }
    }

    /// Seals any octets as a member would that has another idea of the format.
    private static byte[] sealed(byte[] chain) {
        byte[] header =
                Octets.ofHex(Octets.ofLong(KEY.spi()).hex() + "01" + "5a".repeat(16)).array();
        byte[] info = Octets.ofHex(Octets.ofAscii("IKEv2 failover ticket").hex() + "0101").array();
        byte[] salt = Arrays.copyOfRange(header, 9, 25);
        byte[] derived = Hkdf.sha256(KEY.secret().expose(), salt, info, 44);
        byte[] text =
                AesGcm.seal(
                        Arrays.copyOf(derived, 32),
                        Arrays.copyOfRange(derived, 32, 44),
                        header,
                        chain);
        byte[] ticket = Arrays.copyOf(header, 25 + text.length);
        System.arraycopy(text, 0, ticket, 25, text.length);
        return ticket;
    }

    private static void assertRefused(byte[] ticket, TicketRefusal reason) {
        assertThat(SEALER.open(Octets.of(ticket), Session.Kind.ONE_ROUND_TRIP))
                .isEqualTo(new OpenResult.Refused(reason));
    }

    private static Session opened(OpenResult result) {
        assertThat(result).isInstanceOf(OpenedTicket.class);
        return ((OpenedTicket) result).session();
    }
}
