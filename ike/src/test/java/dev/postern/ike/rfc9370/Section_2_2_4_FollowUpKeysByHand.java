package dev.postern.ike.rfc9370;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// IKE_FOLLOWUP_KE at the responder, by an initiator that was written from the text:
///
///     SKEYSEED = prf(SK_d, SK(0) | Ni | Nr | SK(1))
///     KEYMAT = prf+(SK_d, SK(0) | Ni | Nr | SK(1))
class Section_2_2_4_FollowUpKeysByHand {
    private static final IkeSuite HYBRID =
            Suites.ike("aes256gcm16-prfsha384-x25519-mlkem768").getFirst();
    private static final KeyExchangeMethod KEM = KeyExchangeMethod.ML_KEM_768;
    private static final int OWN_ESP_SPI = 0xc0ffee02;
    private static final long OWN_IKE_SPI = 0x1122334455667788L;

    private final World world = new World(370);
    private final SeededEntropy entropy = new SeededEntropy(77);
    private final KeyAgreement first = HYBRID.keyExchange().generate(entropy);
    private final KeyAgreement second = KEM.generate(entropy);
    private final byte[] ni = entropy.octets(32);
    private Node gateway = world.add(new GatewaySettings('b'));
    private InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);

    @BeforeEach
    void establish() {
        GatewaySettings settings = new GatewaySettings('a');
        settings.ikeSuites = List.of(HYBRID);
        gateway = world.add(settings);
        peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.set(0, new Payload.SecurityAssociation(List.of(HYBRID.toProposal(1))));
        init.add(Payload.Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        peer.begin(init).additionalKeyExchange(KEM);
        peer.request(ExchangeType.IKE_AUTH, 2, peer.authPayloads());
        assertThat(gateway.installed()).hasSize(1);
    }

    private List<Payload> childRequest() {
        Proposal plain = Suites.ESP_DEFAULT.getFirst().toProposal(1, Octets.ofInt(OWN_ESP_SPI));
        List<Transform> transforms = new ArrayList<>(plain.transforms());
        transforms.add(new Transform(Transform.KE, HYBRID.keyExchange().transformId()));
        transforms.add(new Transform(Transform.ADDKE1, KEM.transformId()));
        Proposal proposal = new Proposal(1, plain.protocol(), plain.spi(), transforms);
        return List.of(
                new Payload.SecurityAssociation(List.of(proposal)),
                new Payload.Nonce(Octets.of(ni)),
                keyExchange(first),
                new Payload.TsInitiator(List.of(Net.subnet(0, 0, 0, 0, 0))),
                new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
    }

    private List<Payload> ikeRequest() {
        return List.of(
                new Payload.SecurityAssociation(
                        List.of(HYBRID.toProposal(1).withSpi(Octets.ofLong(OWN_IKE_SPI)))),
                new Payload.Nonce(Octets.of(ni)),
                keyExchange(first));
    }

    private static Payload.KeyExchange keyExchange(KeyAgreement own) {
        return new Payload.KeyExchange(own.method().transformId(), Octets.of(own.publicData()));
    }

    private static Payload.Notify link(List<Payload> answer) {
        Payload.Notify link = Message.findNotify(answer, NotifyType.ADDITIONAL_KEY_EXCHANGE);
        assertThat(link).as("N(ADDITIONAL_KEY_EXCHANGE)").isNotNull();
        return Payload.Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, link.data());
    }

    private static byte[] nonce(List<Payload> answer) {
        return InitiatorByHand.find(answer, Payload.Nonce.class).data().array();
    }

    private static SecretBytes agree(KeyAgreement own, List<Payload> answer) throws Exception {
        Payload.KeyExchange ke = InitiatorByHand.find(answer, Payload.KeyExchange.class);
        assertThat(ke.method()).isEqualTo(own.method().transformId());
        return own.agree(ke.data().array());
    }

    private List<Payload> followUp(int messageId, Payload... payloads) {
        return peer.request(ExchangeType.IKE_FOLLOWUP_KE, messageId, List.of(payloads));
    }

    @Test
    void theKeysOfAChildSaAreMadeOfAllKeyExchanges() throws Exception {
        List<Payload> created = peer.request(ExchangeType.CREATE_CHILD_SA, 3, childRequest());
        assertThat(gateway.installed()).as("before the last exchange").hasSize(1);

        List<Payload> last = followUp(4, keyExchange(second), link(created));

        assertThat(Message.findNotify(last, NotifyType.ADDITIONAL_KEY_EXCHANGE)).isNull();
        ChildSaInstallation made = gateway.installed().getLast();
        int length = made.encryption().keyMaterialLength();
        try (SecretBytes zeroth = agree(first, created);
                SecretBytes next = agree(second, last)) {
            byte[] material =
                    peer.prfPlusOfSkD(
                            2 * length, zeroth.expose(), ni, nonce(created), next.expose());
            assertThat(made.outboundSpi()).isEqualTo(OWN_ESP_SPI);
            assertThat(made.inboundKey().expose()).isEqualTo(Arrays.copyOf(material, length));
            assertThat(made.outboundKey().expose())
                    .isEqualTo(Arrays.copyOfRange(material, length, 2 * length));
        }
    }

    @Test
    void theKeysOfANewIkeSaAreMadeOfAllKeyExchanges() throws Exception {
        List<Payload> created = peer.request(ExchangeType.CREATE_CHILD_SA, 3, ikeRequest());
        assertThat(gateway.events(Event.IkeSaRekeyed.class)).isEmpty();
        List<Payload> last = followUp(4, keyExchange(second), link(created));
        assertThat(gateway.events(Event.IkeSaRekeyed.class)).hasSize(1);

        byte[] nr = nonce(created);
        long spiR =
                InitiatorByHand.find(created, Payload.SecurityAssociation.class)
                        .proposals()
                        .getFirst()
                        .spi()
                        .toLong(0);
        byte[] skeyseed;
        try (SecretBytes zeroth = agree(first, created);
                SecretBytes next = agree(second, last)) {
            skeyseed = peer.prfOfSkD(zeroth.expose(), ni, nr, next.expose());
        }
        try (IkeKeys keys =
                IkeKeys.derive(
                        HYBRID,
                        skeyseed,
                        new IkeKeys.Context(
                                OWN_IKE_SPI, spiR, ni, nr, true, new IvPrefix(9, 0), false))) {
            Header header =
                    new Header(OWN_IKE_SPI, spiR, ExchangeType.INFORMATIONAL, true, false, 0);
            List<Datagram> back =
                    peer.send(
                            SkProtection.seal(
                                    header,
                                    List.of(),
                                    List.of(),
                                    keys.outbound(),
                                    keys.outboundIvs(),
                                    entropy));
            assertThat(back).as("answer under the new keys").hasSize(1);
            Message answer = back.getFirst().message();
            Payload.Encrypted sk = answer.encrypted();
            assertThat(sk).isNotNull();
            assertThat(SkProtection.open(answer, sk, keys.inbound()))
                    .isInstanceOf(SkProtection.Opened.Authentic.class);
        }
    }

    @Test
    void aSeriesThatWasNeverBegunIsNotFoundAndEndsNothing() {
        Payload.Notify unknown =
                Payload.Notify.of(NotifyType.ADDITIONAL_KEY_EXCHANGE, Octets.of(new byte[8]));

        assertThat(InitiatorByHand.onlyNotify(followUp(3, keyExchange(second), unknown)))
                .isEqualTo(NotifyType.STATE_NOT_FOUND.code());
        assertThat(InitiatorByHand.onlyNotify(followUp(4, keyExchange(second))))
                .as("without a name")
                .isEqualTo(NotifyType.STATE_NOT_FOUND.code());
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_STATE_NOT_FOUND)).isEqualTo(2);
    }

    @Test
    void aSeriesIsForgottenAfterAWhile() {
        List<Payload> created = peer.request(ExchangeType.CREATE_CHILD_SA, 3, childRequest());

        world.advance(Duration.ofSeconds(21));

        assertThat(InitiatorByHand.onlyNotify(followUp(4, keyExchange(second), link(created))))
                .isEqualTo(NotifyType.STATE_NOT_FOUND.code());
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void aSeriesGoesOnOnce() {
        List<Payload> created = peer.request(ExchangeType.CREATE_CHILD_SA, 3, childRequest());
        followUp(4, keyExchange(second), link(created));

        assertThat(InitiatorByHand.onlyNotify(followUp(5, keyExchange(second), link(created))))
                .isEqualTo(NotifyType.STATE_NOT_FOUND.code());
        assertThat(gateway.installed()).hasSize(2);
    }

    @Test
    void anotherMethodOrNoneOrGarbageEndsTheSeriesAndNothingElse() {
        List<List<Payload>> wrong =
                List.of(
                        List.of(),
                        List.of(keyExchange(first)),
                        List.of(
                                new Payload.KeyExchange(
                                        KeyExchangeMethod.ML_KEM_512.transformId(),
                                        Octets.of(second.publicData()))),
                        List.of(
                                new Payload.KeyExchange(
                                        KEM.transformId(), Octets.of(new byte[9]))));
        int messageId = 3;
        for (List<Payload> payloads : wrong) {
            List<Payload> created =
                    peer.request(ExchangeType.CREATE_CHILD_SA, messageId++, childRequest());
            List<Payload> request = new ArrayList<>(payloads);
            request.add(link(created));
            assertThat(
                            InitiatorByHand.onlyNotify(
                                    followUp(messageId++, request.toArray(Payload[]::new))))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(gateway.installed()).hasSize(1);
    }

    /// The gateway begins, and this peer answers the last exchange with a value that is right under
    /// the name of a method that is right, or of another.
    @ParameterizedTest
    @CsvSource({"ML_KEM_768, 1", "ML_KEM_512, 0", "ML_KEM_1024, 0", "X25519, 0"})
    void anAnswerOfAnotherMethodMakesNoKeys(KeyExchangeMethod named, int rekeyed) throws Exception {
        gateway.give(new Input.RekeyIkeSa(gateway.lastEstablished().handle()));
        List<Payload> request = peer.open(world.carried().getLast());
        byte[] offered = InitiatorByHand.find(request, Payload.KeyExchange.class).data().array();
        List<Datagram> next =
                peer.send(
                        peer.seal(
                                ExchangeType.CREATE_CHILD_SA,
                                true,
                                0,
                                List.of(
                                        ikeRequest().getFirst(),
                                        new Payload.Nonce(Octets.of(ni)),
                                        keyExchange(HYBRID.keyExchange().respond(offered, entropy)),
                                        Payload.Notify.of(
                                                NotifyType.ADDITIONAL_KEY_EXCHANGE,
                                                Octets.of(new byte[8])))));
        assertThat(next.getFirst().header().exchange()).isEqualTo(ExchangeType.IKE_FOLLOWUP_KE);
        List<Payload> followUp = peer.open(next.getFirst());
        Payload.KeyExchange ke = InitiatorByHand.find(followUp, Payload.KeyExchange.class);
        KeyAgreement answer = KEM.respond(ke.data().array(), entropy);

        peer.send(
                peer.seal(
                        ExchangeType.IKE_FOLLOWUP_KE,
                        true,
                        1,
                        List.of(
                                new Payload.KeyExchange(
                                        named.transformId(), Octets.of(answer.publicData())))));

        assertThat(gateway.events(Event.IkeSaRekeyed.class)).hasSize(rekeyed);
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
    }
}
