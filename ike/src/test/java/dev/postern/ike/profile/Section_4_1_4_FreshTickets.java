package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.TicketServiceByHand;
import dev.postern.ike.world.TicketsByHand;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The next ticket comes before the last one expires, whatever is rekeyed or not
/// (draft-dondeti-ipsec-failover-sol-00 section 4.1.4, RFC 5723 section 4.1: "or when the ticket
/// lifetime is about to expire"), and a client that has none asks (section 4.1.3). In these worlds
/// nothing is rekeyed by itself and nobody is checked, so nothing else is sent.
class Section_4_1_4_FreshTickets {
    private static final long LIFE = Suites.LIFETIME_SECONDS;

    private static final Payload.VendorId VENDOR =
            new Payload.VendorId(Octets.ofAscii("postern-failover-1"));

    private final Resumption r = new Resumption(414);

    private void speak(Session.Kind kind) {
        r.settings.resumption =
                kind == Session.Kind.RFC_5723 ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
    }

    /// The requests of an exchange of their own that a node has sent so far.
    private long asked(Node node) {
        return r.world.carried().stream()
                .filter(sent -> sent.from().equals(node.address()))
                .map(Datagram::header)
                .filter(sent -> sent.exchange() == ExchangeType.INFORMATIONAL && !sent.response())
                .count();
    }

    private int received() {
        return r.client().events(Event.TicketReceived.class).size();
    }

    private long left() {
        return r.client().lastTicket().validUntil() - r.world.now().epochSeconds();
    }

    private void advance(long seconds) {
        r.world.advance(Duration.ofSeconds(seconds));
    }

    /// A gateway that sends nothing by itself.
    private GatewayByHand byHand(List<Payload> announced) {
        Node seat = r.a();
        r.client().initiate(1, r.settings.profile(), seat);
        GatewayByHand gateway = new GatewayByHand(r.world, r.client(), seat);
        List<Payload> init = new ArrayList<>(gateway.initPayloads());
        init.addAll(announced);
        return gateway.begin(init);
    }

    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void aLivingIkeSaIsNeverWithoutATicketThatIsGood(Session.Kind kind) {
        speak(kind);
        r.connect();
        for (int quarter = 0; quarter < 4 * 9; quarter++) {
            advance(LIFE / 4);
            assertThat(left()).as("after %d quarters", quarter).isGreaterThanOrEqualTo(LIFE / 2);
        }
        assertThat(r.client().lastTicket().session().kind()).isEqualTo(kind);
        r.a().die();
        r.resume(r.b(), r.client().lastTicket());
        assertTunnel(r.client(), r.b());
    }

    /// One exchange for each ticket, which the gateway begins; one of RFC 5723 the client ("All
    /// such Informational exchanges MUST be initiated by the client").
    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void aFreshOneCostsOneExchangeAtHalfOfTheLifetime(Session.Kind kind) {
        speak(kind);
        r.connect();
        long exchanges = asked(r.client()) + asked(r.a());

        advance(LIFE * 3 / 8 - 1);
        assertThat(received()).isEqualTo(1);
        advance(LIFE / 8 + 2);

        assertThat(received()).isEqualTo(2);
        assertThat(asked(r.client()) + asked(r.a())).isEqualTo(exchanges + 1);
        boolean byClient = kind == Session.Kind.RFC_5723;
        assertThat(asked(r.client())).isEqualTo(byClient ? 1 : 0);
    }

    @Test
    void ofATicketServiceTheGatewaySendsItToo() {
        TicketServiceByHand service = new TicketServiceByHand("vpn.example");
        r.aSettings.tickets = new ServedTickets();
        r.a().seatTicketService(service);
        r.connect();
        for (int quarter = 0; quarter < 8; quarter++) {
            advance(LIFE / 4);
            assertThat(left()).isGreaterThanOrEqualTo(LIFE / 2);
        }
    }

