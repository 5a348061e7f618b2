package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.Proposal;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.Transform;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// The chain of payloads of draft-dondeti-ipsec-failover-sol-00 section 4.1.4, before it is sealed.
class Section_4_1_4_FormatTest {
    @Test
    void everySessionComesBackAsItWas() throws MalformedException {
        for (long seed = 0; seed < 3000; seed++) {
            Session session = Sessions.any(new Random(seed));
            Octets chain = Octets.of(TicketFormat.encode(session));
            assertThat(TicketFormat.decode(chain, session.kind()))
                    .as("seed %d", seed)
                    .isEqualTo(session);
        }
    }

    @Test
    void theSameSessionGivesTheSameOctets() throws MalformedException {
        for (long seed = 0; seed < 300; seed++) {
            Session session = Sessions.any(new Random(seed));
            byte[] chain = TicketFormat.encode(session);
            Session again = TicketFormat.decode(Octets.of(chain), session.kind());
            assertThat(TicketFormat.encode(again)).as("seed %d", seed).isEqualTo(chain);
        }
    }

    @Test
    void everyPrefixAndEveryExtensionOfAChainIsMalformed() {
        for (Session session :
                List.of(Sessions.psk(), Sessions.eap(), Sessions.any(new Random(7)))) {
            byte[] chain = TicketFormat.encode(session);
            for (int length = 0; length < chain.length; length++) {
                assertMalformed(Arrays.copyOf(chain, length));
            }
            assertMalformed(Arrays.copyOf(chain, chain.length + 1));
        }
    }

