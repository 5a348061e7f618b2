package dev.postern.radius;

import static dev.postern.radius.ServerByHand.START;
import static dev.postern.radius.ServerByHand.address;
import static dev.postern.radius.ServerByHand.decode;
import static dev.postern.radius.ServerByHand.hex;
import static dev.postern.radius.ServerByHand.only;
import static dev.postern.radius.ServerByHand.transmits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.radius.ClientEffect.Settled;
import dev.postern.radius.ClientEffect.Settlement;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// RFC 2866: what a record says, and that each comes to a server once.
class Rfc2866_AccountingTest {
    private static final Nas NAS = new Nas("gw-a", null);
    private static final Octets SESSION = hex("00112233445566778899aabbccddeeff");
    private static final long BEGIN = START.epochSeconds();

    private final List<Server> servers = ServerByHand.servers(2);
    private final AccountingQueue queue =
            new AccountingQueue(
                    new RadiusClient(servers, RetryPolicy.DEFAULT, ServerByHand.entropy(1)), 8, 4);
    private Moment now = START;
    private long number;

    private static AccountedSession session(int seed) {
        byte[] id = SESSION.array().clone();
        id[0] = (byte) seed;
        return new AccountedSession(
                Octets.of(id),
                3,
                "alice",
                List.of(address("10.9.0.7")),
                "198.51.100.7[4500]",
                "192.0.2.1[4500]",
                new Authorization(new Attributes(List.of(Attribute.text(Attribute.CLASS, "gold")))),
                BEGIN);
    }

    private List<ClientEffect> offer(AccountingRecord record) {
        return queue.offer(++number, record, now);
    }

    private List<ClientEffect> acknowledge(ClientEffect.Transmit transmit) {
        Server server = servers.get(transmit.server());
        return queue.onDatagram(
                server.address(),
                transmit.channel(),
                ServerByHand.plainAnswer(Code.ACCOUNTING_RESPONSE, transmit.octets(), server),
                now);
    }

    private List<ClientEffect> await() {
        now = now.plusNanos(Math.max(0, queue.nextDeadline() - now.nanos()));
        return queue.onDeadline(now);
    }

    private static long integer(ClientEffect.Transmit transmit, int type) {
        return decode(transmit.octets()).attributes().integer(type);
    }

    @Test
    void aStartSaysWhoWhereAndUnderWhichClass() {
        Attributes attributes = session(1).start(NAS).attributes();
        assertThat(attributes.integer(Attribute.ACCT_STATUS_TYPE)).isEqualTo(1);
        assertThat(attributes.text(Attribute.USER_NAME)).isEqualTo("alice");
        assertThat(attributes.text(Attribute.CLASS)).isEqualTo("gold");
        assertThat(attributes.address(Attribute.FRAMED_IP_ADDRESS, 4))
                .isEqualTo(address("10.9.0.7"));
        assertThat(attributes.integer(Attribute.EVENT_TIMESTAMP)).isEqualTo(BEGIN);
    }

    @Test
    void aStopSaysHowMuchHowLongAndWhy() {
        Usage usage = new Usage((7L << 32) + 5, 9, 2, 3);
        Attributes attributes =
                session(1)
                        .stop(NAS, usage, TerminateCause.SESSION_TIMEOUT, BEGIN + 61)
                        .attributes();
        assertThat(attributes.integer(Attribute.ACCT_STATUS_TYPE)).isEqualTo(2);
        assertThat(attributes.integer(Attribute.ACCT_INPUT_OCTETS)).isEqualTo(5);
        assertThat(attributes.integer(Attribute.ACCT_INPUT_GIGAWORDS)).isEqualTo(7);
        assertThat(attributes.integer(Attribute.ACCT_OUTPUT_OCTETS)).isEqualTo(9);
        assertThat(attributes.integer(Attribute.ACCT_SESSION_TIME)).isEqualTo(61);
        assertThat(attributes.integer(Attribute.ACCT_TERMINATE_CAUSE)).isEqualTo(5);
    }

