package dev.postern.ike.rfc9370;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
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
import java.util.Arrays;
import java.util.List;

/// IKE_INTERMEDIATE with additional key exchanges, in both roles.
class Section_2_2_2_IntermediateExchanges {
    private static final String HYBRID = "aes256gcm16-prfsha384-x25519-mlkem768";

    private final World world = new World(21);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private void suites(String... names) {
        List<IkeSuite> suites = Suites.ike(names);
        gatewaySettings.ikeSuites = suites;
        clientSettings.ikeSuites = suites;
    }

    private long requests(ExchangeType exchange) {
        return world.carried().stream()
                .map(Datagram::message)
                .filter(m -> m.header().exchange() == exchange && !m.header().response())
                .map(m -> m.header().messageId())
                .distinct()
                .count();
    }

    /// Interop: ML-KEM-512, 768 and 1024 after X25519, ECP and MODP, each in an IKE_INTERMEDIATE
    /// (RFC 9242, RFC 9370) | Postern | Postern initiates
    @ParameterizedTest
    @ValueSource(
            strings = {
                HYBRID,
                "aes256gcm16-prfsha384-x25519-mlkem512",
                "aes256gcm16-prfsha384-x25519-mlkem1024",
                "aes128-sha256-ecp256-mlkem768",
                "aes256gcm16-prfsha384-ecp384-mlkem1024-x25519",
                "chacha20poly1305-prfsha256-modp2048-mlkem512-x25519-ecp256"
            })
    void aTunnelStandsAfterEachAdditionalKeyExchangeInItsOwnExchange(String suite) {
        suites(suite);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        int additional = clientSettings.ikeSuites.getFirst().additional().size();
        assertThat(requests(ExchangeType.IKE_INTERMEDIATE)).isEqualTo(additional);
        assertThat(world.carried())
                .filteredOn(d -> d.header().exchange() == ExchangeType.IKE_AUTH)
                .allMatch(d -> d.header().messageId() == 1 + additional);
    }

    /// Interop: ML-KEM-512, 768 and 1024 alone in IKE_SA_INIT | Postern | Postern initiates
    @ParameterizedTest
    @ValueSource(strings = {"mlkem512", "mlkem768", "mlkem1024"})
    void mlKemAloneNeedsNoIntermediateExchange(String kem) {
        suites("aes256gcm16-prfsha384-" + kem);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(requests(ExchangeType.IKE_INTERMEDIATE)).isZero();
    }

    @Test
    void theSessionResumesInOneRoundTripAndInTwo() {
        suites(HYBRID);
        for (boolean oneRoundTrip : new boolean[] {true, false}) {
            World own = new World(22);
            clientSettings.resumption = oneRoundTrip ? Suites.ONE_ROUND_TRIP : Suites.RFC_5723;
            Node gateway = own.add(gatewaySettings);
            Node client = own.add(clientSettings);
            client.initiate(1, clientSettings.profile(), gateway);
            own.settle();

            client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
            own.settle();

            assertThat(client.lastEstablished().handle()).isEqualTo(2);
            assertThat(own.carried())
                    .filteredOn(d -> d.header().exchange() == ExchangeType.IKE_INTERMEDIATE)
                    .as("a resume makes no intermediate exchange")
                    .allMatch(d -> d.header().messageId() == 1);
        }
    }

    /// Interop: a resume of a hybrid session with a key exchange by the first method of its suite |
    /// Postern | Postern initiates
    @Test
    void aKeyExchangeInAResumeIsTheFirstOfTheSuite() {
        suites(HYBRID);
        clientSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        gatewaySettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(2);
    }

    /// The ticket after a rekey still names what protects the session.
    @Test
    void aRekeyedIkeSaResumesWhereTheProfileDemandsTheHybrid() {
        suites(HYBRID);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        client.give(new Input.RekeyIkeSa(1));
        world.settle();
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(2);
    }

