package dev.postern.radius;

import static dev.postern.radius.ServerByHand.SECRET;
import static dev.postern.radius.ServerByHand.START;
import static dev.postern.radius.ServerByHand.address;
import static dev.postern.radius.ServerByHand.decode;
import static dev.postern.radius.ServerByHand.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.radius.DynamicAuthorization.Outcome;
import dev.postern.radius.DynamicAuthorization.Refusal;
import dev.postern.radius.DynamicAuthorization.Verdict;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// RFC 5176: who may disconnect whom, when, and once.
class Rfc5176_DynamicAuthorizationTest {
    private static final InetSocketAddress PEER = ServerByHand.at("192.0.2.10", 40_000);
    private static final long NOW = START.epochSeconds();
    private static final Attribute ALICE = Attribute.text(Attribute.USER_NAME, "alice");

    private final DynamicAuthorization server =
            new DynamicAuthorization(
                    Map.of(PEER.getAddress(), SECRET), new Nas("gw-a", address("192.0.2.1")), 300);
    private int identifier;

    private byte[] request(Code code, long timestamp, Attribute... attributes) {
        List<Attribute> all = new ArrayList<>(Arrays.asList(attributes));
        all.add(Attribute.integer(Attribute.EVENT_TIMESTAMP, timestamp));
        return Authenticators.digestRequest(
                code, identifier++ & 0xff, new Attributes(all), true, SECRET);
    }

    private Verdict on(byte[] datagram) {
        return server.onDatagram(PEER, datagram, NOW);
    }

    private Verdict.Order order(Code code, Attribute... attributes) {
        Verdict verdict = on(request(code, NOW, attributes));
        assertThat(verdict).isInstanceOf(Verdict.Order.class);
        return (Verdict.Order) verdict;
    }

    private long errorCause(Code code, Attribute... attributes) {
        Verdict verdict = on(request(code, NOW, attributes));
        assertThat(verdict).isInstanceOf(Verdict.Reply.class);
        Packet reply = decode(((Verdict.Reply) verdict).octets());
        assertThat(reply.code())
                .isEqualTo(code == Code.DISCONNECT_REQUEST ? Code.DISCONNECT_NAK : Code.COA_NAK);
        return reply.attributes().integer(Attribute.ERROR_CAUSE);
    }

    private static AccountedSession session() {
        return new AccountedSession(
                hex("00112233445566778899aabbccddeeff"),
                3,
                "alice",
                List.of(address("10.9.0.7")),
                "198.51.100.7[4500]",
                "192.0.2.1[4500]",
                new Authorization(new Attributes(List.of(Attribute.text(Attribute.CLASS, "gold")))),
                NOW);
    }

    @Test
    void aDisconnectIsCarriedOutAndAcknowledged() {
        byte[] request = request(Code.DISCONNECT_REQUEST, NOW, ALICE);
        assertThat(on(request))
                .isInstanceOfSatisfying(
                        Verdict.Order.class,
                        order -> {
                            assertThat(order.disconnects()).isTrue();
                            byte[] answer = server.answer(order, Outcome.DONE);
                            assertThat(decode(answer).code()).isEqualTo(Code.DISCONNECT_ACK);
                            assertThat(
                                            Authenticators.provesResponse(
                                                    answer,
                                                    decode(request).authenticator(),
                                                    SECRET))
                                    .isTrue();
                        });
    }

    @Test
    void aChangeSaysWhatChanges() {
        Verdict.Order order =
                order(
                        Code.COA_REQUEST,
                        ALICE,
                        Attribute.integer(Attribute.SESSION_TIMEOUT, 60),
                        Attribute.text(Attribute.FILTER_ID, "guests"));
        assertThat(order.disconnects()).isFalse();
        assertThat(order.change().list()).hasSize(2);
        assertThat(decode(server.answer(order, Outcome.DONE)).code()).isEqualTo(Code.COA_ACK);
    }

    @Test
    void whoIsNotListedIsNotHeard() {
        byte[] request = request(Code.DISCONNECT_REQUEST, NOW, ALICE);
        InetSocketAddress stranger = ServerByHand.at("192.0.2.11", 40_000);
        assertThat(server.onDatagram(stranger, request, NOW))
                .isEqualTo(new Verdict.Passed(Refusal.UNKNOWN_PEER));
        assertThat(server.refused(Refusal.UNKNOWN_PEER)).isEqualTo(1);
    }

