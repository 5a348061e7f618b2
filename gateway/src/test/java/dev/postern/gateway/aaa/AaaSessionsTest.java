package dev.postern.gateway.aaa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;
import dev.postern.esp.SaTraffic;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.radius.AccountingRecord;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Nas;
import dev.postern.radius.SessionMatch;
import dev.postern.ticket.GrantMark;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Which records the life of a session makes, and what its server's limits do.
class AaaSessionsTest {
    private static final Octets SESSION = Octets.ofHex("00112233445566778899aabbccddeeff");
    private static final Path PATH =
            new Path(
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4500),
                    new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 4500),
                    true);

    private final List<AccountingRecord> records = new ArrayList<>();
    private final Map<Long, EstablishedSession> known = new HashMap<>();
    private final Map<Integer, SaTraffic> traffic = new HashMap<>();
    private final AaaSessions sessions =
            new AaaSessions(
                    3,
                    new Nas("gw-a", null),
                    new AaaSessions.Books(records::add, 600),
                    inboundSpi -> Optional.ofNullable(traffic.get(inboundSpi)),
                    known::get);
    private Now now = new Now(1_000_000_000L, 1_700_000_000L);

    private void establish(long handle, boolean provisional, Attribute... granted) {
        List<Attribute> attributes = new ArrayList<>(List.of(granted));
        attributes.add(Attribute.text(Attribute.USER_NAME, "alice"));
        known.put(handle, session(new Attributes(attributes).raw()));
        emit(established(handle, provisional));
    }

    private static EstablishedSession session(List<Octets> aaaAttributes) {
        Identity alice = Identity.fqdn("alice");
        return new EstablishedSession(
                SESSION,
                0,
                0,
                alice,
                Identity.fqdn("gw-a"),
                Identity.fqdn("laptop-7"),
                new IkeSuite(
                        EncryptionAlgorithm.AES_GCM_16_128,
                        IntegrityAlgorithm.NONE,
                        Prf.HMAC_SHA2_256,
                        KeyExchangeMethod.X25519),
                Octets.EMPTY,
                List.of(),
                2,
                0,
                0,
                "p",
                "d",
                0,
                Octets.EMPTY,
                aaaAttributes,
                List.of());
    }

    private static Event.IkeSaEstablished established(long handle, boolean provisional) {
        return new Event.IkeSaEstablished(
                handle,
                provisional ? Event.Origin.RESUMED_1RTT : Event.Origin.FULL_EXCHANGE,
                provisional,
                Identity.fqdn("gw-a"),
                Identity.fqdn("alice"),
                PATH,
                1,
                2,
                0,
                SESSION,
                List.of(InetAddress.ofLiteral("10.9.0.7")),
                "p");
    }

    private void emit(Event event) {
        sessions.observe(now, new Effect.Emit(event));
    }

    private void close(long handle, CloseReason reason) {
        emit(new Event.IkeSaClosed(handle, reason, "", SESSION));
    }

    private List<Input> after(long seconds) {
        now = now.plusNanos(seconds * Now.NANOS_PER_SECOND);
        return sessions.tick(now);
    }

    private List<AccountingRecord.Kind> kinds() {
        return records.stream().map(AccountingRecord::kind).toList();
    }

    private @Nullable String last(int type) {
        return records.getLast().attributes().text(type);
    }

    private long lastInteger(int type) {
        return records.getLast().attributes().integer(type);
    }

    @Test
    void aFullExchangeBeginsAtOnceAndEndsWithItsIkeSa() {
        establish(-1, false);
        close(-1, CloseReason.DELETED_BY_PEER);
        assertThat(kinds())
                .containsExactly(AccountingRecord.Kind.START, AccountingRecord.Kind.STOP);
        assertThat(last(Attribute.USER_NAME)).isEqualTo("alice");
        assertThat(lastInteger(Attribute.ACCT_TERMINATE_CAUSE)).as("user request").isEqualTo(1);
        assertThat(sessions.size()).isZero();
    }

    /// RFC 2865 section 5.1: a User-Name of an Access-Accept "SHOULD be used in all
    /// Accounting-Request packets for this session".
    @Test
    void recordsNameTheUserAsTheServerHas() {
        establish(1, false);
        assertThat(last(Attribute.USER_NAME)).isEqualTo("alice");
        assertThat(session(List.of()).authenticatedIdentity()).hasToString("laptop-7");
    }

    @Test
    void aResumeIsAccountedForWhenItsPeerHasConfirmedIt() {
        establish(-1, true);
        assertThat(records).isEmpty();
        emit(new Event.SessionConfirmed(-1, SESSION));
        assertThat(kinds()).containsExactly(AccountingRecord.Kind.START);
    }

    @Test
    void aResumeThatNobodyConfirmsMakesNoRecord() {
        establish(-1, true);
        close(-1, CloseReason.TIMED_OUT);
        assertThat(records).isEmpty();
    }

    @Test
    void anIkeSaThatTakesOverHereMakesNoRecord() {
        establish(-1, false);
        establish(-2, true);
        emit(new Event.SessionConfirmed(-2, SESSION));
        close(-1, CloseReason.SUPERSEDED);
        assertThat(kinds()).containsExactly(AccountingRecord.Kind.START);
        close(-2, CloseReason.DELETED_BY_PEER);
        assertThat(kinds()).last().isEqualTo(AccountingRecord.Kind.STOP);
    }

    @Test
    void aSessionThatNoServerLetInMakesNoRecord() {
        known.put(-1L, session(List.of()));
        emit(established(-1, false));
        close(-1, CloseReason.DELETED_BY_PEER);
        assertThat(records).isEmpty();
    }

    @Test
    void interimRecordsComeAtTheServersInterval() {
        establish(-1, false, Attribute.integer(Attribute.ACCT_INTERIM_INTERVAL, 120));
        after(119);
        assertThat(kinds()).hasSize(1);
        after(1);
        after(120);
        assertThat(kinds())
                .containsExactly(
                        AccountingRecord.Kind.START,
                        AccountingRecord.Kind.INTERIM,
                        AccountingRecord.Kind.INTERIM);
        assertThat(lastInteger(Attribute.ACCT_SESSION_TIME)).isEqualTo(240);
    }

    @Test
    void withoutOneTheyComeAtOurs() {
        establish(-1, false);
        after(600);
        assertThat(kinds()).last().isEqualTo(AccountingRecord.Kind.INTERIM);
    }

    @Test
    void anIdleSessionIsEndedAndABusyOneIsNot() {
        establish(-1, false, Attribute.integer(Attribute.IDLE_TIMEOUT, 80));
        assertThat(after(79)).isEmpty();
        assertThat(after(10)).containsExactly(new Input.Close(-1, false));
        close(-1, CloseReason.CLOSED_LOCALLY);
        assertThat(lastInteger(Attribute.ACCT_TERMINATE_CAUSE)).as("idle").isEqualTo(4);
    }

    @Test
    void theEndByTheHardDeadlineIsSessionTimeout() {
        establish(-1, false);
        close(-1, CloseReason.HARD_DEADLINE);
        assertThat(lastInteger(Attribute.ACCT_TERMINATE_CAUSE)).isEqualTo(5);
    }

    @Test
    void aChangeCountsSessionTimeoutFromNowAndGoesIntoTheSession() {
        establish(-1, false, Attribute.text(Attribute.FILTER_ID, "staff"));
        AaaSessions.Change change =
                sessions.change(
                        now,
                        SESSION,
                        new Attributes(
                                List.of(
                                        Attribute.integer(Attribute.SESSION_TIMEOUT, 60),
                                        Attribute.text(Attribute.FILTER_ID, "guests"))));
        assertThat(change).isNotNull();
        Input.Reauthorize order = change.order();
        assertThat(order.hardDeadline()).isEqualTo(now.epochSeconds() + 60);
        assertThat(Attributes.ofRaw(order.aaaAttributes()).text(Attribute.FILTER_ID))
                .isEqualTo("guests");
        assertThat(GrantMark.in(order.aaaAttributes())).isEqualTo(now.epochSeconds());
        assertThat(change.before()).isEqualTo(new Revocation.OfGrant(SESSION, now.epochSeconds()));
    }

    /// Two within a second: the ticket between them is of before as well.
    @Test
    void everyOrderRevokesWhatTheOneBeforeGranted() {
        establish(-1, false, Attribute.text(Attribute.FILTER_ID, "staff"));
        AaaSessions.Change first = order(Attribute.text(Attribute.FILTER_ID, "guests"));
        sessions.changed(now, first);
        AaaSessions.Change second = order(Attribute.integer(Attribute.IDLE_TIMEOUT, 60));
        assertThat(second.before())
                .isEqualTo(new Revocation.OfGrant(SESSION, now.epochSeconds() + 1));
        assertThat(Attributes.ofRaw(second.order().aaaAttributes()).text(Attribute.FILTER_ID))
                .isEqualTo("guests");
    }

    /// It came back here after an order at another gateway.
    @Test
    void anOrderBuildsOnWhatAnotherGatewayWasOrdered() {
        establish(-1, false, Attribute.text(Attribute.FILTER_ID, "staff"));
        Attributes there =
                new Attributes(
                        List.of(
                                Attribute.text(Attribute.USER_NAME, "alice"),
                                Attribute.text(Attribute.FILTER_ID, "guests")));
        long instant = now.epochSeconds() + 50;
        known.put(-2L, session(GrantMark.placed(there.raw(), instant)));
        emit(established(-2, false));

        AaaSessions.Change change = order(Attribute.integer(Attribute.IDLE_TIMEOUT, 60));

        assertThat(change.before()).isEqualTo(new Revocation.OfGrant(SESSION, instant + 1));
        assertThat(Attributes.ofRaw(change.order().aaaAttributes()).text(Attribute.FILTER_ID))
                .isEqualTo("guests");
    }

    /// How often it is accounted for is no limit of a session.
    @Test
    void anotherIntervalAloneRevokesNothing() {
        establish(-1, false);
        assertThat(order(Attribute.integer(Attribute.ACCT_INTERIM_INTERVAL, 300)).before())
                .isNull();
    }

    @Test
    void moreThanATicketHoldsIsTooLong() {
        establish(-1, false);
        assertThat(order(filters(4)).tooLong()).isFalse();
        assertThat(order(filters(6)).tooLong()).isTrue();
    }

    private static Attribute[] filters(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> Attribute.text(Attribute.FILTER_ID, "f".repeat(200) + i))
                .toArray(Attribute[]::new);
    }

    private AaaSessions.Change order(Attribute... attributes) {
        AaaSessions.Change change =
                sessions.change(now, SESSION, new Attributes(List.of(attributes)));
        assertThat(change).isNotNull();
        return change;
    }

    @Test
    void aSessionIsFoundByWhatAServerCallsIt() {
        establish(-1, false);
        SessionMatch alice =
                new SessionMatch(
                        new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "alice"))));
        SessionMatch bob =
                new SessionMatch(
                        new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "bob"))));
        assertThat(sessions.meant(alice)).hasSize(1);
        assertThat(sessions.meant(bob)).isEmpty();
    }

    @Test
    void theEndOfTheGatewayEndsAllAndNothingTwice() {
        establish(-1, false);
        sessions.stopAll(now);
        close(-1, CloseReason.CLOSED_LOCALLY);
        assertThat(kinds())
                .containsExactly(AccountingRecord.Kind.START, AccountingRecord.Kind.STOP);
        assertThat(lastInteger(Attribute.ACCT_TERMINATE_CAUSE)).as("reboot").isEqualTo(11);
    }

    @Test
    void whatAChildSaCarriedCountsAfterItIsGone() {
        UsageMeter meter = new UsageMeter(spi -> Optional.ofNullable(traffic.get(spi)));
        meter.add(7);
        traffic.put(7, new SaTraffic(2, 200, 2, 3, 3, 300));
        assertThat(meter.total().inputOctets()).isEqualTo(200);
        meter.remove(7);
        traffic.remove(7);
        meter.add(8);
        traffic.put(8, new SaTraffic(1, 10, 1, 1, 1, 20));
        assertThat(meter.total().inputOctets()).isEqualTo(210);
        assertThat(meter.total().outputPackets()).isEqualTo(4);
    }
}
