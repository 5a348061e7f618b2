package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.Announcement;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Suites;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Capability negotiation in IKE_SA_INIT: draft section 4.1.1, profile "Capability negotiation".
class Section_4_1_1_AnnouncedInIkeSaInit {
    private static final Payload.VendorId VENDOR =
            new Payload.VendorId(Octets.ofAscii("postern-failover-1"));
    private static final GatewayList.Entry ELSEWHERE =
            new GatewayList.Address(Octets.of(Net.ip(192, 0, 2, 9).getAddress()), 4500);
    private static final AlternativeGateways BACKUPS =
            new AlternativeGateways(List.of(new Backup(ELSEWHERE, 1, 0)));

    private final Resumption r = new Resumption(32);
    private final InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 1);

    private static Payload supported(int flags) {
        return Payload.Notify.of(
                NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.of(new byte[] {(byte) flags}));
    }

    private List<Payload> initAnswer(Payload... announced) {
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.addAll(List.of(announced));
        return peer.begin(init).initResponse().payloads();
    }

    private List<Payload> authAnswer() {
        return peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());
    }

    private static @Nullable Octets flagsIn(List<Payload> payloads) {
        Payload.Notify notify =
                Message.findNotify(payloads, NotifyType.SESSION_RESUMPTION_SUPPORTED);
        return notify == null ? null : notify.data();
    }

    private static boolean has(List<Payload> payloads, NotifyType type) {
        return Message.findNotify(payloads, type) != null;
    }

    private void announceEarly() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP.announcing(Announcement.IKE_SA_INIT);
    }

    // ---- the gateway ----

    @Test
    void aGatewayThatIsWillingSaysSoInItsAnswer() {
        assertThat(flagsIn(initAnswer(VENDOR, supported(0x80)))).isEqualTo(Octets.ofHex("80"));
    }

    @Test
    void theTicketFollowsInIkeAuthWithoutBeingAskedForAgain() {
        List<Payload> init = initAnswer(VENDOR, supported(0x80));
        List<Payload> auth = authAnswer();

        assertThat(has(init, NotifyType.IKEV2_TICKET)).as("S only announces it").isFalse();
        assertThat(has(auth, NotifyType.IKEV2_TICKET)).isTrue();
        assertThat(flagsIn(auth)).isEqualTo(Octets.ofHex("80"));
    }

    @Test
    void theListFollowsInIkeAuthToo() {
        r.a().give(new Input.AnnounceGateways(BACKUPS));
        List<Payload> init = initAnswer(VENDOR, supported(0xc0));
        assertThat(flagsIn(init))
                .as("L would say that it is contained")
                .isEqualTo(Octets.ofHex("80"));
        assertThat(has(init, NotifyType.ALT_GW_LIST)).isFalse();

        List<Payload> auth = authAnswer();
        assertThat(flagsIn(auth)).isEqualTo(Octets.ofHex("c0"));
        assertThat(has(auth, NotifyType.ALT_GW_LIST)).isTrue();
    }

    @Test
    void withoutTheVendorIdTheNumberMeansNothing() {
        assertThat(flagsIn(initAnswer(supported(0x80)))).isNull();
        assertThat(has(authAnswer(), NotifyType.IKEV2_TICKET)).isFalse();
    }

    @Test
    void aGatewayThatResumesNobodyIgnoresIt() {
        Resumption other = new Resumption(33);
        other.aSettings.resumption = ResumptionPolicy.DISABLED;
        assertThat(flagsIn(initAnswerOf(other))).isNull();
    }

    @Test
    void aGatewayWithoutTicketKeysIgnoresIt() {
        Resumption other = new Resumption(33);
        other.aSettings.tickets = null;
        assertThat(flagsIn(initAnswerOf(other))).isNull();
    }

    private static List<Payload> initAnswerOf(Resumption world) {
        InitiatorByHand asking = new InitiatorByHand(world.world, world.a(), 1);
        List<Payload> init = new ArrayList<>(asking.initPayloads());
        init.add(VENDOR);
        init.add(supported(0x80));
        return asking.begin(init).initResponse().payloads();
    }

    @Test
    void aGatewayThatKeepsEverySessionItselfLeavesSClear() {
        Resumption other = new Resumption(34);
        other.aSettings.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE);
        InitiatorByHand asking = new InitiatorByHand(other.world, other.a(), 1);
        List<Payload> init = new ArrayList<>(asking.initPayloads());
        init.add(VENDOR);
        init.add(supported(0x80));
        assertThat(flagsIn(asking.begin(init).initResponse().payloads()))
                .isEqualTo(Octets.ofHex("00"));
        assertThat(
                        has(
                                asking.request(ExchangeType.IKE_AUTH, 1, asking.authPayloads()),
                                NotifyType.IKE_SPI_PAIR))
                .isTrue();
    }

    @Test
    void aNotificationWithoutFlagsIsAnsweredWithoutS() {
        assertThat(
                        flagsIn(
                                initAnswer(
                                        VENDOR,
                                        Payload.Notify.of(
                                                NotifyType.SESSION_RESUMPTION_SUPPORTED))))
                .isEqualTo(Octets.ofHex("00"));
    }

    // ---- the client ----

    @Test
    void aClientThatIsToldToAnnouncesItThereAndDoesNotRepeatIt() {
        announceEarly();
        ResumableSession ticket = r.connect();

        assertThat(flagsIn(r.world.carried().get(0).message().payloads()))
                .isEqualTo(Octets.ofHex("c0"));
        assertThat(flagsIn(r.world.carried().get(1).message().payloads()))
                .isEqualTo(Octets.ofHex("80"));
        assertThat(ticket.session().kind()).isEqualTo(Session.Kind.ONE_ROUND_TRIP);
        r.resume(r.b(), ticket);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void byDefaultItIsAnnouncedInIkeAuthAsTheDraftRecommends() {
        r.connect();
        assertThat(flagsIn(r.world.carried().get(0).message().payloads())).isNull();
    }

    @Test
    void aClientThatGotNoAnswerTriesAgainInIkeAuth() {
        announceEarly();
        GatewayByHand gateway = begin();
        List<Payload> init = new ArrayList<>(gateway.initPayloads());
        init.add(VENDOR);
        gateway.begin(init);
        assertThat(flagsIn(gateway.open(gateway.received()))).isEqualTo(Octets.ofHex("c0"));
    }

    @Test
    void aClientThatGotAnAnswerDoesNotAskTwice() {
        announceEarly();
        GatewayByHand gateway = begin();
        List<Payload> init = new ArrayList<>(gateway.initPayloads());
        init.add(VENDOR);
        init.add(supported(0x80));
        gateway.begin(init);
        assertThat(flagsIn(gateway.open(gateway.received()))).isNull();
    }

    @Test
    void aListInIkeSaInitCountsOnlyWhenIkeAuthHasSucceeded() {
        announceEarly();
        GatewayByHand gateway = beginWithList();
        assertThat(r.client().events(Event.GatewaysAnnounced.class)).isEmpty();

        gateway.answerAuth(gateway.authPayloads());

        assertThat(r.client().events(Event.GatewaysAnnounced.class))
                .singleElement()
                .satisfies(told -> assertThat(told.gateways()).containsExactly(ELSEWHERE));
    }

    @Test
    void aListOfAGatewayThatDoesNotProveItselfCountsNever() {
        announceEarly();
        GatewayByHand gateway = beginWithList();
        gateway.preSharedKey = dev.postern.ike.world.GatewaySettings.key("somebody else's key");
        gateway.answerAuth(gateway.authPayloads());
        assertThat(r.client().events(Event.GatewaysAnnounced.class)).isEmpty();
        assertThat(r.client().events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void aListUnderSkGoesBeforeOneInClearText() {
        announceEarly();
        GatewayByHand gateway = beginWithList();
        GatewayList.Entry better = new GatewayList.Name("gw-d.example");
        List<Payload> auth = new ArrayList<>(gateway.authPayloads());
        auth.add(Payload.Notify.of(NotifyType.ALT_GW_LIST, GatewayList.encode(List.of(better))));
        gateway.answerAuth(auth);
        assertThat(r.client().events(Event.GatewaysAnnounced.class))
                .singleElement()
                .satisfies(told -> assertThat(told.gateways()).containsExactly(better));
    }

    private GatewayByHand begin() {
        r.client().initiate(1, r.settings.profile(), r.a());
        return new GatewayByHand(r.world, r.client(), r.a());
    }

    private GatewayByHand beginWithList() {
        GatewayByHand gateway = begin();
        List<Payload> init = new ArrayList<>(gateway.initPayloads());
        init.add(VENDOR);
        init.add(supported(0xc0));
        init.add(Payload.Notify.of(NotifyType.ALT_GW_LIST, GatewayList.encode(List.of(ELSEWHERE))));
        return gateway.begin(init);
    }
}