    @Test
    void everyFlippedBitIsPassedOverWithoutAnAnswer() {
        byte[] request = request(Code.DISCONNECT_REQUEST, NOW, ALICE);
        for (int bit = 0; bit < request.length * 8; bit++) {
            byte[] forged = request.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(on(forged)).as("bit %d", bit).isInstanceOf(Verdict.Passed.class);
        }
        assertThat(on(request)).isInstanceOf(Verdict.Order.class);
    }

    @Test
    void withoutMessageAuthenticatorItIsPassedOver() {
        Attributes attributes =
                new Attributes(List.of(ALICE, Attribute.integer(Attribute.EVENT_TIMESTAMP, NOW)));
        byte[] request =
                Authenticators.digestRequest(Code.DISCONNECT_REQUEST, 1, attributes, false, SECRET);
        assertThat(on(request)).isEqualTo(new Verdict.Passed(Refusal.NO_MESSAGE_AUTHENTICATOR));
    }

    @Test
    void outsideTheWindowOfTimeItIsPassedOver() {
        assertThat(on(request(Code.DISCONNECT_REQUEST, NOW - 300, ALICE)))
                .isInstanceOf(Verdict.Order.class);
        for (long timestamp : new long[] {NOW - 301, NOW + 301, 0}) {
            assertThat(on(request(Code.DISCONNECT_REQUEST, timestamp, ALICE)))
                    .isEqualTo(new Verdict.Passed(Refusal.NOT_OF_NOW));
        }
        byte[] without =
                Authenticators.digestRequest(
                        Code.DISCONNECT_REQUEST, 9, new Attributes(List.of(ALICE)), true, SECRET);
        assertThat(on(without)).isEqualTo(new Verdict.Passed(Refusal.NOT_OF_NOW));
    }

    @Test
    void theSameRequestAgainGetsTheSameAnswerAndIsNotCarriedOutAgain() {
        byte[] request = request(Code.DISCONNECT_REQUEST, NOW, ALICE);
        Verdict first = on(request);
        assertThat(on(request)).as("not answered yet").isInstanceOf(Verdict.Passed.class);
        byte[] answer = server.answer((Verdict.Order) first, Outcome.DONE);
        assertThat(on(request))
                .isInstanceOfSatisfying(
                        Verdict.Reply.class, again -> assertThat(again.octets()).isEqualTo(answer));
    }

    @Test
    void aReplayFromAnotherPortIsPassedOverAslongAsItsTimestampIsGood() {
        byte[] request = request(Code.DISCONNECT_REQUEST, NOW + 300, ALICE);
        assertThat(on(request)).isInstanceOf(Verdict.Order.class);
        InetSocketAddress elsewhere = new InetSocketAddress(PEER.getAddress(), 40_001);
        for (long later : new long[] {0, 300, 600}) {
            assertThat(server.onDatagram(elsewhere, request, NOW + later))
                    .isEqualTo(new Verdict.Passed(Refusal.REPLAYED));
        }
        assertThat(server.onDatagram(elsewhere, request, NOW + 601))
                .isEqualTo(new Verdict.Passed(Refusal.NOT_OF_NOW));
    }