    /// Clients that came in one second, as after a storm, are spread over an eighth of the
    /// lifetime.
    @ParameterizedTest
    @ValueSource(strings = {"BY_VALUE", "BY_REFERENCE", "RFC_5723"})
    void clientsThatCameTogetherDoNotAskTogether(String how) {
        ResumptionPolicy policy = how.equals("RFC_5723") ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
        if (how.equals("BY_REFERENCE")) {
            r.aSettings.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.BY_REFERENCE);
        }
        List<Node> clients = new ArrayList<>();
        List<ClientSettings> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            ClientSettings one = new ClientSettings("c1" + i);
            one.host = 10 + i;
            one.resumption = policy;
            all.add(one);
            r.aSettings.keys.put(one.identity, one.preSharedKey);
        }
        for (ClientSettings one : all) {
            Node client = r.world.add(one);
            clients.add(client);
            client.initiate(1, one.profile(), r.a());
        }
        r.world.settle();

        Map<Long, Integer> bySecond = new HashMap<>();
        int before = 0;
        for (long second = 0; second <= LIFE / 2 + 1; second++) {
            advance(1);
            int now =
                    clients.stream()
                            .mapToInt(one -> one.events(Event.TicketReceived.class).size() - 1)
                            .sum();
            bySecond.merge(second, now - before, Integer::sum);
            before = now;
        }

        assertThat(before).as("one fresh ticket for each").isEqualTo(clients.size());
        assertThat(bySecond.values()).allMatch(together -> together <= 4);
    }

    /// Section 6.1 of RFC 5723 bounds a ticket by the reauthentication: another would end with it.
    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void aTicketThatLivesToTheEndOfTheSessionHasNoSuccessor(Session.Kind kind) {
        speak(kind);
        r.aSettings.life = LifePolicy.UNLIMITED.withReauthentication(LIFE);
        r.connect();
        long exchanges = asked(r.client()) + asked(r.a());

        advance(LIFE - 10);

        assertThat(received()).isEqualTo(1);
        assertThat(asked(r.client()) + asked(r.a())).isEqualTo(exchanges);
    }

    @Test
    void aGatewayThatHasNoKeyWhenItIsDueSendsItWhenItHasOne() {
        TicketsByHand tickets = new TicketsByHand();
        r.aSettings.tickets = tickets;
        // So long that the client does not come first.
        r.aSettings.resumption =
                new ResumptionPolicy(
                        true, false, 8 * LIFE, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);
        r.connect();
        tickets.loseKey();
        advance(8 * LIFE / 2);
        assertThat(r.a().events(Event.TicketWithheld.class)).isNotEmpty();
        tickets.findKey();
        advance(1_801);
        assertThat(asked(r.client())).isZero();
        assertThat(received()).isEqualTo(2);
    }

    /// A gateway of another make may not send one by itself.
    @Test
    void aClientAsksWhereTheGatewaysHasNotComeByThreeQuarters() {
        GatewayByHand gateway = byHand(List.of(VENDOR));
        List<Payload> answer = new ArrayList<>(gateway.authPayloads());
        answer.add(
                Payload.Notify.of(
                        NotifyType.SESSION_RESUMPTION_SUPPORTED,
                        Octets.of(new byte[] {(byte) 0x80})));
        answer.add(
                Payload.Notify.of(
                        NotifyType.IKEV2_TICKET, Octets.of(new byte[] {0, 0, 0x0e, 0x10, 7, 7})));
        gateway.answerAuth(answer);
        assertThat(received()).isEqualTo(1);

        advance(LIFE * 5 / 8 - 1);
        assertThat(asked(r.client())).isZero();
        advance(LIFE / 8 + 2);

        assertThat(asked(r.client())).isPositive();
        List<Payload> question = gateway.open(gateway.received());
        assertThat(Message.findNotify(question, NotifyType.SESSION_RESUMPTION_SUPPORTED))
                .isNotNull();
    }

    // ---- a client without one ----

    @Test
    void aClientThatGotNoneAsksByItselfInAnExchangeOfItsOwn() {
        TicketsByHand tickets = new TicketsByHand().loseKey();
        r.aSettings.tickets = tickets;
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();
        assertThat(received()).isZero();
        tickets.findKey();

        advance(11);

        assertThat(asked(r.client())).isEqualTo(1);
        assertThat(received()).isEqualTo(1);
        r.a().die();
        r.resume(r.b(), r.client().lastTicket());
        assertTunnel(r.client(), r.b());
    }

    @Test
    void whatIsNotAnsweredIsAskedRarely() {
        r.aSettings.tickets = null;
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();

        advance(900);
        assertThat(asked(r.client())).isEqualTo(1);
        advance(3 * 3_600);
        assertThat(asked(r.client())).isBetween(6L, 13L);
        assertThat(received()).isZero();
    }

    @Test
    void aResumeThatBroughtNoneIsFollowedByTheQuestionToo() {
        TicketsByHand tickets = new TicketsByHand().loseKey();
        r.bSettings.tickets = tickets;
        r.resume(r.b(), r.connect());
        assertThat(received()).isEqualTo(1);
        tickets.findKey();

        advance(11);

        assertThat(received()).isEqualTo(2);
        assertThat(r.client().lastTicket().session().gatewaySwitchCount()).isEqualTo(1);
    }

    @Test
    void aReferenceThatCouldNotBeGrantedIsAskedForToo() {
        Stateful s = new Stateful(415);
        s.store.fallSilent();
        s.r.client().initiate(1, s.r.settings.profile(), s.r.a());
        s.r.world.advance(Duration.ofSeconds(3));
        assertThat(s.r.client().events(Event.TicketReceived.class)).isEmpty();
        s.store.speakAgain();

        s.r.world.advance(Duration.ofSeconds(11));

        ResumableSession reference = s.r.client().lastTicket();
        assertThat(reference.isReference()).isTrue();
        s.r.a().die();
        s.r.resume(s.r.b(), reference);
        assertTunnel(s.r.client(), s.r.b());
    }

    /// RFC 5723 section 4.1: TICKET_NACK refuses; a gateway that has refused is asked rarely.
    @Test
    void whoHasRefusedIsAskedRarely() {
        speak(Session.Kind.RFC_5723);
        TicketsByHand tickets = new TicketsByHand().loseKey();
        r.aSettings.tickets = tickets;
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();

        advance(899);
        assertThat(asked(r.client())).isZero();
        tickets.findKey();
        advance(902);
        assertThat(asked(r.client())).isEqualTo(1);
        assertThat(received()).isEqualTo(1);
    }

    /// A responder of RFC 5723 answers each TICKET_REQUEST; who answers nothing knows none.
    @Test
    void whoKnowsNeitherProtocolIsNotAsked() {
        r.settings.resumption = Suites.BOTH_PROTOCOLS;
        GatewayByHand gateway = byHand(List.of());
        gateway.answerAuth(gateway.authPayloads());
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(1);

        advance(3 * 3_600);

        assertThat(asked(r.client())).isZero();
    }

    // ---- after a Child SA was rekeyed ----

    /// "If either the IPsec SA or the IKE SA is rekeyed, the gateway sends the new ticket."
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRekeyedChildSaBringsAFreshTicket(boolean byClient) {
        ResumableSession first = r.connect();
        Node rekeyer = byClient ? r.client() : r.a();
        advance(60);

        rekeyer.give(new Input.RekeyChildSa(rekeyer.installed().getFirst().inboundSpi()));
        r.world.settle();

        assertThat(rekeyer.events(Event.ChildSaEstablished.class)).isNotEmpty();
        assertThat(received()).isEqualTo(2);
        ResumableSession fresh = r.client().lastTicket();
        assertThat(fresh.ticket()).isNotEqualTo(first.ticket());
        assertThat(fresh.validUntil()).isGreaterThanOrEqualTo(first.validUntil() + 60);
        assertThat(fresh.session().childSas()).isEqualTo(first.session().childSas());
        r.a().die();
        r.resume(r.b(), fresh);
        assertTunnel(r.client(), r.b());
    }

    /// In the record of a session nothing is different then.
    @Test
    void theRecordOfASessionByReferenceIsNotWrittenAnewForIt() {
        Stateful s = new Stateful(416);
        s.connect();
        int asked = s.store.asked().size();

        s.r.client().give(new Input.RekeyChildSa(s.r.client().installed().getFirst().inboundSpi()));
        s.r.world.settle();

        assertThat(s.r.client().events(Event.ChildSaEstablished.class)).isNotEmpty();
        assertThat(s.store.asked()).hasSize(asked);
    }
}