    /// Section 4.1: what a record says, and nothing else; the name in hexadecimal is the session.
    @Test
    void everyAttributeOfARecordIsWhatTheSessionIs() {
        Octets charged = Octets.ofAscii("cui-7");
        Authorization authorization =
                new Authorization(
                        new Attributes(
                                List.of(
                                        Attribute.text(Attribute.CLASS, "gold"),
                                        Attribute.text(Attribute.CLASS, "pressed"),
                                        new Attribute(
                                                Attribute.CHARGEABLE_USER_IDENTITY, charged))));
        AccountedSession session =
                new AccountedSession(
                        SESSION,
                        3,
                        "alice",
                        List.of(address("10.9.0.7"), InetAddress.ofLiteral("2001:db8:9::7")),
                        "198.51.100.7[4500]",
                        "192.0.2.1[4500]",
                        authorization,
                        BEGIN);
        Usage usage = new Usage((7L << 32) + 5, (8L << 32) + 9, 2, 3);

        assertThat(session.start(NAS).attributes().list())
                .containsExactlyInAnyOrderElementsOf(said(session, 1, BEGIN, List.of()));
        List<Attribute> used =
                new ArrayList<>(
                        List.of(
                                Attribute.integer(Attribute.ACCT_SESSION_TIME, 61),
                                Attribute.integer(Attribute.ACCT_INPUT_OCTETS, 5),
                                Attribute.integer(Attribute.ACCT_INPUT_GIGAWORDS, 7),
                                Attribute.integer(Attribute.ACCT_OUTPUT_OCTETS, 9),
                                Attribute.integer(Attribute.ACCT_OUTPUT_GIGAWORDS, 8),
                                Attribute.integer(Attribute.ACCT_INPUT_PACKETS, 2),
                                Attribute.integer(Attribute.ACCT_OUTPUT_PACKETS, 3)));
        assertThat(session.interim(NAS, usage, BEGIN + 61).attributes().list())
                .containsExactlyInAnyOrderElementsOf(said(session, 3, BEGIN + 61, used));
        used.add(Attribute.integer(Attribute.ACCT_TERMINATE_CAUSE, 1));
        assertThat(
                        session.stop(NAS, usage, TerminateCause.USER_REQUEST, BEGIN + 61)
                                .attributes()
                                .list())
                .containsExactlyInAnyOrderElementsOf(said(session, 2, BEGIN + 61, used));
    }

    private static List<Attribute> said(
            AccountedSession session, int status, long at, List<Attribute> more) {
        List<Attribute> said =
                new ArrayList<>(
                        List.of(
                                Attribute.integer(Attribute.ACCT_STATUS_TYPE, status),
                                Attribute.text(Attribute.ACCT_SESSION_ID, session.acctSessionId()),
                                Attribute.text(Attribute.ACCT_MULTI_SESSION_ID, SESSION.hex()),
                                Attribute.text(Attribute.USER_NAME, "alice"),
                                Attribute.address(Attribute.FRAMED_IP_ADDRESS, address("10.9.0.7")),
                                Attribute.address(
                                        Attribute.FRAMED_IPV6_ADDRESS,
                                        InetAddress.ofLiteral("2001:db8:9::7")),
                                Attribute.text(Attribute.CALLING_STATION_ID, "198.51.100.7[4500]"),
                                Attribute.text(Attribute.CALLED_STATION_ID, "192.0.2.1[4500]"),
                                Attribute.integer(Attribute.ACCT_AUTHENTIC, 1),
                                Attribute.integer(Attribute.EVENT_TIMESTAMP, at),
                                Attribute.text(Attribute.CLASS, "gold"),
                                Attribute.text(Attribute.CLASS, "pressed"),
                                Attribute.text(Attribute.CHARGEABLE_USER_IDENTITY, "cui-7")));
        said.addAll(NAS.portAttributes());
        said.addAll(more);
        return said;
    }

    /// Section 5.11: legs of one session at several gateways are linked.
    @Test
    void aSessionAtAnotherGatewayIsAnotherLegOfTheSameMultiSession() {
        AccountedSession here = session(1);
        AccountedSession there =
                new AccountedSession(
                        here.sessionId(),
                        4,
                        here.userName(),
                        here.innerAddresses(),
                        here.callingStation(),
                        here.calledStation(),
                        here.authorization(),
                        BEGIN + 10);
        assertThat(there.multiSessionId()).isEqualTo(here.multiSessionId());
        assertThat(there.acctSessionId()).isNotEqualTo(here.acctSessionId());
        assertThat(there.acctSessionId()).startsWith(here.multiSessionId());
    }

