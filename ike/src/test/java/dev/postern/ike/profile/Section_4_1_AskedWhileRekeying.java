package dev.postern.ike.profile;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// SESSION_RESUMPTION_SUPPORTED in the CREATE_CHILD_SA that rekeys the IKE SA (failover profile,
/// "Capability negotiation"): the answer has the ticket of the new IKE SA.
class Section_4_1_AskedWhileRekeying {
    private static final long NEW_SPI = 0x5252_5252_5252_5252L;

    private final Resumption r = new Resumption(417);
    private final KeyAgreement agreement =
            Suites.IKE_DEFAULT.getFirst().keyExchange().generate(new SeededEntropy(418));
    private final byte[] ni = new SeededEntropy(419).octets(32);

    private static Payload asking(String flags) {
        return Payload.Notify.of(NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.ofHex(flags));
    }

    private InitiatorByHand connected() {
        InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.add(new Payload.VendorId(Octets.ofAscii("postern-failover-1")));
        peer.begin(init);
        peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());
        return peer;
    }

    private List<Payload> rekeyed(InitiatorByHand peer, Payload... more) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(
                new Payload.SecurityAssociation(
                        List.of(peer.suite.toProposal(1).withSpi(Octets.ofLong(NEW_SPI)))));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        payloads.add(peer.keyExchange(agreement.publicData()));
        payloads.addAll(List.of(more));
        return peer.request(ExchangeType.CREATE_CHILD_SA, 2, payloads);
    }

    private static Payload.Notify found(List<Payload> payloads, NotifyType type) {
        Payload.Notify notify = Message.findNotify(payloads, type);
        if (notify == null) {
            throw new AssertionError("no " + type + " among " + payloads);
        }
        return notify;
    }

    private static Session opened(List<Payload> answer) {
        Octets data = found(answer, NotifyType.IKEV2_TICKET).data();
        if (World.sealer(1).open(data.slice(4, data.length()), Session.Kind.ONE_ROUND_TRIP)
                instanceof OpenedTicket ours) {
            return ours.session();
        }
        throw new AssertionError("the ticket does not open");
    }

    /// Requests of the gateway itself, such as the one that takes a ticket to its client.
    private long ownRequests() {
        return r.world.carried().stream()
                .filter(sent -> sent.from().equals(r.a().address()) && !sent.header().response())
                .count();
    }

    private static @Nullable Datagram answerToRekeying(Datagram sent) {
        return sent.header().exchange() == ExchangeType.CREATE_CHILD_SA && sent.header().response()
                ? sent
                : null;
    }

    @Test
    void theAnswerHasTheFlagAndTheTicketOfTheNewIkeSa() throws InvalidKeyExchangeException {
        InitiatorByHand peer = connected();
        byte[] oldSkD = peer.skD();

        List<Payload> answer = rekeyed(peer, asking("80"));

        assertThat(found(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED).data())
                .isEqualTo(Octets.ofHex("80"));
        Session session = opened(answer);
        assertThat(session.generation()).isEqualTo(1);
        assertThat(session.gatewaySwitchCount()).isZero();
        assertThat(session.childSas()).as("they go over to the new IKE SA").hasSize(1);
        byte[] rs =
                peer.suite
                        .prf()
                        .plus(
                                newSkD(peer, oldSkD, answer),
                                oldSkD.length,
                                "IKEv2 failover RS".getBytes(StandardCharsets.US_ASCII),
                                session.sessionHash().array());
        assertThat(Arrays.equals(session.secret().expose(), rs)).isTrue();
        assertThat(ownRequests()).as("nothing has to follow").isZero();
    }

    /// RFC 7296 section 2.18.
    private byte[] newSkD(InitiatorByHand peer, byte[] oldSkD, List<Payload> answer)
            throws InvalidKeyExchangeException {
        byte[] nr = InitiatorByHand.find(answer, Payload.Nonce.class).data().array();
        byte[] kr = InitiatorByHand.find(answer, Payload.KeyExchange.class).data().array();
        long spiR =
                InitiatorByHand.find(answer, Payload.SecurityAssociation.class)
                        .proposals()
                        .getFirst()
                        .spi()
                        .toLong(0);
        try (SecretBytes shared = agreement.agree(kr)) {
            byte[] skeyseed =
                    KeyDerivation.rekeyedSkeyseed(
                            peer.suite.prf(), oldSkD, shared.expose(), ni, nr);
            return KeyDerivation.ikeKeyMaterial(
                    peer.suite.prf(), skeyseed, ni, nr, NEW_SPI, spiR, oldSkD.length);
        }
    }

    @Test
    void whoDoesNotAskGetsNothingThere() {
        List<Payload> answer = rekeyed(connected());
        assertThat(answer).noneMatch(Payload.Notify.class::isInstance);
    }

    @Test
    void aGatewayThatResumesNobodyIgnoresIt() {
        r.aSettings.resumption = ResumptionPolicy.DISABLED;
        List<Payload> answer = rekeyed(connected(), asking("80"));
        assertThat(answer).noneMatch(Payload.Notify.class::isInstance);
        assertThat(r.a().events(Event.IkeSaRekeyed.class)).hasSize(1);
    }

    @Test
    void withLTheListIsContained() {
        GatewayList.Entry other = new GatewayList.Name("gw-d.example");
        r.a().give(
                        new Input.AnnounceGateways(
                                new AlternativeGateways(List.of(new Backup(other, 1, 0)))));
        List<Payload> answer = rekeyed(connected(), asking("c0"));
        assertThat(found(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED).data())
                .isEqualTo(Octets.ofHex("c0"));
        assertThat(found(answer, NotifyType.ALT_GW_LIST).data())
                .isEqualTo(GatewayList.encode(List.of(other)));
        assertThat(opened(answer).generation()).isEqualTo(1);
    }

    @Test
    void aClientAsksAndHoldsTheNextTicketWhenTheRekeyingIsOver() {
        ResumableSession before = r.connect();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofSeconds(1));

        ResumableSession after = r.client().lastTicket();
        assertThat(after.session().generation()).isEqualTo(before.session().generation() + 1);
        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(2);
        assertThat(ownRequests()).isZero();
        r.resume(r.b(), after);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aClientWhoseSessionIsKeptByTheGatewaysDoesNotAskThere() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP.storing(TicketStorage.BY_REFERENCE);
        r.aSettings.resumption = r.settings.resumption;
        r.connect();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofSeconds(1));
        assertThat(ownRequests()).as("its reference follows").isEqualTo(1);
        assertThat(r.client().lastTicket().isReference()).isTrue();
        assertThat(r.client().lastTicket().session().generation()).isEqualTo(1);
    }

    @Test
    void theEarlierTicketIsGoodUntilTheClientShowsThatItHasTheNext() {
        ResumableSession before = r.connect();
        r.world.setFate(sent -> answerToRekeying(sent) == null ? Fate.delivered() : Fate.lost());
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofMillis(100));
        assertThat(r.a().events(Event.IkeSaRekeyed.class)).hasSize(1);

        ResumeByHand request = new ResumeByHand(before, Resumption.A, 1);

        assertThat(request.answer(r.world, r.a()).size()).as("it is served").isGreaterThan(1);
    }

    @Test
    void thenItIsGoodNoLonger() {
        ResumableSession before = r.connect();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofMillis(200));

        ResumeByHand request = new ResumeByHand(before, Resumption.A, 1);

        assertThat(request.answer(r.world, r.a()))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.a().count(Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
    }

    @Test
    void whileBothPeersRekeyTheTicketFollowsInAnExchangeOfItsOwn() {
        r.connect();
        r.a().give(new Input.RekeyIkeSa(r.a().lastEstablished().handle()));
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofSeconds(5));

        assertThat(r.client().lastTicket().session().generation()).isEqualTo(1);
        r.resume(r.b(), r.client().lastTicket());
        assertTunnel(r.client(), r.b());
    }
}
