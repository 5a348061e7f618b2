package dev.postern.ike.rfc8784;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.PpkPolicy;
import dev.postern.ike.PpkPolicy.Ppk;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A PPK in both roles: which keys it goes into, and what becomes of peers that do not share one
/// (section 3).
class Section_3_PostQuantumPreSharedKeys {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private final World world = new World(8784);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private static Ppk ppk(String name, String key, Identity... peers) {
        return Ppk.named(name, GatewaySettings.key(key), List.of(peers));
    }

    private static EndpointSecrets secrets(String profile, boolean required, Ppk... keys) {
        return new EndpointSecrets(
                List.of(), Map.of(profile, new PpkPolicy(List.of(keys), required)));
    }

    private void gatewayHas(boolean required, Ppk... keys) {
        gatewaySettings.secrets = secrets(gatewaySettings.profileName, required, keys);
    }

    private void clientHas(boolean required, Ppk key) {
        clientSettings.secrets = secrets(clientSettings.profile().name(), required, key);
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    private static boolean usedPpk(Node client) {
        return client.lastTicket().session().has(Session.Extension.PPK);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void peersThatShareAPpkUseIt(boolean clientRequires, boolean gatewayRequires) {
        gatewayHas(gatewayRequires, ppk("office", KEY));
        clientHas(clientRequires, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertTunnel(client, gateway);
        assertThat(usedPpk(client)).isTrue();
    }

    @Test
    void anotherSecretUnderTheSameNameFails() {
        gatewayHas(false, ppk("office", KEY));
        clientHas(false, ppk("office", "another key of thirty-two octets"));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
    }

    @Test
    void withoutTheKeyTheResponderGoesOnWhereBothMay() {
        gatewayHas(false, ppk("warehouse", KEY));
        clientHas(false, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertTunnel(client, gateway);
        assertThat(usedPpk(client)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true", "true,true"})
    void withoutTheKeyThereIsNoIkeSaWhereOneOfThemRequiresIt(
            boolean clientRequires, boolean gatewayRequires) {
        gatewayHas(gatewayRequires, ppk("warehouse", KEY));
        clientHas(clientRequires, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.installed()).isEmpty();
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void anInitiatorThatRequiresItLeavesAResponderThatDoesNotKnowThem() {
        clientHas(true, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(world.carried()).noneMatch(d -> d.header().exchange() == ExchangeType.IKE_AUTH);
    }

    @Test
    void anInitiatorThatMayGoWithoutDoes() {
        clientHas(false, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);
        assertTunnel(connect(gateway), gateway);
    }

    @Test
    void aResponderThatRequiresItRefusesWhoDoesNotKnowThem() {
        gatewayHas(true, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.count(Counter.REFUSED_PPK)).isEqualTo(1);
    }

    @Test
    void aResponderThatHasSomeLetsOthersInWithout() {
        gatewayHas(false, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);
        assertTunnel(connect(gateway), gateway);
    }

    @Test
    void theKeyOfAnotherPeerIsNotForThisOne() {
        gatewayHas(false, ppk("office", KEY, Identity.fqdn("c08.example")));
        clientHas(true, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void whoSaysUsePpkAndNamesNoneIsRefused() {
        gatewayHas(false, ppk("office", KEY));
        InitiatorByHand initiator = new InitiatorByHand(world, world.add(gatewaySettings), 1);
        List<Payload> init = new ArrayList<>(initiator.initPayloads());
        init.add(Payload.Notify.of(NotifyType.USE_PPK));
        initiator.begin(init);
        assertThat(Message.findNotify(initiator.initResponse().payloads(), NotifyType.USE_PPK))
                .isNotNull();

        assertThat(
                        onlyNotify(
                                initiator.request(
                                        ExchangeType.IKE_AUTH, 1, initiator.authPayloads())))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    /// NO_PPK_AUTH is AUTH under SK_pi'.
    @Test
    void noPpkAuthStandsInForAuthWhereTheKeyIsNotKnown() {
        gatewayHas(false, ppk("office", KEY));
        InitiatorByHand initiator = new InitiatorByHand(world, world.add(gatewaySettings), 1);
        List<Payload> init = new ArrayList<>(initiator.initPayloads());
        init.add(Payload.Notify.of(NotifyType.USE_PPK));
        initiator.begin(init);
        List<Payload> auth = new ArrayList<>(initiator.authPayloads());
        Payload.Authentication plain = initiator.auth();
        auth.replaceAll(payload ->
                payload instanceof Payload.Authentication
                        ? new Payload.Authentication(plain.method(), Octets.of(new byte[32]))
                        : payload);
        auth.add(
                Payload.Notify.of(
                        NotifyType.PPK_IDENTITY, Octets.of(new byte[] {2, 'n', 'o', 'n', 'e'})));
        auth.add(Payload.Notify.of(NotifyType.NO_PPK_AUTH, plain.data()));

        List<Payload> answer = initiator.request(ExchangeType.IKE_AUTH, 1, auth);

        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
        assertThat(Message.findNotify(answer, NotifyType.PPK_IDENTITY)).isNull();
    }

    /// Section 3: the initiator aborts where the key is mandatory and the responder does not
    /// confirm it, however well that proves itself without.
    @Test
    void anInitiatorThatRequiresItLeavesAResponderThatDoesNotConfirmIt() {
        clientHas(true, ppk("office", KEY));
        Node seat = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), seat);
        GatewayByHand responder = new GatewayByHand(world, client, seat);

        confirmNothing(responder);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(client.installed()).isEmpty();
    }

    @Test
    void anInitiatorThatMayGoWithoutTakesAResponderThatDoesNotConfirmIt() {
        clientHas(false, ppk("office", KEY));
        Node seat = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), seat);
        GatewayByHand responder = new GatewayByHand(world, client, seat);

        confirmNothing(responder);

        assertThat(client.lastEstablished().peer()).isEqualTo(responder.identity);
        assertThat(client.installed()).hasSize(1);
    }

    /// It says that it knows of such keys, and goes on without.
    private static void confirmNothing(GatewayByHand responder) {
        List<Payload> init = new ArrayList<>(responder.initPayloads());
        init.add(Payload.Notify.of(NotifyType.USE_PPK));
        responder.begin(init).answerAuth(responder.authPayloads());
    }

    /// A key counts for the peers of its own profile alone.
    @Test
    void theKeyOfAnotherProfileIsNoneForThisOne() {
        gatewaySettings.furtherProfiles =
                List.of(
                        ResponderProfile.builder("others")
                                .preSharedKeys(
                                        Map.of(
                                                Identity.fqdn("c09.example"),
                                                GatewaySettings.key("yet another client's key")))
                                .ikeSuites(gatewaySettings.ikeSuites)
                                .espSuites(gatewaySettings.espSuites)
                                .localSelectors(gatewaySettings.localSelectors)
                                .build());
        gatewaySettings.secrets = secrets("others", false, ppk("office", KEY));
        clientHas(false, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);

        Node client = connect(gateway);

        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aRekeyingNeedsNoPpkAndHasItsProtectionFromTheOldKeys() {
        gatewayHas(true, ppk("office", KEY));
        clientHas(true, ppk("office", KEY));
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        client.give(new Input.RekeyIkeSa(1));
        world.settle();

        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertTunnel(client, gateway);
    }

    @Test
    void aResumeNeedsNoPpkAndASessionWithoutOneIsNotResumedWhereItIsRequired() {
        gatewayHas(true, ppk("office", KEY));
        clientHas(true, ppk("office", KEY));
        Node client = connect(world.add(gatewaySettings));
        GatewaySettings strict = new GatewaySettings('b');
        strict.secrets = gatewaySettings.secrets;
        Node other = world.add(strict);

        client.resume(2, clientSettings.profile(), other, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);

        GatewaySettings lax = new GatewaySettings('c');
        Node without = world.add(lax);
        ClientSettings plain = new ClientSettings("c08");
        plain.host = 8;
        plain.preSharedKey = GatewaySettings.key("another key of another client");
        Node another = world.add(plain);
        another.initiate(1, plain.profile(), without);
        world.settle();
        another.resume(2, plain.profile(), other, another.lastTicket());
        world.settle();
        assertThat(another.lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    /// Each ticket of a chain says that the key went in, at the client and at the gateway, so the
    /// last resume is as good as the first.
    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void aChainOfResumesStaysASessionWithPpk(Session.Kind kind) {
        gatewayHas(true, ppk("office", KEY));
        clientHas(true, ppk("office", KEY));
        clientSettings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
        gatewaySettings.resumption = Suites.BOTH_PROTOCOLS;
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        for (int resume = 2; resume < 5; resume++) {
            ResumableSession latest = client.lastTicket();
            assertThat(latest.session().kind()).isEqualTo(kind);
            assertThat(usedPpk(client)).isTrue();
            assertThat(World.sealer(1).open(latest.ticket(), kind))
                    .isInstanceOfSatisfying(
                            OpenedTicket.class,
                            opened ->
                                    assertThat(opened.session().has(Session.Extension.PPK))
                                            .isTrue());

            client.resume(resume, clientSettings.profile(), gateway, latest);
            world.settle();

            assertThat(client.lastEstablished().handle()).isEqualTo(resume);
            assertTunnel(client, gateway);
        }
        assertThat(gateway.count(Counter.REFUSED_TICKET_POLICY)).isZero();
    }

    /// A session without the key gets none by being resumed.
    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void aChainOfResumesStaysASessionWithoutPpk(Session.Kind kind) {
        clientSettings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
        gatewaySettings.resumption = Suites.BOTH_PROTOCOLS;
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(2);
        assertThat(usedPpk(client)).isFalse();
    }
}
