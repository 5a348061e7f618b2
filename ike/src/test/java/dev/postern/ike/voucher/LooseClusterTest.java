package dev.postern.ike.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.Succession;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.NotaryByHand;
import dev.postern.ike.world.World;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionBuilder;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.GatewaySwitch.Reason;
import dev.postern.wire.Header;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A loose cluster's hot standby (failover profile, "Hot standby"): a gateway at another address
/// restores the lost one's IKE SAs and calls their clients.
final class LooseClusterTest {
    private final World world = new World(6144);
    private final GatewaySettings aSettings = member('a');
    private final GatewaySettings bSettings = member('b');
    private final GatewaySettings cSettings = member('c');
    private final ClientSettings settings = new ClientSettings();
    private final NotaryByHand notary = new NotaryByHand();
    private final Node a = world.add(aSettings);
    private final Node b = world.add(bSettings);
    private final Node client = world.add(settings);
    private final Octets aForB = notary.sign(aSettings, NotaryByHand.voucher(aSettings, bSettings));

    private static GatewaySettings member(char letter) {
        GatewaySettings settings = new GatewaySettings(letter);
        settings.standby = StandbyPolicy.DEFAULT.protecting(Set.of(settings.profileName));
        return settings;
    }

    private void connect() {
        a.give(new Input.HoldVouchers(notary.held(aSettings, bSettings)));
        b.give(new Input.HoldVouchers(notary.held(bSettings, cSettings)));
        client.seatNotary(notary::answer);
        client.initiate(1, settings.profile(), a);
        world.settle();
        assertThat(a.standby().size()).isEqualTo(1);
    }

    /// gw-a dies, and gw-b stands in for it.
    private void succeed(int epoch, Octets... tokens) {
        a.die();
        succeed(a.standby().records(), epoch, tokens);
    }

    private void succeed(List<StandbyRecord> records, int epoch, Octets... tokens) {
        b.give(new Input.Succeed(records, epoch, NotaryByHand.succession(bSettings, tokens)));
        world.settle();
    }

    private void pass(long millis) {
        world.advance(Duration.ofMillis(millis));
    }

    private List<Datagram> notices() {
        return world.carried().stream()
                .filter(datagram -> datagram.from().equals(b.address()))
                .filter(datagram -> isNotice(datagram.header()))
                .toList();
    }

    private static boolean isNotice(Header header) {
        return header.exchange() == ExchangeType.INFORMATIONAL
                && header.messageId() == 0
                && !header.response();
    }

    private List<Event.SwitchOrdered> ordered() {
        return client.events(Event.SwitchOrdered.class);
    }

    private static Event.SwitchOrdered toB() {
        GatewaySettings b = new GatewaySettings('b');
        return new Event.SwitchOrdered(1, Reason.FAILURE, NotaryByHand.address(b), b.identity());
    }

    @Test
    void theClientIsCalledUnderTheSpisThatItKnows() {
        connect();
        Datagram before = world.carried().getLast();
        succeed(1, aForB);
        pass(100);
        assertThat(notices()).hasSize(1);
        Header header = notices().getFirst().header();
        assertThat(header.spiI()).isEqualTo(before.header().spiI());
        assertThat(header.spiR()).isEqualTo(before.header().spiR());
        assertThat(header.fromInitiator()).isFalse();
        assertThat(ordered()).containsExactly(toB());
        assertThat(client.count(Counter.SWITCHES_VERIFIED)).isEqualTo(1);
    }

    @Test
    void theAnswerToTheNoticeIsAResumeAndNothingElse() {
        connect();
        succeed(1, aForB);
        int before = world.carried().size();
        pass(100);
        assertThat(world.carried().size() - before).isEqualTo(1);
        client.resume(2, settings.profile(), b, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().peer()).isEqualTo(bSettings.identity());
        assertThat(b.lastEstablished().sessionId()).isEqualTo(a.lastEstablished().sessionId());
        assertThat(b.endpoint().size()).as("the restored IKE SA is replaced").isEqualTo(1);
        pass(10_000);
        assertThat(notices()).as("nobody is called who is here").hasSize(1);
    }

