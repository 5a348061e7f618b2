package dev.postern.radius;

import static dev.postern.radius.ServerByHand.START;
import static dev.postern.radius.ServerByHand.answer;
import static dev.postern.radius.ServerByHand.only;
import static dev.postern.radius.ServerByHand.plainAnswer;
import static dev.postern.radius.ServerByHand.transmits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// RFC 2865 sections 2.4, 2.5 and 3, RFC 5080 section 2.2.1: several servers, retransmission, and
/// datagrams that are not the answer.
class Rfc2865_2_4_RetransmissionTest {
    private static final Attributes NEMO =
            new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "nemo")));

    private final List<Server> servers = ServerByHand.servers(2);
    private final RadiusClient client =
            new RadiusClient(servers, RetryPolicy.DEFAULT, ServerByHand.entropy(1));
    private Moment now = START;

    private byte[] submit(long id) {
        return access(id).octets();
    }

    private ClientEffect.Transmit access(long id) {
        return transmits(client.submit(new Call.Access(id, NEMO, -1), now)).getFirst();
    }

    /// What comes of the first server's answer to it.
    private List<ClientEffect> accept(ClientEffect.Transmit request) {
        Server server = servers.getFirst();
        return client.onDatagram(
                server.address(),
                request.channel(),
                answer(Code.ACCESS_ACCEPT, request.octets(), server),
                now);
    }

    /// Lets deadlines come until something is sent or said.
    private List<ClientEffect> await() {
        List<ClientEffect> effects = new ArrayList<>();
        while (effects.isEmpty() && client.nextDeadline() != Long.MAX_VALUE) {
            now = now.plusNanos(Math.max(0, client.nextDeadline() - now.nanos()));
            effects.addAll(client.onDeadline(now));
        }
        return effects;
    }

    private List<ClientEffect> receive(int server, byte[] datagram) {
        return client.onDatagram(servers.get(server).address(), 0, datagram, now);
    }

    @Test
    void aRetransmissionIsTheSameOctets() {
        byte[] request = submit(1);
        List<ClientEffect.Transmit> again = transmits(await());
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().octets()).isEqualTo(request);
    }

    @Test
    void theWaitDoublesWithATenthOfJitter() {
        submit(1);
        long before = now.nanos();
        await();
        long first = now.nanos() - before;
        await();
        long second = now.nanos() - before - first;
        assertThat(first).isBetween(900_000_000L, 1_100_000_000L);
        assertThat(second).isBetween(1_800_000_000L, 2_200_000_000L);
    }

    @Test
    void aSilentServerIsFollowedByTheNextWithAPacketOfItsOwn() {
        byte[] request = submit(1);
        await();
        await();
        List<ClientEffect> effects = await();
        assertThat(only(effects, ClientEffect.ServerDied.class)).hasSize(1);
        ClientEffect.Transmit next = transmits(effects).getFirst();
        assertThat(next.server()).isEqualTo(1);
        assertThat(ServerByHand.decode(next.octets()).authenticator())
                .isNotEqualTo(ServerByHand.decode(request).authenticator());
        List<ClientEffect> end =
                receive(1, answer(Code.ACCESS_ACCEPT, next.octets(), servers.get(1)));
        assertThat(only(end, ClientEffect.Answered.class).getFirst().server()).isEqualTo(1);
    }

    @Test
    void whatElseWaitsForADeadServerGoesOnAtOnce() {
        submit(1);
        submit(2);
        await();
        now = now.plusNanos(1);
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.ServerDied.class).isEmpty()) {
            effects.addAll(await());
        }
        assertThat(transmits(effects).stream().filter(each -> each.server() == 1)).hasSize(2);
    }

    /// One request that a server leaves alone, because it drops what is malformed or is slow about
    /// one user, says nothing of the server.
    @Test
    void aServerThatAnswersOthersIsNotDeadForLeavingOneRequestAlone() {
        submit(1);
        await();
        ClientEffect.Transmit other = access(2);
        assertThat(accept(other)).isNotEmpty();
        ClientEffect.Transmit third = access(3);

        List<ClientEffect> effects = new ArrayList<>();
        while (transmits(effects).stream().noneMatch(each -> each.server() == 1)) {
            effects.addAll(await());
        }

        assertThat(only(effects, ClientEffect.ServerDied.class)).isEmpty();
        assertThat(client.isDead(0)).isFalse();
        assertThat(transmits(effects).stream().filter(each -> each.server() == 1))
                .as("the one that was left alone, and not what else waits")
                .hasSize(1);
        assertThat(accept(third)).isNotEmpty();
    }

    @Test
    void aDeadServerIsPassedOverAndThenTriedByOneRequestAlone() {
        killFirst();
        assertThat(transmits(client.submit(new Call.Access(5, NEMO, -1), now)).getFirst().server())
                .isEqualTo(1);
        now = now.plusNanos(RetryPolicy.DEFAULT.deadTimeNanos());
        assertThat(transmits(client.submit(new Call.Access(6, NEMO, -1), now)).getFirst().server())
                .isZero();
        assertThat(transmits(client.submit(new Call.Access(7, NEMO, -1), now)).getFirst().server())
                .isEqualTo(1);
    }

    @Test
    void aServerThatAnswersIsAliveAgain() {
        killFirst();
        now = now.plusNanos(RetryPolicy.DEFAULT.deadTimeNanos());
        ClientEffect.Transmit probe = access(6);
        List<ClientEffect> effects =
                client.onDatagram(
                        servers.getFirst().address(),
                        probe.channel(),
                        answer(Code.ACCESS_REJECT, probe.octets(), servers.getFirst()),
                        now);
        assertThat(only(effects, ClientEffect.ServerRevived.class)).hasSize(1);
        assertThat(client.isDead(0)).isFalse();
    }

    @Test
    void aServerThatFailsAgainIsPassedOverForTwiceTheTime() {
        killFirst();
        now = now.plusNanos(RetryPolicy.DEFAULT.deadTimeNanos());
        client.submit(new Call.Access(6, NEMO, -1), now);
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.ServerDied.class).isEmpty()) {
            effects.addAll(await());
        }
        assertThat(only(effects, ClientEffect.ServerDied.class).getFirst().forNanos())
                .isEqualTo(2 * RetryPolicy.DEFAULT.deadTimeNanos());
    }

    @Test
    void noServerLeftIsUnansweredAndKeepsNothing() {
        submit(1);
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.Unanswered.class).isEmpty()) {
            effects.addAll(await());
        }
        assertThat(client.outstanding()).isZero();
        assertThat(client.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    /// RFC 2865 section 5.24: only the server that gave a State knows it.
    @Test
    void aConversationStaysWithItsServer() {
        client.submit(new Call.Access(1, NEMO, 0), now);
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.Unanswered.class).isEmpty()) {
            effects.addAll(await());
        }
        assertThat(transmits(effects)).allMatch(each -> each.server() == 0);
    }

    @Test
    void anAnswerFromAnotherAddressOrPortIsPassedOverAndTheRequestWaitsOn() {
        byte[] request = submit(1);
        byte[] answer = answer(Code.ACCESS_ACCEPT, request, servers.getFirst());
        InetSocketAddress right = servers.getFirst().address();
        for (InetSocketAddress wrong :
                List.of(
                        ServerByHand.at("192.0.2.99", 1812),
                        new InetSocketAddress(right.getAddress(), 1813))) {
            assertThat(client.onDatagram(wrong, 0, answer, now)).isEmpty();
        }
        assertThat(client.dropped(Drop.UNKNOWN_SOURCE)).isEqualTo(2);
        assertThat(only(receive(0, answer), ClientEffect.Answered.class)).hasSize(1);
    }

    @Test
    void theOtherServersAnswerUnderTheSameIdentifierIsPassedOver() {
        byte[] request = submit(1);
        assertThat(receive(1, answer(Code.ACCESS_ACCEPT, request, servers.getFirst()))).isEmpty();
        assertThat(client.dropped(Drop.UNKNOWN_IDENTIFIER)).isEqualTo(1);
    }

    @Test
    void anAnswerUnderAnotherIdentifierIsPassedOver() {
        byte[] answer = answer(Code.ACCESS_ACCEPT, submit(1), servers.getFirst());
        answer[1]++;
        assertThat(receive(0, answer)).isEmpty();
        assertThat(client.dropped(Drop.UNKNOWN_IDENTIFIER)).isEqualTo(1);
    }

    @Test
    void anAnswerOverAnotherSocketIsPassedOver() {
        byte[] answer = answer(Code.ACCESS_ACCEPT, submit(1), servers.getFirst());
        assertThat(client.onDatagram(servers.getFirst().address(), 1, answer, now)).isEmpty();
        assertThat(client.onDatagram(servers.getFirst().address(), 99, answer, now)).isEmpty();
    }

    @Test
    void aWrongResponseAuthenticatorIsPassedOver() {
        byte[] answer = answer(Code.ACCESS_ACCEPT, submit(1), servers.getFirst());
        answer[4] ^= 1;
        assertThat(receive(0, answer)).isEmpty();
        assertThat(client.dropped(Drop.WRONG_AUTHENTICATOR)).isEqualTo(1);
    }

    @Test
    void anAnswerMadeWithAnotherSecretIsPassedOver() {
        assertThat(receive(0, answer(Code.ACCESS_ACCEPT, submit(1), servers.get(1)))).isEmpty();
        assertThat(client.dropped(Drop.WRONG_AUTHENTICATOR)).isEqualTo(1);
    }

    /// RFC 3579 section 3.2, and CVE-2024-3596: an answer without it may be forged by a collision.
    @Test
    void anAccessAnswerWithoutMessageAuthenticatorIsPassedOver() {
        byte[] request = submit(1);
        for (Code code : List.of(Code.ACCESS_ACCEPT, Code.ACCESS_REJECT, Code.ACCESS_CHALLENGE)) {
            assertThat(receive(0, plainAnswer(code, request, servers.getFirst()))).isEmpty();
        }
        assertThat(client.dropped(Drop.NO_MESSAGE_AUTHENTICATOR)).isEqualTo(3);
    }

    @Test
    void anAccountingResponseNeedsNone() {
        byte[] request =
                transmits(client.submit(new Call.Accounting(1, NEMO, 0), now)).getFirst().octets();
        byte[] answer = plainAnswer(Code.ACCOUNTING_RESPONSE, request, servers.getFirst());
        assertThat(only(receive(0, answer), ClientEffect.Answered.class)).hasSize(1);
    }

    @Test
    void aCodeThatAnswersSomethingElseIsPassedOver() {
        byte[] request = submit(1);
        for (Code code :
                List.of(
                        Code.ACCESS_REQUEST,
                        Code.ACCOUNTING_RESPONSE,
                        Code.DISCONNECT_ACK,
                        Code.COA_ACK)) {
            assertThat(receive(0, answer(code, request, servers.getFirst()))).isEmpty();
        }
        assertThat(client.dropped(Drop.WRONG_CODE)).isEqualTo(4);
    }

    @Test
    void garbageIsPassedOverAndTheRequestWaitsOn() {
        byte[] request = submit(1);
        assertThat(receive(0, new byte[0])).isEmpty();
        assertThat(receive(0, new byte[19])).isEmpty();
        assertThat(client.dropped(Drop.MALFORMED)).isEqualTo(2);
        assertThat(client.outstanding()).isEqualTo(1);
        assertThat(
                        only(
                                receive(0, answer(Code.ACCESS_REJECT, request, servers.getFirst())),
                                ClientEffect.Answered.class))
                .hasSize(1);
    }

    @Test
    void aDoubledAnswerIsTakenOnce() {
        byte[] answer = answer(Code.ACCESS_ACCEPT, submit(1), servers.getFirst());
        assertThat(only(receive(0, answer), ClientEffect.Answered.class)).hasSize(1);
        assertThat(receive(0, answer)).isEmpty();
    }

    @Test
    void manyRequestsShareSocketsWithoutSharingAnIdentifier() {
        Set<Integer> used = new HashSet<>();
        int most = RetryPolicy.DEFAULT.channels() * 256;
        List<ClientEffect.Transmit> sent = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            sent.addAll(transmits(client.submit(new Call.Access(i, NEMO, -1), now)));
        }
        for (ClientEffect.Transmit each : sent) {
            used.add(each.channel() * 256 + ServerByHand.decode(each.octets()).identifier());
        }
        assertThat(used).hasSize(most);
        assertThat(client.submit(new Call.Access(most, NEMO, -1), now)).isEmpty();
        ClientEffect.Transmit first = sent.getFirst();
        List<ClientEffect> effects =
                client.onDatagram(
                        servers.getFirst().address(),
                        first.channel(),
                        answer(Code.ACCESS_ACCEPT, first.octets(), servers.getFirst()),
                        now);
        assertThat(transmits(effects)).as("the one that waited").hasSize(1);
    }

    @Test
    void tooManyThatWaitAreRefused() {
        RetryPolicy small =
                new RetryPolicy(1_000_000_000L, 3, 1_000_000_000L, 8_000_000_000L, 1, 2);
        RadiusClient bounded = new RadiusClient(servers, small, ServerByHand.entropy(2));
        for (int i = 0; i < 258; i++) {
            bounded.submit(new Call.Access(i, NEMO, -1), now);
        }
        assertThat(bounded.submit(new Call.Access(258, NEMO, -1), now))
                .containsExactly(new ClientEffect.Unanswered(258));
        assertThat(bounded.outstanding()).isEqualTo(258);
    }

    @Test
    void aCancelledCallIsForgotten() {
        byte[] request = submit(1);
        assertThat(client.cancel(1, now)).isEmpty();
        assertThat(client.outstanding()).isZero();
        assertThat(receive(0, answer(Code.ACCESS_ACCEPT, request, servers.getFirst()))).isEmpty();
        assertThat(client.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    private void killFirst() {
        submit(1);
        List<ClientEffect> effects = new ArrayList<>();
        while (transmits(effects).stream().noneMatch(each -> each.server() == 1)) {
            effects.addAll(await());
        }
        ClientEffect.Transmit last = transmits(effects).getLast();
        client.onDatagram(
                servers.get(1).address(),
                last.channel(),
                answer(Code.ACCESS_REJECT, last.octets(), servers.get(1)),
                now);
        assertThat(client.isDead(0)).isTrue();
    }
}