    /// Section 3.5.
    @Test
    void faultsAreAnsweredWithTheirErrorCause() {
        Attribute timeout = Attribute.integer(Attribute.SESSION_TIMEOUT, 60);
        assertThat(errorCause(Code.DISCONNECT_REQUEST)).isEqualTo(402);
        assertThat(errorCause(Code.COA_REQUEST, ALICE)).as("nothing to change").isEqualTo(402);
        assertThat(errorCause(Code.DISCONNECT_REQUEST, ALICE, timeout)).isEqualTo(401);
        assertThat(
                        errorCause(
                                Code.DISCONNECT_REQUEST,
                                ALICE,
                                Attribute.text(Attribute.NAS_IDENTIFIER, "gw-b")))
                .isEqualTo(403);
        assertThat(
                        errorCause(
                                Code.DISCONNECT_REQUEST,
                                ALICE,
                                Attribute.address(Attribute.NAS_IP_ADDRESS, address("192.0.2.2"))))
                .isEqualTo(403);
        assertThat(
                        errorCause(
                                Code.COA_REQUEST,
                                ALICE,
                                timeout,
                                Attribute.integer(Attribute.SERVICE_TYPE, 17)))
                .isEqualTo(405);
        assertThat(
                        errorCause(
                                Code.COA_REQUEST,
                                ALICE,
                                new Attribute(Attribute.SESSION_TIMEOUT, hex("01"))))
                .isEqualTo(407);
        assertThat(
                        errorCause(
                                Code.COA_REQUEST,
                                ALICE,
                                timeout,
                                Attribute.address(Attribute.FRAMED_IP_ADDRESS, address("10.9.0.7")),
                                Attribute.integer(Attribute.FRAMED_MTU, 1400)))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, names = "DONE", mode = EnumSource.Mode.EXCLUDE)
    void aRequestThatCannotBeCarriedOutIsRefused(Outcome outcome) {
        Verdict.Order order = order(Code.DISCONNECT_REQUEST, ALICE);
        assertThat(decode(server.answer(order, outcome)).code()).isEqualTo(Code.DISCONNECT_NAK);
    }

    /// Section 3.4.
    @Test
    void proxyStateComesBackInItsOrder() {
        Attribute one = Attribute.text(Attribute.PROXY_STATE, "one");
        Attribute two = Attribute.text(Attribute.PROXY_STATE, "two");
        Verdict.Order order = order(Code.DISCONNECT_REQUEST, one, ALICE, two);
        assertThat(
                        decode(server.answer(order, Outcome.DONE))
                                .attributes()
                                .all(Attribute.PROXY_STATE))
                .containsExactly(one.value(), two.value());
    }

    @Test
    void aSessionIsMeantByAnyOfItsNamesAndOnlyIfAllAgree() {
        AccountedSession session = session();
        List<Attribute> right =
                List.of(
                        ALICE,
                        Attribute.text(Attribute.ACCT_SESSION_ID, session.acctSessionId()),
                        Attribute.text(Attribute.ACCT_MULTI_SESSION_ID, session.multiSessionId()),
                        Attribute.text(Attribute.CLASS, "gold"),
                        Attribute.address(Attribute.FRAMED_IP_ADDRESS, address("10.9.0.7")),
                        Attribute.text(Attribute.CALLING_STATION_ID, "198.51.100.7[4500]"));
        for (Attribute each : right) {
            assertThat(match(each).means(session)).as("%s", each).isTrue();
            Attribute wrong =
                    new Attribute(each.type(), Octets.of(new byte[each.value().length()]));
            assertThat(match(wrong).means(session)).as("%s", each).isFalse();
            assertThat(match(ALICE, wrong).means(session)).as("%s", each).isFalse();
        }
        assertThat(new SessionMatch(new Attributes(right)).means(session)).isTrue();
    }

    /// A server may know a moved session by its first leg.
    @Test
    void anEarlierLegMeansTheSessionToo() {
        String earlier = session().multiSessionId() + "-01-5f000000";
        assertThat(match(Attribute.text(Attribute.ACCT_SESSION_ID, earlier)).means(session()))
                .isTrue();
    }

    /// A parked session, or one at another gateway, is named all the same.
    @Test
    void aSessionThatIsNotHereIsNamedByEitherOfItsIds() {
        AccountedSession session = session();
        assertThat(
                        match(
                                        Attribute.text(
                                                Attribute.ACCT_MULTI_SESSION_ID,
                                                session.multiSessionId()))
                                .namedSession())
                .hasValue(session.sessionId());
        assertThat(
                        match(
                                        ALICE,
                                        Attribute.text(
                                                Attribute.ACCT_SESSION_ID, session.acctSessionId()))
                                .namedSession())
                .hasValue(session.sessionId());
        assertThat(match(ALICE).namedSession()).isEmpty();
        assertThat(match(Attribute.text(Attribute.ACCT_SESSION_ID, "0badcafe")).namedSession())
                .isEmpty();
    }

    private static SessionMatch match(Attribute... attributes) {
        return new SessionMatch(new Attributes(List.of(attributes)));
    }
}