    @Test
    void aRecordSurvivesAJournal() throws MalformedException {
        AccountingRecord record =
                session(1).stop(NAS, Usage.NONE, TerminateCause.USER_REQUEST, BEGIN);
        assertThat(AccountingRecord.decode(record.encode())).isEqualTo(record);
    }

    @Test
    void anAcknowledgedRecordIsSettledOnce() {
        ClientEffect.Transmit sent = transmits(offer(session(1).start(NAS))).getFirst();
        assertThat(acknowledge(sent)).containsExactly(new Settled(1, Settlement.ACKNOWLEDGED));
        assertThat(acknowledge(sent)).isEmpty();
        assertThat(queue.length()).isZero();
    }

    /// A server knows a retransmission by its octets and records it once.
    @Test
    void aRetransmissionIsTheSameOctets() {
        byte[] sent = transmits(offer(session(1).start(NAS))).getFirst().octets();
        assertThat(transmits(await()).getFirst().octets()).isEqualTo(sent);
    }

    @Test
    void recordsOfOneSessionGoOneAfterTheOther() {
        AccountedSession one = session(1);
        ClientEffect.Transmit start = transmits(offer(one.start(NAS))).getFirst();
        assertThat(offer(one.stop(NAS, Usage.NONE, TerminateCause.USER_REQUEST, BEGIN))).isEmpty();
        assertThat(transmits(offer(session(2).start(NAS)))).hasSize(1);
        List<ClientEffect.Transmit> next = transmits(acknowledge(start));
        assertThat(next).hasSize(1);
        assertThat(integer(next.getFirst(), Attribute.ACCT_STATUS_TYPE)).isEqualTo(2);
    }

    /// Section 5.2; a record is never given up.
    @Test
    void aRecordWaitsForServersAndSaysForHowLong() {
        offer(session(1).start(NAS));
        List<ClientEffect.Transmit> sent = new ArrayList<>();
        while (now.epochSeconds() < BEGIN + 3600) {
            sent.addAll(transmits(await()));
        }
        assertThat(queue.length()).isEqualTo(1);
        assertThat(sent).as("pauses grow to a minute").hasSizeLessThan(500);
        ClientEffect.Transmit last = sent.getLast();
        assertThat(integer(last, Attribute.ACCT_DELAY_TIME)).isGreaterThan(3400);
        assertThat(only(acknowledge(last), Settled.class)).hasSize(1);
        assertThat(queue.length()).isZero();
    }

    @Test
    void afterASilenceOneRecordTriesAndThenAllGo() {
        for (int i = 0; i < 4; i++) {
            offer(session(i).start(NAS));
        }
        List<ClientEffect> effects = new ArrayList<>();
        while (queue.client().outstanding() > 0) {
            await();
        }
        while (transmits(effects).isEmpty()) {
            effects.addAll(await());
        }
        assertThat(transmits(effects)).hasSize(1);
        assertThat(transmits(acknowledge(transmits(effects).getFirst()))).hasSize(3);
    }

    @Test
    void moreThanTheWindowIsNotAtServersAtATime() {
        for (int i = 0; i < 6; i++) {
            offer(session(i).start(NAS));
        }
        assertThat(queue.client().outstanding()).isEqualTo(4);
    }

    @Test
    void aWaitingInterimIsReplacedByTheNextRecordOfItsSession() {
        AccountedSession one = session(1);
        offer(one.start(NAS));
        offer(one.interim(NAS, Usage.NONE, BEGIN + 60));
        assertThat(offer(one.interim(NAS, Usage.NONE, BEGIN + 120)))
                .containsExactly(new Settled(2, Settlement.REPLACED));
        assertThat(offer(one.stop(NAS, Usage.NONE, TerminateCause.USER_REQUEST, BEGIN + 130)))
                .containsExactly(new Settled(3, Settlement.REPLACED));
        assertThat(queue.length()).isEqualTo(2);
    }