    @Test
    void lostAndDoubledMessagesDoNoHarm() {
        suites(HYBRID);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        List<Datagram> seen = new ArrayList<>();
        world.setFate(datagram -> {
            seen.add(datagram);
            return seen.size() % 3 == 0 ? Fate.lost() : Fate.twice();
        });

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(20));

        assertTunnel(client, gateway);
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @Test
    void aPeerThatLacksItGetsASuiteWithout() {
        gatewaySettings.ikeSuites = Suites.ike(HYBRID, "aes256gcm16-prfsha384-x25519");
        clientSettings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-x25519");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(requests(ExchangeType.IKE_INTERMEDIATE)).isZero();
    }

    @Test
    void aGatewayThatDemandsItRefusesAPeerThatLacksIt() {
        gatewaySettings.ikeSuites = Suites.ike(HYBRID);
        clientSettings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-x25519");
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(3));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
    }

    /// RFC 9370 section 2.2.1: without N(INTERMEDIATE_EXCHANGE_SUPPORTED) the types are unknown.
    @Test
    void withoutTheAnnouncementTheProposalIsSkipped() {
        gatewaySettings.ikeSuites = Suites.ike(HYBRID);
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> payloads = hybridInit(peer, false);

        Datagram answer = peer.send(peer.init(payloads)).getFirst();

        assertThat(Message.findNotify(answer.message().payloads(), NotifyType.NO_PROPOSAL_CHOSEN))
                .isNotNull();
    }

    private static List<Payload> hybridInit(InitiatorByHand peer, boolean announced) {
        return hybridInit(peer, HYBRID, announced);
    }

    private static List<Payload> hybridInit(InitiatorByHand peer, String suite, boolean announced) {
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.set(
                0,
                new Payload.SecurityAssociation(
                        List.of(Suites.ike(suite).getFirst().toProposal(1))));
        if (announced) {
            payloads.add(Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        return payloads;
    }

    private InitiatorByHand begun() {
        gatewaySettings.ikeSuites = Suites.ike(HYBRID);
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        return peer.begin(hybridInit(peer, true));
    }

    @Test
    void ikeAuthBeforeTheAdditionalKeyExchangeIsDropped() {
        InitiatorByHand peer = begun();
        assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads())))
                .isEmpty();
    }

    @Test
    void anotherMethodWrongLengthOrModulusIsInvalidSyntax() {
        byte[] beyond = new byte[1184];
        Arrays.fill(beyond, (byte) 0xff);
        List<Payload> wrong =
                List.of(
                        new Payload.KeyExchange(35, Octets.of(new byte[800])),
                        new Payload.KeyExchange(35, Octets.of(mlKemKey())),
                        new Payload.KeyExchange(36, Octets.of(new byte[1183])),
                        new Payload.KeyExchange(36, Octets.EMPTY),
                        new Payload.KeyExchange(36, Octets.of(beyond)),
                        new Payload.VendorId(Octets.EMPTY));
        gatewaySettings.ikeSuites = Suites.ike(HYBRID);
        Node gateway = world.add(gatewaySettings);
        int number = 1;
        for (Payload payload : wrong) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, number++);
            peer.begin(hybridInit(peer, true));
            List<Payload> answer = peer.request(ExchangeType.IKE_INTERMEDIATE, 1, List.of(payload));
            assertThat(InitiatorByHand.onlyNotify(answer))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        assertThat(gateway.count(Counter.ESTABLISHED_FULL)).isZero();
        world.advance(Duration.ofSeconds(31));
        assertThat(gateway.endpoint().size()).isZero();
    }

    /// Section 2.2.1: methods that are the same in two Additional Key Exchanges add nothing.
    @Test
    void aProposalThatNamesAMethodTwiceIsNoSuite() {
        Proposal once = Suites.ike(HYBRID).getFirst().toProposal(1);
        for (int second : new int[] {35, 36, 37}) {
            List<Transform> transforms = new ArrayList<>(once.transforms());
            transforms.add(new Transform(Transform.ADDKE1 + 1, second));
            Proposal twice = new Proposal(1, once.protocol(), once.spi(), transforms);
            if (second == KeyExchangeMethod.ML_KEM_768.transformId()) {
                assertThat(IkeSuite.ofChosen(twice)).isNull();
            } else {
                assertThat(IkeSuite.ofChosen(twice)).isNotNull();
            }
        }
    }

    @Test
    void halfOpenBoundsHoldDuringIntermediateExchanges() {
        gatewaySettings.limits =
                new Limits(100, 1, 30 * Now.NANOS_PER_SECOND, 100, 4, 30 * Now.NANOS_PER_SECOND);
        InitiatorByHand peer = begun();
        Payload good = new Payload.KeyExchange(36, Octets.of(mlKemKey()));
        assertThat(
                        Message.find(
                                peer.request(ExchangeType.IKE_INTERMEDIATE, 1, List.of(good)),
                                Payload.KeyExchange.class))
                .isNotNull();
        assertThat(peer.send(peer.seal(ExchangeType.IKE_INTERMEDIATE, false, 2, List.of(good))))
                .as("one exchange was negotiated, and its keys are not the first ones")
                .isEmpty();
    }

    private static byte[] mlKemKey() {
        return KeyExchangeMethod.ML_KEM_768.generate(new SeededEntropy(5)).publicData();
    }

    /// RFC 9242 section 3.3.2, by an initiator that was written from the text.
    @Test
    void authIsMadeOverEveryIntermediateMessage() {
        InitiatorByHand peer = begun().additionalKeyExchange(KeyExchangeMethod.ML_KEM_768);
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 2, peer.authPayloads());
        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
    }

    /// The code of each message goes over that of the one before in its direction, and each is made
    /// with the keys of its time.
    @Test
    void authIsMadeOverSeveralIntermediateExchangesInTheirOrder() {
        String suite = HYBRID + "-mlkem512";
        gatewaySettings.ikeSuites = Suites.ike(suite);
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        peer.begin(hybridInit(peer, suite, true))
                .additionalKeyExchange(KeyExchangeMethod.ML_KEM_768)
                .additionalKeyExchange(KeyExchangeMethod.ML_KEM_512);

        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 3, peer.authPayloads());

        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 47, 48, 95, 99})
    void anAuthOverAnythingElseFails(int changed) {
        InitiatorByHand peer = begun().additionalKeyExchange(KeyExchangeMethod.ML_KEM_768);
        peer.intAuth[changed] ^= 1;
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 2, peer.authPayloads());
        assertThat(InitiatorByHand.onlyNotify(answer))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void anAuthWithoutItFails() {
        InitiatorByHand peer = begun().additionalKeyExchange(KeyExchangeMethod.ML_KEM_768);
        peer.intAuth = new byte[0];
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 2, peer.authPayloads());
        assertThat(InitiatorByHand.onlyNotify(answer))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void aMessageUnderTheKeysBeforeTheAdditionalKeyExchangeIsDropped() {
        InitiatorByHand peer = begun();
        byte[] early = peer.seal(ExchangeType.IKE_AUTH, false, 2, List.of());
        peer.additionalKeyExchange(KeyExchangeMethod.ML_KEM_768);
        assertThat(peer.send(early)).isEmpty();
    }

    /// A KE payload of ML-KEM-768 does not fit one packet of 1280 octets.
    @Test
    void intermediateMessagesAreCutWhereFragmentationWasAnnounced() {
        suites(HYBRID);
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried())
                .filteredOn(d -> d.header().exchange() == ExchangeType.IKE_INTERMEDIATE)
                .anyMatch(d -> d.message().fragment() != null);
        assertThat(world.carried()).allMatch(d -> d.octets().length + 32 <= 1280);
    }
}