    @Test
    void theNoticeIsRepeatedOctetByOctetUntilNobodyCanBeHopedFor() {
        connect();
        client.die();
        succeed(1, aForB);
        pass(100_000);
        assertThat(notices()).hasSize(7);
        assertThat(notices().stream().map(each -> Octets.of(each.octets())).distinct()).hasSize(1);
        assertThat(b.endpoint().size()).isEqualTo(1);
        pass(30_000);
        assertThat(b.endpoint().size()).isZero();
        assertThat(b.count(Counter.EXPIRED_RESTORED)).isEqualTo(1);
        assertThat(b.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aRestoredIkeSaDoesNothingElse() {
        connect();
        succeed(1, aForB);
        pass(100);
        assertThat(b.installed()).isEmpty();
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        world.settle();
        Datagram toA = world.carried().getLast();
        world.deliver(new Datagram(client.address(), b.address(), toA.octets()));
        world.settle();
        assertThat(world.carried().getLast()).isEqualTo(toA);
    }

    @Test
    void anSpiThatIsInUseHereIsReplacedInOurTableAlone() {
        connect();
        a.die();
        succeed(List.of(ofAnotherSession(a.standby().records().getFirst())), 1, aForB);
        succeed(a.standby().records(), 2, aForB);
        pass(10);
        assertThat(b.count(Counter.RESTORED)).isEqualTo(2);
        assertThat(b.endpoint().size()).isEqualTo(2);
        assertThat(notices()).hasSize(2);
        assertThat(notices().stream().map(each -> each.header().spiR()).distinct()).hasSize(1);
        assertThat(ordered()).hasSize(2);
    }

    /// The same keys and SPIs, as if another session had come by them.
    private static StandbyRecord ofAnotherSession(StandbyRecord record) {
        Session session = record.session();
        Session other =
                new SessionBuilder(session).sessionId(Octets.ofHex("00".repeat(16))).build();
        return new StandbyRecord(
                record.spiI(),
                record.spiR(),
                record.initiator(),
                record.path(),
                other,
                record.ikeKeys(),
                record.failoverCount(),
                record.replaced(),
                record.ticketed(),
                Session.Kind.ONE_ROUND_TRIP,
                record.lastHeard(),
                record.rekeyAt(),
                record.endsAt(),
                record.nextRequestId(),
                record.expectedRequestId(),
                record.lastRequestHash(),
                record.lastResponse(),
                record.childSas(),
                record.unknown());
    }

    @Test
    void aReplayedNoticeChangesNothing() {
        connect();
        succeed(1, aForB);
        pass(100);
        Datagram notice = notices().getFirst();
        for (int i = 0; i < 3; i++) {
            world.deliver(notice);
            world.settle();
        }
        assertThat(ordered()).hasSize(1);
        assertThat(client.count(Counter.DROPPED_SWITCH)).isEqualTo(3);
    }

    @Test
    void aCountThatIsNotAboveTheHighestVerifiedIsDropped() {
        connect();
        succeed(5, aForB);
        pass(100);
        succeedAgain(5);
        succeedAgain(4);
        assertThat(ordered()).hasSize(1);
        succeedAgain(6);
        assertThat(ordered()).hasSize(2);
    }

    private void succeedAgain(int epoch) {
        List<StandbyRecord> records = a.standby().records();
        b.give(new Input.StandDown());
        succeed(records, epoch, aForB);
        pass(100);
    }

    @Test
    void vouchersThatDoNotHoldChangeNothing() {
        connect();
        Octets forged = notary.sign(cSettings, NotaryByHand.voucher(aSettings, bSettings));
        succeed(3, forged);
        pass(100);
        assertThat(ordered()).isEmpty();
        assertThat(client.count(Counter.REFUSED_VOUCHER)).isEqualTo(1);
        assertThat(client.events(Event.SwitchRefused.class).getFirst().reason())
                .isEqualTo(VoucherChain.Fault.UNKNOWN_SIGNER.words());
        assertThat(client.endpoint().state(1)).isEqualTo("Established");
        succeedAgain(1);
        assertThat(ordered()).as("the count of a notice that was refused is free").hasSize(1);
    }

    @Test
    void aTokenThatIsNoneIsRefused() {
        connect();
        succeed(1, Octets.ofHex("65794a68624763694f694a756247396c496e30"));
        pass(100);
        assertThat(ordered()).isEmpty();
        assertThat(client.count(Counter.REFUSED_VOUCHER)).isEqualTo(1);
    }

    @Test
    void moreThanThreeTokensAreNotLookedAt() {
        connect();
        succeed(1, aForB, aForB, aForB, aForB);
        pass(100);
        assertThat(client.count(Counter.DROPPED_SWITCH)).isEqualTo(1);
    }

    @Test
    void aTokenThatIsTooLongIsNotLookedAt() {
        connect();
        succeed(
                1,
                notary.sign(
                        new SignedVoucher(
                                NotaryByHand.thumbprint(aSettings),
                                Octets.EMPTY,
                                NotaryByHand.voucher(aSettings, bSettings)),
                        "x".repeat(VoucherChain.LONGEST_TOKEN)));
        pass(100);
        assertThat(client.count(Counter.DROPPED_SWITCH)).isEqualTo(1);
        assertThat(ordered()).isEmpty();
    }

    @Test
    void aNoticeThatIsLongerThanAPacketComesInFragments() {
        connect();
        Octets token =
                notary.sign(
                        new SignedVoucher(
                                NotaryByHand.thumbprint(aSettings),
                                Octets.EMPTY,
                                NotaryByHand.voucher(aSettings, bSettings)),
                        "x".repeat(2_500));
        succeed(1, token);
        pass(100);
        assertThat(notices()).hasSizeGreaterThan(1);
        assertThat(ordered()).containsExactly(toB());
    }

    @Test
    void aNoticeIsKnownAsOneAlsoWhereMessageIdZeroIsDue() {
        connect();
        // The gateway has sent no request yet: the next one has Message ID 0.
        succeed(1, aForB);
        pass(100);
        assertThat(ordered()).hasSize(1);
        assertThat(
                        world.carried().stream()
                                .filter(each -> each.from().equals(client.address()))
                                .filter(each -> each.header().response()))
                .isEmpty();
    }

    @Test
    void aNoticeIsKnownAsOneAfterRequestsOfTheGateway() {
        connect();
        a.give(new Input.RekeyChildSa(a.installed().getFirst().inboundSpi()));
        world.settle();
        pass(1_000);
        succeed(1, aForB);
        pass(100);
        assertThat(ordered()).hasSize(1);
    }

    @Test
    void anIkeSaThatWasRekeyedKeepsTheGatewaysKey() {
        connect();
        client.give(new Input.RekeyIkeSa(1));
        world.settle();
        pass(1_000);
        succeed(1, aForB);
        pass(100);
        assertThat(ordered()).hasSize(1);
    }

    @Test
    void afterAResumeTheVouchersOfTheNewGatewayCount() {
        connect();
        client.resume(2, settings.profile(), b, client.lastTicket());
        world.settle();
        pass(1_000);
        b.die();
        Node c = world.add(cSettings);
        c.give(
                new Input.Succeed(
                        b.standby().records(),
                        1,
                        NotaryByHand.succession(
                                cSettings,
                                notary.sign(
                                        bSettings, NotaryByHand.voucher(bSettings, cSettings)))));
        world.settle();
        pass(100);
        assertThat(ordered()).hasSize(1);
        assertThat(ordered().getFirst().successor()).isEqualTo(cSettings.identity());
    }

    @Test
    void whileVouchersAreLookedAtARepetitionAsksNobody() {
        connect();
        client.seatNotary(_ -> null);
        succeed(1, aForB);
        pass(800);
        assertThat(notices().size()).isGreaterThan(1);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void silenceIsNoAndTheNextRepetitionAsksAgain() {
        connect();
        client.seatNotary(_ -> null);
        succeed(1, aForB);
        pass(2_500);
        client.seatNotary(notary::answer);
        pass(10_000);
        assertThat(ordered()).hasSize(1);
        assertThat(asked()).isEqualTo(2);
    }

    private long asked() {
        return client.effects().stream()
                .filter(Effect.Raise.class::isInstance)
                .map(Effect.Raise.class::cast)
                .filter(raise -> raise.ask() instanceof Ask.VerifyVouchers)
                .count();
    }

    @Test
    void aLateAnswerIsNobodys() {
        connect();
        long[] asked = new long[1];
        client.seatNotary(_ -> null);
        succeed(1, aForB);
        pass(100);
        client.effects()
                .forEach(effect -> {
                    if (effect instanceof Effect.Raise raise) {
                        asked[0] = raise.askId();
                    }
                });
        client.give(new Input.Close(1, true));
        client.give(new Input.Answered(asked[0], new Answer.VouchersUnreadable("late")));
        assertThat(client.events(Event.SwitchRefused.class)).isEmpty();
    }

    @Test
    void withoutAVoucherNobodyIsCalled() {
        connect();
        succeed(1);
        pass(100);
        assertThat(notices()).isEmpty();
        assertThat(b.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
    }

    @Test
    void aClientOfAnotherFamilyIsNotCalled() {
        connect();
        a.die();
        b.give(
                new Input.Succeed(
                        a.standby().records(),
                        1,
                        new Succession(
                                List.of(NotaryByHand.address(bSettings)),
                                List.of(new InetSocketAddress("2001:db8::2", 4500)),
                                List.of(aForB))));
        assertThat(b.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
    }

    @Test
    void aLostNoticeCostsNothingButItself() {
        connect();
        world.setFate(
                datagram -> isNotice(datagram.header()) ? List.of() : Fate.DELIVER.of(datagram));
        succeed(1, aForB);
        pass(20_000);
        assertThat(ordered()).isEmpty();
        client.resume(2, settings.profile(), b, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void aLivingGatewayCallsItsClientAwayByAnOrdinaryRequest() {
        connect();
        a.give(new Input.Redirect(a.lastEstablished().handle(), NotaryByHand.address(bSettings)));
        world.settle();
        assertThat(ordered())
                .containsExactly(
                        new Event.SwitchOrdered(
                                1,
                                Reason.LOAD,
                                NotaryByHand.address(bSettings),
                                bSettings.identity()));
        pass(10_000);
        assertThat(a.count(Counter.RETRANSMITTED_REQUEST)).as("it was answered").isZero();
    }

    @Test
    void aLivingGatewayHasToVouchToo() {
        connect();
        a.give(
                new Input.HoldVouchers(
                        new HeldVouchers(
                                Map.of(
                                        NotaryByHand.address(bSettings),
                                        List.of(
                                                notary.sign(
                                                        cSettings,
                                                        NotaryByHand.voucher(
                                                                aSettings, bSettings)))),
                                NotaryByHand.key(aSettings))));
        a.give(new Input.Redirect(a.lastEstablished().handle(), NotaryByHand.address(bSettings)));
        world.settle();
        assertThat(ordered()).isEmpty();
        assertThat(client.count(Counter.REFUSED_VOUCHER)).isEqualTo(1);
    }

    @Test
    void aRevokedSessionIsNotRestored() {
        connect();
        StandbyRecord record = a.standby().records().getFirst();
        b.give(
                new Input.Revoke(
                        new Revocation.OfSession(
                                record.session().sessionId(), world.now().epochSeconds())));
        succeed(1, aForB);
        pass(100);
        assertThat(notices()).isEmpty();
    }

    @Test
    void aNoticeFromAnAddressOfItsOwnIsTheSameToTheClient() {
        connect();
        assertThat(Net.port4500(b.address().getAddress())).isNotEqualTo(a.address());
        succeed(1, aForB);
        pass(100);
        assertThat(notices().getFirst().to()).isEqualTo(client.address());
    }
}