    @Test
    void aFullQueueRefusesAndSaysSo() {
        for (int i = 0; i < 8; i++) {
            offer(session(i).start(NAS));
        }
        assertThat(offer(session(99).start(NAS)))
                .containsExactly(new Settled(9, Settlement.REFUSED));
        assertThat(queue.length()).isEqualTo(8);
    }

    /// Section 5.1: Accounting-On ends whatever the server thought was open here.
    @Test
    void accountingOnGoesAfterAllBeforeItAndBeforeAllBehindIt() {
        AccountedSession old = session(1);
        ClientEffect.Transmit start = transmits(offer(old.start(NAS))).getFirst();
        offer(old.stop(NAS, Usage.NONE, TerminateCause.NAS_REBOOT, BEGIN));
        assertThat(offer(AccountingRecord.gatewayStarted(NAS, BEGIN))).isEmpty();
        assertThat(offer(session(2).start(NAS))).isEmpty();
        ClientEffect.Transmit stop = transmits(acknowledge(start)).getFirst();
        assertThat(integer(stop, Attribute.ACCT_STATUS_TYPE)).isEqualTo(2);
        ClientEffect.Transmit on = transmits(acknowledge(stop)).getFirst();
        assertThat(integer(on, Attribute.ACCT_STATUS_TYPE)).isEqualTo(7);
        List<ClientEffect.Transmit> after = transmits(acknowledge(on));
        assertThat(after).hasSize(1);
        assertThat(integer(after.getFirst(), Attribute.ACCT_STATUS_TYPE)).isEqualTo(1);
    }

    /// What the queue waits for after a silence, in nanoseconds.
    private long pauseOfASilence() {
        while (queue.client().outstanding() > 0) {
            await();
        }
        return queue.nextDeadline() - now.nanos();
    }

    @Test
    void pausesGrowToAMinuteAndBeginAnewAfterAnAnswer() {
        offer(session(1).start(NAS));
        long first = pauseOfASilence();
        assertThat(first).isBetween(1L, Moment.NANOS_PER_SECOND * 60 - 1);
        for (int i = 0; i < 20; i++) {
            await();
            assertThat(pauseOfASilence()).isBetween(first, Moment.NANOS_PER_SECOND * 60);
        }
        assertThat(pauseOfASilence()).isEqualTo(Moment.NANOS_PER_SECOND * 60);
        acknowledge(transmits(await()).getFirst());
        now = now.plusNanos(1);

        offer(session(2).start(NAS));

        assertThat(pauseOfASilence()).isEqualTo(first);
    }

    @Test
    void whatWasReplacedWhileItsTurnHadNotComeIsNeverSent() {
        ClientEffect.Transmit sent = transmits(offer(session(0).start(NAS))).getFirst();
        for (int i = 1; i < 4; i++) {
            offer(session(i).start(NAS));
        }
        AccountedSession late = session(9);
        offer(late.interim(NAS, Usage.NONE, BEGIN + 60));
        assertThat(offer(late.stop(NAS, Usage.NONE, TerminateCause.USER_REQUEST, BEGIN + 70)))
                .containsExactly(new Settled(5, Settlement.REPLACED));

        List<ClientEffect.Transmit> next = transmits(acknowledge(sent));

        assertThat(next).hasSize(1);
        assertThat(integer(next.getFirst(), Attribute.ACCT_STATUS_TYPE)).isEqualTo(2);
    }

    @Test
    void anInterimThatIsAtAServerIsNotReplaced() {
        AccountedSession one = session(1);
        ClientEffect.Transmit interim =
                transmits(offer(one.interim(NAS, Usage.NONE, BEGIN + 60))).getFirst();
        assertThat(offer(one.stop(NAS, Usage.NONE, TerminateCause.USER_REQUEST, BEGIN + 70)))
                .isEmpty();
        List<ClientEffect> effects = acknowledge(interim);
        assertThat(only(effects, Settled.class))
                .containsExactly(new Settled(1, Settlement.ACKNOWLEDGED));
        assertThat(integer(transmits(effects).getFirst(), Attribute.ACCT_STATUS_TYPE)).isEqualTo(2);
    }
}
