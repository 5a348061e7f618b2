package dev.postern.ike.rfc6311;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.PeerGroup;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Cluster;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.pki.IdentityPattern;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The newly active member, with peers that have negotiated both capabilities, one, or none.
class Section_5_AfterTheFailover {
    /// No Child SA comes to so many packets, leaps and all.
    private static final long BEYOND_ALL = 1L << 56;

    private final World world = new World(63110);
    private final ClientSettings settings = new ClientSettings();
    private StandbyPolicy members = StandbyPolicy.DEFAULT;
    private List<PeerGroup> groups = List.of();
    private Cluster cluster = new Cluster(world, 'h', _ -> {});
    private Node client = cluster.active();

    @BeforeEach
    void extendedSequenceNumbers() {
        settings.espSuites = Suites.esp("aes256gcm16-esn");
    }

    /// A client of the cluster with a tunnel.
    private Node connect() {
        cluster =
                new Cluster(
                        world,
                        'a',
                        member -> {
                            member.espSuites = settings.espSuites;
                            member.groups = groups;
                            member.standby =
                                    member.standby.speaking(
                                            members.messageIdSync(), members.replayCounterSync());
                        });
        client = world.add(settings);
        client.initiate(1, settings.profile(), cluster.active());
        world.settle();
        assertThat(cluster.active().standby().size()).isEqualTo(1);
        return client;
    }

    private Node speaking(boolean messageIds, boolean replayCounters) {
        members = StandbyPolicy.DEFAULT.speaking(messageIds, replayCounters);
        return connect();
    }

    private void pass(long seconds) {
        world.advance(Duration.ofSeconds(seconds));
    }

    private List<Datagram> sentBy(Node node, Predicate<Header> wanted) {
        return world.carried().stream()
                .filter(datagram -> datagram.from().equals(node.address()))
                .filter(datagram -> wanted.test(datagram.header()))
                .toList();
    }

    private static boolean isSynchronization(Header header) {
        return header.exchange() == ExchangeType.INFORMATIONAL
                && header.messageId() == 0
                && !header.response();
    }

    private static List<Effect.SkipSequences> skips(Node node) {
        return node.effects().stream()
                .filter(Effect.SkipSequences.class::isInstance)
                .map(Effect.SkipSequences.class::cast)
                .toList();
    }

