package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sections 1.2, 2.7 and 3.3: which proposal is chosen, which never, and what INVALID_KE_PAYLOAD
/// and NO_PROPOSAL_CHOSEN lead to.
class Section_2_7_Negotiation {
    private final World world = new World(15);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    // ---- exchanges ----

    @Test
    void anotherGroupIsAskedForAndTried() {
        gatewaySettings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-ecp384");
        clientSettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-x25519", "aes256gcm16-prfsha384-ecp384");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried()).hasSize(6);
        assertThat(world.carried().get(1).message().payloads())
                .containsExactly(
                        Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Octets.ofHex("0014")));
        assertThat(world.carried().get(1).header().spiR()).isZero();
        assertThat(gateway.count(Counter.REFUSED_INVALID_KE_PAYLOAD)).isEqualTo(1);
    }

    @Test
    void theGroupThatWasGuessedIsPreferredWhereItIsAllowed() {
        gatewaySettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-ecp384", "aes256gcm16-prfsha384-x25519");
        clientSettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-x25519", "aes256gcm16-prfsha384-ecp384");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        assertThat(world.carried()).hasSize(4);
    }

    @Test
    void noProposalChosenIsAHintThatWaitsOneInterval() {
        gatewaySettings.ikeSuites = Suites.ike("aes128gcm16-prfsha256-ecp256");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofMillis(505));
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofMillis(10));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
        assertThat(client.lastClosed().detail()).contains("NO_PROPOSAL_CHOSEN");
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aForgedNoProposalChosenDoesNotStopTheTrueAnswer() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        world.setFate(
                d -> d.from().equals(gateway.address()) ? List.of(300_000_000L) : Fate.delivered());
        client.initiate(1, clientSettings.profile(), gateway);
        byte[] forged =
                dev.postern.wire.MessageCodec.encode(
                        world.carried().getFirst().header().toResponse(),
                        List.of(Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN)));
        world.deliver(new Datagram(gateway.address(), client.address(), forged));

        world.advance(Duration.ofSeconds(2));

        assertTunnel(client, gateway);
    }

    @Test
    void aForgedInvalidKeForAGroupThatWeDoNotOfferIsAHintOnly() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        for (String group : List.of("0002", "0401", "001f", "00")) {
            world.deliver(
                    new Datagram(
                            gateway.address(),
                            client.address(),
                            dev.postern.wire.MessageCodec.encode(
                                    world.carried().getFirst().header().toResponse(),
                                    List.of(
                                            Payload.Notify.of(
                                                    NotifyType.INVALID_KE_PAYLOAD,
                                                    Octets.ofHex(group))))));
        }
        world.settle();
        assertTunnel(client, gateway);
        assertThat(client.count(Counter.NOTED_UNPROTECTED_REFUSAL)).isEqualTo(4);
    }

    @Test
    void aResponderThatKeepsChangingItsMindIsGivenUp() {
        clientSettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-x25519", "aes256gcm16-prfsha384-ecp256");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand fickle = new GatewayByHand(world, client, gateway);
        for (int i = 0; i < 10; i++) {
            fickle.send(
                    fickle.clear(
                            0,
                            List.of(
                                    Payload.Notify.of(
                                            NotifyType.INVALID_KE_PAYLOAD,
                                            Octets.ofHex(i % 2 == 0 ? "0013" : "001f")))));
        }
        assertThat(world.carried()).hasSize(5);
        world.advance(Duration.ofSeconds(1));
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.INVALID_KE_PAYLOAD);
    }

    @Test
    void aResponseThatChoosesWhatWasNotOfferedIsPassedOver() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway);
        List<Payload> good = byHand.initPayloads();
        List<Payload> weak = new ArrayList<>(good);
        weak.set(
                0,
                new Payload.SecurityAssociation(
                        List.of(
                                Suites.ike("aes128gcm16-prfsha256-x25519")
                                        .getFirst()
                                        .toProposal(1))));
        byHand.send(byHand.clear(7, weak));
        byHand.send(byHand.clear(0, good));
        byHand.send(byHand.clear(7, good.subList(0, 2)));
        assertThat(client.count(Counter.DROPPED_UNWANTED_RESPONSE)).isEqualTo(3);
        assertThat(world.carried()).hasSize(1);
    }

    // ---- the threat list: what crashed others ----

    private int refusalOf(Proposal... proposals) {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(0, new Payload.SecurityAssociation(List.of(proposals)));
        List<Datagram> back = peer.send(peer.init(payloads));
        assertThat(back).hasSize(1);
        assertThat(gateway.endpoint().size()).isZero();
        return InitiatorByHand.onlyNotify(back.getFirst().message().payloads());
    }

    private static Proposal ike(Transform... transforms) {
        return new Proposal(1, 1, Octets.EMPTY, List.of(transforms));
    }

    private static final Transform GCM_256 = new Transform(Transform.ENCR, 20, 256);
    private static final Transform PRF_384 = new Transform(Transform.PRF, 6);
    private static final Transform X25519 = new Transform(Transform.KE, 31);

    @Test
    void tProp1AKeyLengthOfZeroOrNoneIsNeverChosen() {
        assertThat(
                        refusalOf(
                                ike(new Transform(Transform.ENCR, 20, 0), PRF_384, X25519),
                                ike(new Transform(Transform.ENCR, 20, 0, false), PRF_384, X25519)))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void tProp2AProposalWithoutKeyExchangeIsNeverChosen() {
        assertThat(refusalOf(ike(GCM_256, PRF_384)))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void tProp3APrfThatNobodyProvidesIsNeverChosen() {
        assertThat(refusalOf(ike(GCM_256, new Transform(Transform.PRF, 1), X25519)))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void encryptionWithoutIntegrityIsNeverChosen() {
        gatewaySettings.ikeSuites = Suites.ike("aes128-sha256-x25519");
        assertThat(
                        refusalOf(
                                ike(
                                        new Transform(Transform.ENCR, 12, 128),
                                        new Transform(Transform.PRF, 5),
                                        X25519)))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void anUnknownTransformTypeMakesAProposalUnusable() {
        assertThat(refusalOf(ike(GCM_256, PRF_384, X25519, new Transform(99, 1))))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void anEspProposalIsNoIkeProposal() {
        assertThat(
                        refusalOf(
                                new Proposal(
                                        1,
                                        3,
                                        Octets.ofInt(0x1234_5678),
                                        List.of(GCM_256, PRF_384, X25519))))
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @Test
    void noProposalAtAllIsMalformed() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(0, new Payload.SecurityAssociation(List.of()));
        assertThat(peer.send(peer.init(payloads))).isEmpty();
    }

    @Test
    void theSecondProposalIsChosenWithItsOwnNumber() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(
                0,
                new Payload.SecurityAssociation(
                        List.of(
                                Suites.ike("aes128gcm16-prfsha256-x25519").getFirst().toProposal(1),
                                Suites.IKE_DEFAULT.getFirst().toProposal(2))));
        peer.begin(payloads);
        assertThat(
                        InitiatorByHand.find(
                                        peer.initResponse().payloads(),
                                        Payload.SecurityAssociation.class)
                                .proposals())
                .containsExactly(Suites.IKE_DEFAULT.getFirst().toProposal(2));
    }

    // ---- key exchange values ----

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 256})
    void tKe2AKeyExchangeValueOfTheWrongLengthIsDropped(int length) {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(1, peer.keyExchange(new byte[length]));
        assertThat(peer.send(peer.init(payloads))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_KEY_EXCHANGE)).isEqualTo(1);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // RFC 7748 section 6.1: points of low order on Curve25519.
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
            })
    void tKe1AnX25519ValueOfLowOrderEndsTheHalfOpenIkeSa(String value) {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(1, peer.keyExchange(Octets.ofHex(value).array()));
        peer.begin(payloads);

        assertThat(
                        peer.send(
                                peer.seal(
                                        dev.postern.wire.ExchangeType.IKE_AUTH,
                                        false,
                                        1,
                                        peer.authPayloads())))
                .isEmpty();
        assertThat(gateway.count(Counter.DROPPED_KEY_EXCHANGE)).isEqualTo(1);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zero", "one", "p-1", "p"})
    void tKe1AModpValueOutsideTwoToPMinusTwoIsRefusedByTheClient(String value) {
        clientSettings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-modp2048");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway);
        byte[] data = modp(value);

        byHand.send(
                byHand.clear(
                        7,
                        List.of(
                                new Payload.SecurityAssociation(
                                        List.of(clientSettings.ikeSuites.getFirst().toProposal(1))),
                                new Payload.KeyExchange(14, Octets.of(data)),
                                new Payload.Nonce(Octets.of(byHand.nr)))));

        assertThat(client.count(Counter.DROPPED_KEY_EXCHANGE)).isEqualTo(1);
        assertThat(world.carried()).as("no IKE_AUTH under such a secret").hasSize(1);
    }

    /// RFC 3526 section 3, the 2048-bit prime, and its neighbours.
    private static byte[] modp(String value) {
        byte[] p =
                Octets.ofHex(
                                "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
                                    + "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
                                    + "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
                                    + "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
                                    + "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb"
                                    + "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
                                    + "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718"
                                    + "3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff")
                        .array();
        byte[] one = new byte[256];
        one[255] = 1;
        byte[] previous = p.clone();
        previous[255] = (byte) 0xfe;
        return switch (value) {
            case "zero" -> new byte[256];
            case "one" -> one;
            case "p-1" -> previous;
            case "p" -> p;
            default -> throw new AssertionError(value);
        };
    }

    @Test
    void tKe3AGroupThatDoesNotExistIsAnsweredWithTheOneThatIsWanted() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(1, new Payload.KeyExchange(1025, Octets.of(new byte[32])));
        assertThat(peer.send(peer.init(payloads)).getFirst().message().payloads())
                .containsExactly(
                        Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Octets.ofHex("001f")));
    }

    // ---- the judges themselves ----

    @Test
    void aChoiceHasExactlyOneTransformOfEachType() {
        IkeSuite suite = Suites.IKE_DEFAULT.getFirst();
        List<IkeSuite> offered = List.of(suite);
        Proposal good = suite.toProposal(1);
        assertThat(ProposalSelector.verifyIke(offered, List.of(good))).isEqualTo(suite);
        for (Transform extra :
                List.of(
                        GCM_256,
                        PRF_384,
                        X25519,
                        new Transform(Transform.PRF, 5),
                        new Transform(Transform.INTEG, 2),
                        new Transform(Transform.ESN, 0))) {
            assertThat(ProposalSelector.verifyIke(offered, List.of(with(good, extra))))
                    .as("%s with %s", good, extra)
                    .isNull();
        }
        assertThat(
                        ProposalSelector.verifyIke(
                                offered, List.of(with(good, new Transform(Transform.INTEG, 0)))))
                .as("NONE beside an AEAD, RFC 5282 section 8")
                .isEqualTo(suite);
        assertThat(ProposalSelector.verifyIke(offered, List.of(good, good))).isNull();
        assertThat(ProposalSelector.verifyIke(offered, List.of())).isNull();
        assertThat(
                        ProposalSelector.verifyIke(
                                offered,
                                List.of(new Proposal(1, 3, Octets.EMPTY, good.transforms()))))
                .isNull();
    }

    private static Proposal with(Proposal proposal, Transform extra) {
        List<Transform> transforms = new ArrayList<>(proposal.transforms());
        transforms.add(extra);
        return new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), transforms);
    }

    @Test
    void anEspChoiceHasExactlyOneTransformOfEachTypeAndAUsableSpi() {
        EspSuite suite = Suites.ESP_DEFAULT.getFirst();
        List<EspSuite> offered = List.of(suite);
        Octets spi = Octets.ofInt(0x1234_5678);
        assertThat(ProposalSelector.verifyEsp(offered, List.of(suite.toProposal(1, spi))))
                .isEqualTo(suite);
        for (Octets bad :
                List.of(
                        Octets.ofInt(0),
                        Octets.ofInt(255),
                        Octets.EMPTY,
                        Octets.ofLong(0x1234_5678))) {
            assertThat(ProposalSelector.verifyEsp(offered, List.of(suite.toProposal(1, bad))))
                    .isNull();
        }
        assertThat(
                        ProposalSelector.verifyEsp(
                                offered,
                                List.of(
                                        new Proposal(
                                                1, 2, spi, suite.toProposal(1, spi).transforms()))))
                .as("protocol AH")
                .isNull();
        assertThat(
                        ProposalSelector.verifyEsp(
                                offered, List.of(with(suite.toProposal(1, spi), GCM_256))))
                .isNull();
        assertThat(
                        ProposalSelector.verifyEsp(
                                offered, List.of(suite.toProposal(1, Octets.ofInt(-1)))))
                .isEqualTo(suite);
    }

    @Test
    void anEspOfferWithoutEsnMeansNone() {
        Proposal offer = new Proposal(1, 3, Octets.ofInt(0x1234_5678), List.of(GCM_256));
        assertThat(
                        ProposalSelector.chooseEsp(
                                Suites.esp("aes256gcm16-esn", "aes256gcm16"), List.of(offer)))
                .isNotNull()
                .satisfies(chosen ->
                        assertThat(chosen != null && chosen.suite().extendedSequenceNumbers())
                                .isFalse());
        assertThat(ProposalSelector.chooseEsp(Suites.esp("aes256gcm16-esn"), List.of(offer)))
                .isNull();
    }

    @Test
    void ourOrderDecidesBetweenOffers() {
        IkeSuite first = Suites.ike("aes256gcm16-prfsha384-x25519").getFirst();
        IkeSuite second = Suites.ike("aes128gcm16-prfsha256-x25519").getFirst();
        ProposalSelector.ChosenIke chosen =
                ProposalSelector.chooseIke(
                        List.of(first, second),
                        List.of(second.toProposal(1), first.toProposal(2)),
                        31,
                        true);
        assertThat(chosen).isNotNull();
        if (chosen != null) {
            assertThat(chosen.suite()).isEqualTo(first);
            assertThat(chosen.answer().number()).isEqualTo(2);
        }
    }
}