    @Test
    void octetsThatAMemberMangledNeverDoMoreThanFail() {
        byte[] chain = TicketFormat.encode(Sessions.eap());
        Random random = new Random(414);
        for (int i = 0; i < 100_000; i++) {
            byte[] mangled = chain.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                mangled[random.nextInt(mangled.length)] = (byte) random.nextInt();
            }
            try {
                Session session =
                        TicketFormat.decode(Octets.of(mangled), Session.Kind.ONE_ROUND_TRIP);
                // What decodes can be written again: a gateway copies it into the next ticket.
                assertThat(TicketFormat.encode(session)).isNotEmpty();
            } catch (MalformedException expected) {
                assertThat(expected.malformation()).isNotNull();
            }
        }
    }

    @Test
    void payloadsAndNotificationsOfANewerVersionAreCopiedOn() throws MalformedException {
        Payload.Notify newer = new Payload.Notify(0, Octets.EMPTY, 61710, Octets.ofAscii("later"));
        Payload.Unknown payload = new Payload.Unknown(222, false, Octets.ofAscii("even later"));
        List<Payload> chain = chain(Sessions.psk());
        chain.add(4, newer);
        chain.add(1, payload);
        Session session = decode(chain);
        assertThat(session.unknownPayloads())
                .containsExactly(
                        payload,
                        new Payload.Unknown(41, false, Octets.ofHex("0000f10e6c61746572")));
        assertThat(chain(session)).contains(newer, payload).hasSize(chain.size());
    }

    @Test
    void anUnknownPayloadWithTheCriticalBitIsUnreadable() {
        assertRefused(chain -> chain.add(new Payload.Unknown(222, true, Octets.EMPTY)));
    }

    @Test
    void aPayloadThatDoesNotBelongIntoASessionIsUnreadable() {
        assertRefused(chain -> chain.add(new Payload.Nonce(Octets.of(new byte[16]))));
        assertRefused(chain -> chain.add(new Payload.VendorId(Octets.ofAscii("x"))));
    }

    @Test
    void aMissingOrRepeatedOrMisplacedPayloadIsUnreadable() {
        int length = chain(Sessions.eap()).size();
        for (int i = 1; i < length; i++) {
            int index = i;
            if (index != 6) {
                // A Child SA twice is two.
                assertRefused(chain -> chain.add(index, chain.get(index)));
            }
            assertRefused(chain -> chain.add(1, chain.remove(index == 1 ? 2 : index)));
        }
        // IDr, SA, SESSION, CP; Child SA
        for (int index : new int[] {1, 2, 3, 5, 6}) {
            assertRefused(chain -> chain.remove(index));
        }
    }

    @Test
    void everyPrefixAndEveryExtensionOfTheSessionsFieldsIsUnreadable() {
        Octets fields = ((Payload.Notify) chain(Sessions.eap()).get(3)).data();
        for (int length = 0; length < fields.length(); length++) {
            Octets prefix = fields.slice(0, length);
            assertRefused(chain -> chain.set(3, session(prefix)));
        }
        assertRefused(chain -> chain.set(3, session(Octets.ofHex(fields.hex() + "00"))));
    }

    @Test
    void aFieldBeyondItsRangeIsUnreadable() {
        // The switch count at 20; the default Child SA at 24, where there is only one.
        assertRefused(chain -> chain.set(3, sessionWith(chain, 20, 16)));
        assertRefused(chain -> chain.set(3, sessionWith(chain, 24, 1)));
        assertRefused(chain -> chain.set(3, sessionWith(chain, 24, 254)));
        // The last octet of the domain's name, which is then not UTF-8.
        assertRefused(chain -> chain.set(3, sessionWith(chain, 168, 0xff)));
    }

    @Test
    void anSaPayloadOfASessionIsOneChosenProposalWithoutAnSpi() {
        Proposal esp = Sessions.ESP;
        Transform foreign = new Transform(Transform.ENCR, 20, 0, false);
        Proposal ike = Sessions.IKE;
        assertRefused(chain -> chain.set(6, sa(esp, esp)));
        assertRefused(chain -> chain.set(6, sa(esp.withSpi(Octets.ofInt(7)))));
        assertRefused(chain -> chain.set(2, sa(esp)));
        assertRefused(chain -> chain.set(2, sa(ike, ike)));
        assertNotWritten(
                Sessions.withChildSas(
                        Sessions.psk(),
                        List.of(
                                new SessionChildSa(
                                        new Proposal(1, 3, Octets.EMPTY, List.of(foreign)),
                                        List.of(Sessions.EVERYTHING),
                                        List.of(Sessions.EVERYTHING),
                                        false,
                                        true)),
                        List.of()));
    }

    @Test
    void aConfigurationThatIsNoReplyIsUnreadable() {
        assertRefused(chain ->
                chain.set(
                        5,
                        new Payload.Configuration(
                                Payload.Configuration.REQUEST, Sessions.psk().configuration())));
        assertRefused(chain ->
                chain.set(5, new Payload.Configuration(Payload.Configuration.REPLY, List.of())));
    }

    @Test
    void anAaaAttributeThatIsNotTypeLengthAndValueIsUnreadable() {
        for (String attributes : List.of("19", "1900", "1901", "19056162", "1903616219")) {
            assertRefused(chain -> chain.set(7, aaa(attributes)));
        }
    }

    @Test
    void tsiIsLeftOutWhereItIsTheInnerAddress() throws MalformedException {
        assertThat(Message.types(chain(Sessions.psk())))
                .containsExactly(
                        PayloadType.IDI,
                        PayloadType.IDR,
                        PayloadType.SA,
                        PayloadType.NOTIFY,
                        PayloadType.CP,
                        PayloadType.SA);
    }

    @Test
    void tsrIsLeftOutWhereItIsEverythingOfTheFamiliesOfTheInnerAddresses()
            throws MalformedException {
        assertThat(Message.types(chain(Sessions.dualStack())))
                .doesNotContain(PayloadType.TSI, PayloadType.TSR);
        assertThat(decode(chain(Sessions.dualStack()))).isEqualTo(Sessions.dualStack());
        SessionChildSa oneFamily =
                new SessionChildSa(
                        Sessions.ESP,
                        List.of(Sessions.INNER_HOST, Sessions.INNER_HOST_IPV6),
                        List.of(Sessions.EVERYTHING),
                        false,
                        true);
        Session session =
                Sessions.withChildSas(
                        Sessions.psk(), List.of(oneFamily), Sessions.dualStack().configuration());
        assertThat(Message.types(chain(session))).contains(PayloadType.TSR);
        assertThat(decode(chain(session))).isEqualTo(session);
    }

    @Test
    void tsiStandsWhereItIsNotTheInnerAddress() throws MalformedException {
        SessionChildSa childSa =
                new SessionChildSa(
                        Sessions.ESP,
                        List.of(Sessions.EVERYTHING),
                        List.of(Sessions.EVERYTHING),
                        false,
                        true);
        Session session =
                Sessions.withChildSas(
                        Sessions.psk(), List.of(childSa), Sessions.psk().configuration());
        assertThat(Message.types(chain(session))).contains(PayloadType.TSI);
        assertThat(decode(chain(session))).isEqualTo(session);
    }

    @Test
    void aChildSaWithNeitherTsiNorInnerAddressIsUnreadable() {
        assertRefused(chain -> chain.remove(5));
    }

    @Test
    void anIpv6InnerAddressStandsForTsiWithoutItsPrefixLength() throws MalformedException {
        Octets address = Octets.ofHex("20010db8000000000000000000000007");
        Octets value = Octets.ofHex(address.hex() + "40");
        TrafficSelector host =
                new TrafficSelector(TrafficSelector.IPV6_RANGE, 0, 0, 65535, address, address);
        Session session =
                Sessions.withChildSas(
                        Sessions.psk(),
                        List.of(
                                new SessionChildSa(
                                        Sessions.ESP, List.of(host), List.of(host), true, true)),
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP6_ADDRESS, value)));
        assertThat(Message.types(chain(session))).doesNotContain(PayloadType.TSI);
        assertThat(decode(chain(session))).isEqualTo(session);
    }

    @Test
    void aTransportModeChildSaStaysOne() throws MalformedException {
        SessionChildSa transport =
                new SessionChildSa(
                        Sessions.ESP,
                        List.of(Sessions.INNER_HOST),
                        List.of(Sessions.EVERYTHING),
                        true,
                        false);
        Session session =
                Sessions.withChildSas(
                        Sessions.psk(),
                        List.of(transport, Sessions.TUNNEL),
                        Sessions.psk().configuration());
        assertThat(decode(chain(session)).childSas()).containsExactly(transport, Sessions.TUNNEL);
    }

    @Test
    void theEapIdentityStandsOnlyWhereItIsNotTheInitiators() {
        assertThat(chain(Sessions.psk()).stream().filter(p -> p instanceof Payload.Notify))
                .hasSize(1);
        assertThat(chain(Sessions.eap()))
                .filteredOn(p -> p instanceof Payload.Notify n && n.type() == 61697)
                .hasSize(1);
    }

    @Test
    void aSessionBeyondTheBoundsIsNotWritten() {
        Session psk = Sessions.psk();
        SessionChildSa further =
                new SessionChildSa(
                        Sessions.ESP,
                        List.of(Sessions.INNER_HOST),
                        List.of(Sessions.EVERYTHING),
                        false,
                        false);
        assertNotWritten(
                Sessions.withChildSas(
                        psk, java.util.Collections.nCopies(17, further), psk.configuration()));
        assertNotWritten(
                Sessions.withChildSas(
                        psk, List.of(Sessions.TUNNEL, Sessions.TUNNEL), psk.configuration()));
        assertNotWritten(
                Sessions.withChildSas(
                        psk,
                        List.of(
                                new SessionChildSa(
                                        Sessions.ESP.withSpi(Octets.ofInt(7)),
                                        List.of(),
                                        List.of(),
                                        false,
                                        true)),
                        psk.configuration()));
        assertNotWritten(
                Sessions.withChildSas(
                        psk,
                        List.of(
                                new SessionChildSa(
                                        Sessions.ESP, List.of(), List.of(), false, true)),
                        List.of()));
        assertNotWritten(
                Sessions.withChildSas(
                        psk,
                        List.of(),
                        java.util.Collections.nCopies(65, psk.configuration().getFirst())));
    }

    @Test
    void theSecretOfTheResultIsItsOwn() throws MalformedException {
        byte[] chain = TicketFormat.encode(Sessions.psk());
        Session session = TicketFormat.decode(Octets.of(chain), Session.Kind.ONE_ROUND_TRIP);
        Arrays.fill(chain, (byte) 0);
        assertThat(session.secret()).isEqualTo(Sessions.psk().secret());
    }

    @Test
    void printingASessionTellsNoSecret() {
        Session session = Sessions.eap();
        SecretBytes secret = session.secret();
        String hex = Octets.of(secret.expose()).hex();
        assertThat(session.toString())
                .contains("hildegard.von.bingen@staff.example.com")
                .doesNotContain(hex.substring(0, 16))
                .doesNotContain(session.sessionHash().hex().substring(0, 16))
                .doesNotContain("class-");
    }

    private static void assertNotWritten(Session session) {
        assertThatIllegalArgumentException().isThrownBy(() -> TicketFormat.encode(session));
    }

    private static void assertMalformed(byte[] chain) {
        assertThatThrownBy(() -> TicketFormat.decode(Octets.of(chain), Session.Kind.ONE_ROUND_TRIP))
                .isInstanceOf(MalformedException.class);
    }

    private static void assertRefused(Consumer<List<Payload>> change) {
        List<Payload> chain = chain(Sessions.eap());
        change.accept(chain);
        assertThatThrownBy(() -> decode(chain)).isInstanceOf(MalformedException.class);
    }

    private static Payload session(Octets fields) {
        return new Payload.Notify(0, Octets.EMPTY, 61696, fields);
    }

    private static Payload sessionWith(List<Payload> chain, int offset, int value) {
        byte[] fields = ((Payload.Notify) chain.get(3)).data().array().clone();
        fields[offset] = (byte) value;
        return session(Octets.of(fields));
    }

    private static Payload aaa(String attributes) {
        return new Payload.Notify(0, Octets.EMPTY, 61698, Octets.ofHex(attributes));
    }

    private static Payload sa(Proposal... proposals) {
        return new Payload.SecurityAssociation(List.of(proposals));
    }

    private static List<Payload> chain(Session session) {
        try {
            WireReader reader = new WireReader(TicketFormat.encode(session));
            return new ArrayList<>(
                    PayloadCodec.decodeChain(
                            reader, PayloadType.IDI.code(), PayloadCodec.Chain.STORED));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Session decode(List<Payload> chain) throws MalformedException {
        WireWriter writer = new WireWriter();
        PayloadCodec.encodeChain(writer, chain, PayloadType.NONE);
        return TicketFormat.decode(Octets.of(writer.finish()), Session.Kind.ONE_ROUND_TRIP);
    }

    /// The shape of a chain.
    private static final class Message {
        static List<PayloadType> types(List<Payload> chain) {
            List<PayloadType> types = new ArrayList<>();
            for (Payload payload : chain) {
                types.add(java.util.Objects.requireNonNull(PayloadType.of(payload.typeCode())));
            }
            return types;
        }
    }
}