    /// Requests go through in both directions, and nobody has set anything up anew.
    private void assertGoesOn(Node member) {
        int before = client.events(Event.PeerAlive.class).size();
        client.give(new Input.Probe(1, RetransmissionSchedule.STANDARD));
        pass(30);
        long handle = member.lastEstablished().handle();
        member.give(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
        pass(30);
        assertThat(client.events(Event.PeerAlive.class)).hasSizeGreaterThan(before);
        assertThat(member.events(Event.PeerAlive.class)).isNotEmpty();
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(member.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(member.lastEstablished().origin()).isEqualTo(Event.Origin.TAKEN_OVER);
        assertThat(member.installed()).hasSize(1);
        assertThat(client.installed()).hasSize(1);
        assertThat(member.installed().getFirst().outboundKey())
                .isEqualTo(client.installed().getFirst().inboundKey());
    }

    @Test
    void messageIdsAndReplayCountersAreSynchronizedInOneMessage() {
        connect();
        Node member = cluster.failOver();
        pass(1);
        assertThat(sentBy(member, Section_5_AfterTheFailover::isSynchronization)).hasSize(1);
        assertThat(skips(client)).hasSize(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertGoesOn(member);
    }

    /// The terms of the peer's group hold at the member that takes over as at the one before.
    @Test
    void theSessionStaysInItsGroup() {
        TrafficSelector printers = Net.subnet(10, 1, 7, 0, 24);
        groups =
                List.of(
                        new PeerGroup(
                                "printing",
                                List.of(new IdentityPattern("*.example")),
                                List.of(),
                                List.of(printers)));
        connect();
        Node member = cluster.failOver();
        pass(1);
        client.give(
                new Input.CreateChildSa(
                        1,
                        client.installed().getFirst().local(),
                        List.of(Net.subnet(10, 1, 0, 0, 16))));
        pass(30);
        assertThat(member.installed())
                .hasSizeGreaterThan(1)
                .allSatisfy(child -> assertThat(child.local()).containsExactly(printers));
    }

    @Test
    void messageIdsAlone() {
        speaking(true, false);
        Node member = cluster.failOver();
        pass(1);
        assertThat(sentBy(member, Section_5_AfterTheFailover::isSynchronization)).hasSize(1);
        assertThat(skips(client)).isEmpty();
        assertGoesOn(member);
    }

    @Test
    void replayCountersAloneTakeAnOrdinaryExchange() {
        speaking(false, true);
        Node member = cluster.failOver();
        pass(1);
        assertThat(skips(client)).hasSize(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isZero();
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertGoesOn(member);
    }

    @Test
    void aPeerWithoutTheExtensionIsMetWhereItIsKnownToBe() {
        speaking(false, false);
        client.give(new Input.Probe(1, RetransmissionSchedule.STANDARD));
        world.settle();
        Node member = cluster.failOver();
        pass(1);
        assertThat(skips(client)).isEmpty();
        assertThat(member.count(Counter.SYNCHRONIZED)).isZero();
        assertGoesOn(member);
    }

    @Test
    void withoutReplayCountersTheChildSasAreRekeyedAtOnce() {
        speaking(true, false);
        ChildSaInstallation before = client.installed().getFirst();
        cluster.failOver();
        pass(1);
        assertThat(client.installed().getLast().inboundSpi()).isNotEqualTo(before.inboundSpi());
    }

    @Test
    void withReplayCountersTheChildSasAreRekeyedAtAPace() {
        connect();
        ChildSaInstallation before = client.installed().getFirst();
        cluster.failOver();
        pass(5);
        assertThat(client.installed().getLast().inboundSpi()).isEqualTo(before.inboundSpi());
        pass(60);
        assertThat(client.installed().getLast().inboundSpi()).isNotEqualTo(before.inboundSpi());
    }

    /// Somebody may have carried on of whom the new member knows nothing: how far the peer came
    /// with that one it cannot know either. No number that the peer can have used is above the
    /// floor.
    @Test
    void byRecordsThatMayBeOutdatedNothingIsOpenedBeforeTheChildSasAreRekeyed() {
        connect();
        ChildSaInstallation before = client.installed().getFirst();
        Node member = cluster.failOverLate();
        assertThat(member.installed().getFirst().inboundFloor()).isGreaterThan(BEYOND_ALL);
        pass(1);
        assertThat(client.installed().getLast().inboundSpi()).isNotEqualTo(before.inboundSpi());
        assertThat(member.installed().getLast().inboundFloor()).isZero();
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    /// It has written for its standby what it does not know.
    @Test
    void whoCarriesOnAfterAMemberWithOutdatedRecordsOpensNothingEither() {
        connect();
        ChildSaInstallation before = client.installed().getFirst();
        cluster.failOverLate();
        Node member = cluster.failOver();
        assertThat(member.installed().getFirst().inboundFloor()).isGreaterThan(BEYOND_ALL);
        pass(1);
        assertThat(client.installed().getLast().inboundSpi()).isNotEqualTo(before.inboundSpi());
    }

    @Test
    void m1IsLargerThanAnyValueKnownToHaveBeenUsed() {
        connect();
        long handle = cluster.active().lastEstablished().handle();
        for (int i = 0; i < 20; i++) {
            cluster.active().give(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
            world.settle();
        }
        Node member = cluster.failOver();
        pass(1);
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertGoesOn(member);
    }

    @Test
    void whatTheStandbyHasNotHeardOfIsMadeGood() {
        connect();
        cluster.active().standby().cutOff();
        long handle = cluster.active().lastEstablished().handle();
        for (int i = 0; i < 5; i++) {
            cluster.active().give(new Input.Probe(handle, RetransmissionSchedule.STANDARD));
            world.settle();
            client.give(new Input.Probe(1, RetransmissionSchedule.STANDARD));
            world.settle();
        }
        assertGoesOn(cluster.failOver());
    }

    @Test
    void bothDirectionsOfAChildSaLeapBeyondWhatMayHavePassed() {
        connect();
        ChildSaInstallation before = cluster.active().installed().getFirst();
        cluster.active().give(new Input.SequencesUsed(before.inboundSpi(), 5_000, 7_000));
        Node member = cluster.failOver();
        ChildSaInstallation after = member.installed().getFirst();
        pass(1);
        long leap = skips(client).getFirst().count();
        assertThat(after.lastOutbound()).isGreaterThan(5_000 + (1 << 20));
        assertThat(after.inboundFloor()).isGreaterThan(7_000 + (1 << 20));
        // The peer's next number is above the floor wherever it was.
        assertThat(7_000 + leap + 1).isGreaterThan(after.inboundFloor());
    }

    @Test
    void lostRequestsAndAnswersAreRepeated() {
        connect();
        world.setFate(
                new Fate() {
                    private int count;

                    @Override
                    public List<Long> of(Datagram datagram) {
                        return datagram.header().messageId() == 0 && count++ < 5
                                ? Fate.lost()
                                : Fate.delivered();
                    }
                });
        Node member = cluster.failOver();
        pass(20);
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertThat(skips(client)).hasSize(1);
        assertGoesOn(member);
    }

    @Test
    void aPeerThatNeverAnswersIsGivenUp() {
        connect();
        client.die();
        Node member = cluster.failOver();
        pass(60);
        assertThat(member.lastClosed().reason()).isEqualTo(Event.CloseReason.PEER_UNRESPONSIVE);
        assertThat(member.standby().size()).isZero();
    }

    @Test
    void aSecondAnswerChangesNothing() {
        connect();
        world.setFate(datagram ->
                datagram.header().response() && datagram.header().messageId() == 0
                        ? List.of(0L, 1_000_000L, 2_000_000_000L)
                        : Fate.delivered());
        Node member = cluster.failOver();
        pass(5);
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertGoesOn(member);
    }

    @Test
    void severalFailoversInRapidSuccession() {
        connect();
        for (int i = 0; i < 5; i++) {
            cluster.failOver();
        }
        assertGoesOn(cluster.active());
        assertThat(cluster.epoch()).isEqualTo(5);
    }

    @Test
    void aFailoverWhileTheLastOneIsStillBeingSynchronized() {
        connect();
        world.setFate(datagram -> datagram.header().response() ? Fate.lost() : Fate.delivered());
        cluster.failOver();
        world.advance(Duration.ofMillis(100));
        world.setFate(Fate.DELIVER);
        assertGoesOn(cluster.failOver());
    }

    @Test
    void aFailoverBeforeTheLastOneIsKnownToAnybody() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        cluster.failOver();
        world.advance(Duration.ofMillis(20));
        cluster.active().die();
        assertGoesOn(cluster.takeOver(old));
    }

    /// "So that if a second failover event takes place, the synchronization message is not
    /// replayed" (section 5.1): the member whose records were late took M1 from an old one. What it
    /// has told of itself has that M1, also where its counters have not come through.
    @Test
    void aFailoverOfWhichTheRecordIsKnownAndTheCountersAreNot() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        cluster.failOver();
        pass(1);
        cluster.active().die();
        Node second = cluster.takeOver(old);
        second.standby().missCounters();
        pass(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(2);
        Node third = cluster.failOver();
        pass(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(3);
        assertThat(client.count(Counter.DROPPED_SYNCHRONIZATION)).isZero();
        assertGoesOn(third);
    }

    @Test
    void aFailoverCountThatIsNotAboveTheHighestVerifiedIsDropped() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        cluster.failOver();
        pass(1);
        cluster.active().die();
        // A member that knows nothing of the first takeover, in a split.
        Node stale = world.add(cluster.settings());
        stale.give(new Input.TakeOver(old, 1));
        pass(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertThat(client.count(Counter.DROPPED_SYNCHRONIZATION)).isPositive();
    }

    @Test
    void aRecordOfTheSameEpochOrALaterOneIsNotTakenOver() {
        connect();
        Node second = cluster.failOver();
        List<StandbyRecord> records = second.standby().records();
        second.die();
        Node third = world.add(cluster.settings());
        third.give(new Input.TakeOver(records, 1));
        assertThat(third.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
        assertThat(third.effects()).isEmpty();
    }

    @Test
    void aStandbySendsNothingBeforeItOwnsTheAddress() {
        connect();
        Node passive = world.add(cluster.settings());
        pass(600);
        assertThat(passive.effects()).isEmpty();
    }

    @Test
    void theOldOwnerStandsDownWithoutAWord() {
        connect();
        Node old = cluster.active();
        int records = old.standby().size();
        int carried = world.carried().size();
        old.give(new Input.StandDown());
        assertThat(world.carried()).hasSize(carried);
        assertThat(old.endpoint().size()).isZero();
        assertThat(old.installed()).isEmpty();
        assertThat(old.standby().size()).isEqualTo(records);
    }

    /// "Only one of the members is active at any one time" (section 2): the answer to a question of
    /// ours that comes yet would go out from the address that another member has now.
    @Test
    void whatHasOnlyBegunAtTheOldOwnerEndsTooAndNothingIsAnsweredLate() {
        connect();
        Node old = cluster.active();
        new InitiatorByHand(world, old, 2).begin();
        old.pool().fallSilent();
        client.initiate(2, settings.profile(), old);
        world.settle();
        assertThat(old.endpoint().size()).as("one stands, two have begun").isEqualTo(3);
        Effect.Raise asked =
                old.effects().stream()
                        .filter(Effect.Raise.class::isInstance)
                        .map(Effect.Raise.class::cast)
                        .filter(raise -> raise.ask() instanceof Ask.LeaseAddresses)
                        .reduce((_, later) -> later)
                        .orElseThrow();
        int records = old.standby().size();
        int carried = world.carried().size();

        old.give(new Input.StandDown());
        old.give(
                new Input.Answered(
                        asked.askId(),
                        new Answer.AddressesLeased(List.of(Net.ip(10, 9, 0, 77)), List.of())));

        assertThat(old.endpoint().size()).isZero();
        assertThat(world.carried()).hasSize(carried);
        assertThat(old.installed()).isEmpty();
        assertThat(old.standby().size()).isEqualTo(records);
    }

    @Test
    void anIkeSaThatEndsNeedsNoStandby() {
        connect();
        client.give(new Input.Close(1, false));
        world.settle();
        assertThat(cluster.active().standby().size()).isZero();
    }

    @Test
    void aRekeyedIkeSaIsCarriedOnWithAndItsFailoverCountGoesOn() {
        connect();
        cluster.failOver();
        pass(1);
        client.give(new Input.RekeyIkeSa(1));
        pass(1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertGoesOn(cluster.failOver());
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(2);
    }

    @Test
    void aFailoverBetweenTheRekeyingAndTheDeleteOfTheOldIkeSa() {
        connect();
        Node first = cluster.active();
        // The answer to the rekeying is lost with the member.
        world.setFate(datagram ->
                datagram.header().response()
                                && datagram.header().exchange() == ExchangeType.CREATE_CHILD_SA
                                && datagram.from().equals(first.address())
                        ? Fate.lost()
                        : Fate.delivered());
        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofMillis(100));
        world.setFate(Fate.DELIVER);
        Node member = cluster.failOver();
        pass(30);
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(member.installed()).hasSize(1);
        assertThat(member.endpoint().size()).isEqualTo(1);
    }

    /// "Strict implementations will reject any incoming IKE message arriving before Message ID
    /// synchronization is complete" (section 8.1): what comes late from a peer that has answered
    /// meanwhile, it does not wait for any longer.
    @Test
    void aRekeyingThatThePeerHasGivenUpMakesNoIkeSa() {
        connect();
        Node first = cluster.active();
        world.setFate(datagram -> {
            Header header = datagram.header();
            boolean rekeying = header.exchange() == ExchangeType.CREATE_CHILD_SA;
            if (datagram.to().equals(first.address()) && rekeying && header.messageId() == 2) {
                return List.of(300_000_000L);
            }
            return header.response() && header.messageId() == 0
                    ? List.of(400_000_000L)
                    : Fate.delivered();
        });
        client.give(new Input.RekeyIkeSa(1));
        world.advance(Duration.ofMillis(100));
        Node member = cluster.failOver();
        pass(120);
        world.setFate(Fate.DELIVER);
        assertThat(member.count(Counter.REFUSED_CREATE_CHILD_SA)).isEqualTo(1);
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(member.endpoint().size()).isEqualTo(1);
        assertThat(client.installed()).hasSize(1);
        assertThat(member.installed()).hasSize(1);
    }

    @Test
    void aResumedIkeSaKeepsItsSwitchCountInTheValues() {
        connect();
        client.give(new Input.Close(1, true));
        client.resume(2, settings.profile(), cluster.active(), client.lastTicket());
        world.settle();
        client.give(new Input.Probe(2, RetransmissionSchedule.STANDARD));
        world.settle();
        Node member = cluster.failOver();
        pass(1);
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(1);
        assertThat(member.count(Counter.SYNCHRONIZED)).isEqualTo(1);
    }

    @Test
    void aSessionTakesLessThanTwoThousandOctetsAtTheStandby() {
        connect();
        assertThat(cluster.active().standby().octets()).isLessThan(2_000);
    }

    /// "In rapid succession" (section 2): each member goes by what the first has left. What the
    /// peer has sent to one of them no other one opens again, and the peer is not locked out
    /// either.
    @Test
    void membersThatGoByTheSameRecordOpenNoNumberTwice() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        long sent = 0;
        for (int takeover = 1; takeover <= 3; takeover++) {
            cluster.active().die();
            Node member = cluster.takeOver(copies(old));
            pass(1);
            ChildSaInstallation child = member.installed().getFirst();
            assertThat(child.inboundFloor()).as("takeover %d", takeover).isGreaterThan(sent);
            sent = leapt() + 100_000;
            assertThat(child.inboundFloor()).as("takeover %d", takeover).isLessThan(sent);
        }
        // Nobody knows any more how far the peer has leapt by now: it resumes.
        cluster.active().die();
        Node member = cluster.takeOver(copies(old));
        pass(1);
        assertThat(member.installed()).isEmpty();
        assertThat(member.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
    }

    /// A member that goes by an older record does not know how far the ones between have made the
    /// peer leap, so that neither does whoever goes by what it has written.
    @Test
    void whoCarriesOnAfterAMemberWithAnOldRecordOpensNoNumberTwiceEither() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        for (int missed = 1; missed <= 2; missed++) {
            cluster.active().die();
            cluster.takeOver(copies(old));
            pass(1);
        }
        cluster.active().die();
        cluster.takeOver(copies(old));
        pass(1);
        for (int takeover = 4; takeover <= 6; takeover++) {
            long sent = leapt() + 100_000;
            ChildSaInstallation child = cluster.failOver().installed().getFirst();
            pass(1);
            assertThat(child.inboundFloor()).as("takeover %d", takeover).isGreaterThan(sent);
            assertThat(child.inboundFloor())
                    .as("takeover %d", takeover)
                    .isLessThan(leapt() + 100_000);
        }
        assertThat(client.count(Counter.SYNCHRONIZED)).isEqualTo(6);
    }

    @Test
    void aPacketOfThePeerTellsHowFarItHasLeapt() {
        connect();
        List<StandbyRecord> old = cluster.active().standby().records();
        cluster.failOver();
        pass(1);
        cluster.active().die();
        Node member = cluster.takeOver(copies(old));
        pass(1);
        int spi = member.installed().getFirst().inboundSpi();
        member.give(new Input.SequencesUsed(spi, 0, leapt() + 100_000));
        // What has no counter of its own makes a record anew.
        client.give(new Input.RekeyIkeSa(1));
        pass(1);
        cluster.failOver();
        pass(1);
        assertThat(skips(client).getLast().count()).isEqualTo(1L << 26);
    }

    /// How far the numbers of the client's packets have leapt.
    private long leapt() {
        return skips(client).stream().mapToLong(Effect.SkipSequences::count).sum();
    }

    private static List<StandbyRecord> copies(List<StandbyRecord> records) {
        return records.stream()
                .map(record -> {
                    try {
                        return StandbyFormat.decode(StandbyFormat.encode(record));
                    } catch (MalformedException e) {
                        throw new AssertionError("a record that was written cannot be read", e);
                    }
                })
                .toList();
    }

    /// However often the address has changed hands before.
    @Test
    void aMemberThatBeginsWithNothingWritesUnderItsEpoch() {
        connect();
        cluster.serveAnew(5);
        pass(1);
        client.initiate(2, settings.profile(), cluster.active());
        world.settle();
        Node member = cluster.failOver();
        pass(1);
        assertThat(cluster.epoch()).isEqualTo(6);
        assertThat(member.count(Counter.TAKEN_OVER)).isEqualTo(1);
        assertThat(member.count(Counter.REFUSED_TAKE_OVER)).isZero();
        assertThat(skips(client)).hasSize(1);
        assertThat(skips(client).getFirst().count()).isEqualTo(1L << 26);
    }

    /// Nobody takes over twice under one epoch, nor under an earlier one.
    @Test
    void aRecordThatWasWrittenUnderTheSameEpochIsNotTakenOver() {
        connect();
        cluster.serveAnew(5);
        client.initiate(2, settings.profile(), cluster.active());
        world.settle();
        List<StandbyRecord> records = cluster.active().standby().records();
        cluster.active().die();
        cluster.serveAnew(4);
        Node member = cluster.takeOver(copies(records));
        pass(1);
        assertThat(cluster.epoch()).isEqualTo(5);
        assertThat(member.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
    }

    /// It may have leapt again for each repetition of the request of a member before us.
    @Test
    void anotherVendorsPeerIsCarriedOnWithOverOneTakeoverAlone() {
        cluster = new Cluster(world, 'a', _ -> {});
        InitiatorByHand peer = new InitiatorByHand(world, cluster.active(), 7).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.IKEV2_MESSAGE_ID_SYNC_SUPPORTED));
        payloads.add(Payload.Notify.of(NotifyType.IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED));
        peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        List<StandbyRecord> old = cluster.active().standby().records();
        assertThat(old).hasSize(1);
        cluster.active().die();
        Node first = cluster.takeOver(copies(old));
        assertThat(first.count(Counter.TAKEN_OVER)).isEqualTo(1);
        first.die();
        Node second = cluster.takeOver(copies(old));
        assertThat(second.count(Counter.REFUSED_TAKE_OVER)).isEqualTo(1);
        assertThat(second.installed()).isEmpty();
    }

    /// The epoch says how many takeovers there were, not how many there were since.
    @Test
    void aSessionThatIsYoungerThanATakeoverLeapsForTheNextAlone() {
        connect();
        cluster.active().die();
        cluster.takeOver(List.of());
        pass(1);
        client.initiate(2, settings.profile(), cluster.active());
        world.settle();
        cluster.failOver();
        pass(1);
        assertThat(skips(client)).hasSize(1);
        assertThat(skips(client).getFirst().count()).isEqualTo(1L << 26);
    }
}
