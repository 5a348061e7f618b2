package dev.postern.radius;

import static dev.postern.radius.ServerByHand.START;
import static dev.postern.radius.ServerByHand.only;
import static dev.postern.radius.ServerByHand.transmits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which server is asked while some are dead (RFC 2865 section 2.5), for how long one is passed
/// over, and what becomes of requests that wait meanwhile.
class DeadServersTest {
    private static final Attributes NEMO =
            new Attributes(List.of(Attribute.text(Attribute.USER_NAME, "nemo")));
    private static final long DEAD_TIME = RetryPolicy.DEFAULT.deadTimeNanos();

    /// One socket: 256 requests at a server, and 16 that wait.
    private static final RetryPolicy NARROW =
            new RetryPolicy(1_000_000_000L, 3, DEAD_TIME, 16 * DEAD_TIME, 1, 16);

    private List<Server> servers = ServerByHand.servers(2);
    private RadiusClient client = client(RetryPolicy.DEFAULT);
    private Moment now = START;
    private long calls;

    private RadiusClient client(RetryPolicy policy) {
        return new RadiusClient(servers, policy, ServerByHand.entropy(1));
    }

    private void oneServer(RetryPolicy policy) {
        servers = ServerByHand.servers(1);
        client = client(policy);
    }

    private List<ClientEffect> submit() {
        return client.submit(new Call.Access(++calls, NEMO, -1), now);
    }

    private ClientEffect.Transmit sent() {
        return transmits(submit()).getFirst();
    }

    private List<ClientEffect> accept(ClientEffect.Transmit request) {
        Server server = servers.get(request.server());
        return client.onDatagram(
                server.address(),
                request.channel(),
                ServerByHand.answer(Code.ACCESS_ACCEPT, request.octets(), server),
                now);
    }

    private List<ClientEffect> next() {
        now = now.plusNanos(Math.max(0, client.nextDeadline() - now.nanos()));
        return client.onDeadline(now);
    }

    /// All that comes until there is nothing to wait for.
    private List<ClientEffect> toTheEnd() {
        List<ClientEffect> effects = new ArrayList<>();
        while (client.nextDeadline() != Long.MAX_VALUE) {
            effects.addAll(next());
        }
        return effects;
    }

    /// The first server leaves a request alone that the second then answers.
    ///
    /// @return for how long the first is passed over, in dead times
    private long firstFails() {
        assertThat(sent().server()).as("its time is over").isZero();
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.ServerDied.class).isEmpty()) {
            effects.addAll(next());
        }
        ClientEffect.Transmit other = transmits(effects).getLast();
        assertThat(other.server()).isEqualTo(1);
        accept(other);
        // What is sent from now on is younger than that answer.
        now = now.plusNanos(1);
        return only(effects, ClientEffect.ServerDied.class).getFirst().forNanos() / DEAD_TIME;
    }

    private void pass(long deadTimes) {
        now = now.plusNanos(deadTimes * DEAD_TIME);
    }

    @Test
    void eachFurtherFailureDoublesTheTimeUpToSixteenTimes() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            times.add(firstFails());
            pass(times.getLast());
        }
        assertThat(times).containsExactly(1L, 2L, 4L, 8L, 16L, 16L, 16L);
    }

    @Test
    void afterAnAnswerTheTimeIsTheFirstAgain() {
        pass(firstFails());
        pass(firstFails());
        assertThat(only(accept(sent()), ClientEffect.ServerRevived.class)).hasSize(1);
        now = now.plusNanos(1);
        assertThat(firstFails()).isEqualTo(1);
    }

    @Test
    void whereAllAreDeadTheOneWhoseTimeEndsFirstIsAsked() {
        pass(firstFails());
        assertThat(firstFails()).isEqualTo(2);
        assertThat(sent().server()).isEqualTo(1);
        toTheEnd();
        assertThat(client.isDead(0)).isTrue();
        assertThat(client.isDead(1)).isTrue();
        assertThat(sent().server()).as("dead for half as long").isEqualTo(1);
    }

    @Test
    void manyRequestsThatAreLeftAloneTogetherAreOneFailure() {
        oneServer(RetryPolicy.DEFAULT);
        for (int i = 0; i < 5; i++) {
            submit();
        }
        List<ClientEffect> effects = toTheEnd();
        assertThat(only(effects, ClientEffect.Unanswered.class)).hasSize(5);
        assertThat(only(effects, ClientEffect.ServerDied.class)).hasSize(1);
    }

    @Test
    void whereThereIsNoOtherServerYoungerRequestsHaveTheirOwnTime() {
        oneServer(RetryPolicy.DEFAULT);
        submit();
        next();
        ClientEffect.Transmit younger = sent();
        List<ClientEffect> effects = new ArrayList<>();
        while (only(effects, ClientEffect.ServerDied.class).isEmpty()) {
            effects.addAll(next());
        }
        assertThat(only(effects, ClientEffect.Unanswered.class))
                .containsExactly(new ClientEffect.Unanswered(1));
        assertThat(only(accept(younger), ClientEffect.Answered.class)).hasSize(1);
    }

    @Test
    void whatWaitsForAnIdentifierGoesOutWhenOthersAreGivenUp() {
        oneServer(NARROW);
        for (int i = 0; i < 256; i++) {
            submit();
        }
        assertThat(submit()).as("waits").isEmpty();
        List<ClientEffect> effects = toTheEnd();
        assertThat(only(effects, ClientEffect.Unanswered.class)).hasSize(257);
        assertThat(client.outstanding()).isZero();
    }

    @Test
    void whatIsCancelledWhileItWaitsForAnIdentifierIsNeverSent() {
        oneServer(NARROW);
        ClientEffect.Transmit first = sent();
        for (int i = 1; i < 256; i++) {
            submit();
        }
        submit();
        client.cancel(calls, now);
        assertThat(transmits(accept(first))).isEmpty();
    }

    /// A late answer under an identifier that has just become another request's would be judged as
    /// the answer to that.
    @Test
    void theIdentifierIsTheOneThatWasFreeForTheLongestTime() {
        oneServer(NARROW);
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 256; i++) {
            ClientEffect.Transmit request = sent();
            used.add(ServerByHand.decode(request.octets()).identifier());
            accept(request);
        }
        assertThat(used).hasSize(256);
    }
}
