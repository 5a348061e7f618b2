package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/// "The gateway then holds nothing for it": the live heap of a gateway that has parked a hundred
/// thousand sessions. Each is a session of its own and comes by a resume, which needs no public-key
/// operations; endpoints and nothing else, so that nothing but they can hold anything.
class ParkedSessionsMemoryTest {
    private static final int PARKED = 100_000;
    private static final int STANDING = 1_000;
    private static final int WARM_UP = 3_000;

    /// Less than one object each.
    private static final int BOUND = 16;

    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();
    private final SplittableRandom random = new SplittableRandom(16);
    private final IkeEndpoint gateway =
            new IkeEndpoint(gatewaySettings.configuration(), random::nextBytes);
    private final IkeEndpoint client =
            new IkeEndpoint(clientSettings.configuration(), random::nextBytes);
    private final Path fromClient =
            new Path(clientSettings.address(), gatewaySettings.address(), true);
    private final Path fromGateway =
            new Path(gatewaySettings.address(), clientSettings.address(), true);
    private long nanos = 1;
    private long lastHandle;
    private @Nullable ResumableSession last;

    private Now now() {
        nanos += 1_000_000;
        return new Now(nanos, World.EPOCH);
    }

    private void converse(Input first) {
        Queue<Effect> there = new ArrayDeque<>(client.handle(now(), first));
        Queue<Effect> back = new ArrayDeque<>();
        while (!there.isEmpty() || !back.isEmpty()) {
            for (Effect effect = there.poll(); effect != null; effect = there.poll()) {
                if (effect instanceof Effect.Send send) {
                    back.addAll(
                            gateway.handle(now(), new Input.Datagram(fromGateway, send.octets())));
                } else if (effect instanceof Effect.Emit(Event.TicketReceived received)) {
                    last = received.session();
                }
            }
            for (Effect effect = back.poll(); effect != null; effect = back.poll()) {
                if (effect instanceof Effect.Send send) {
                    there.addAll(
                            client.handle(now(), new Input.Datagram(fromClient, send.octets())));
                } else if (effect instanceof Effect.Raise raise) {
                    back.addAll(gateway.handle(now(), answer(raise)));
                }
            }
        }
    }

    private static Input answer(Effect.Raise raise) {
        if (raise.ask() instanceof Ask.LeaseAddresses ask) {
            return new Input.Answered(
                    raise.askId(), new Answer.AddressesLeased(ask.wanted(), java.util.List.of()));
        }
        throw new AssertionError("nobody answers " + raise.ask());
    }

    /// A session of which the gateway has issued one ticket; the others are made from it.
    private Session pattern() {
        lastHandle++;
        java.net.InetAddress inner = dev.postern.ike.world.Net.ip(10, 77, 0, 2);
        Queue<Effect> there =
                new ArrayDeque<>(
                        client.handle(
                                now(),
                                new Input.Initiate(
                                        lastHandle, clientSettings.profile(), fromClient)));
        while (!there.isEmpty()) {
            Effect effect = there.remove();
            if (effect instanceof Effect.Send send) {
                Queue<Effect> back =
                        new ArrayDeque<>(
                                gateway.handle(
                                        now(), new Input.Datagram(fromGateway, send.octets())));
                while (!back.isEmpty()) {
                    Effect ours = back.remove();
                    if (ours instanceof Effect.Send answer) {
                        there.addAll(
                                client.handle(
                                        now(), new Input.Datagram(fromClient, answer.octets())));
                    } else if (ours instanceof Effect.Raise raise) {
                        back.addAll(
                                gateway.handle(
                                        now(),
                                        new Input.Answered(
                                                raise.askId(),
                                                new Answer.AddressesLeased(
                                                        java.util.List.of(inner),
                                                        java.util.List.of()))));
                    }
                }
            } else if (effect instanceof Effect.Emit(Event.TicketReceived received)) {
                last = received.session();
            }
        }
        ResumableSession ticket = last;
        if (ticket == null) {
            throw new AssertionError("there is no ticket");
        }
        converse(new Input.Park(lastHandle));
        return Sessions.opened(ticket);
    }

    /// Another session like this one, resumed.
    private void resume(Session pattern, int number) {
        byte[] id = ByteBuffer.allocate(16).putInt(number).array();
        Session session = Sessions.withId(pattern, Octets.of(id));
        ResumableSession ticket =
                new ResumableSession(
                        session,
                        Sessions.ticket(World.sealer(1).seal(session, random::nextBytes)),
                        World.EPOCH + 3600);
        lastHandle++;
        converse(new Input.Resume(lastHandle, clientSettings.profile(), fromClient, ticket));
    }

    private static long liveHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Test
    void aHundredThousandParkedSessionsCostNoMemory() {
        Session pattern = pattern();
        for (int i = 0; i < WARM_UP; i++) {
            resume(pattern, i);
            converse(new Input.Park(lastHandle));
        }
        long before = liveHeap();

        for (int i = 0; i < PARKED; i++) {
            resume(pattern, WARM_UP + i);
            converse(new Input.Park(lastHandle));
        }

        long held = liveHeap() - before;
        assertThat(gateway.counters().get(Counter.SESSIONS_PARKED))
                .isEqualTo(1L + WARM_UP + PARKED);
        assertThat(gateway.size()).isZero();
        assertThat(held / PARKED).as("octets for each").isLessThan(BOUND);
    }

    /// What the other test would see if anything was left.
    @Test
    void sessionsThatStandDoCostMemory() {
        Session pattern = pattern();
        resume(pattern, 0);
        long before = liveHeap();
        for (int i = 1; i <= STANDING; i++) {
            resume(pattern, i);
            client.handle(now(), new Input.Close(lastHandle, true));
        }
        long held = liveHeap() - before;
        assertThat(gateway.size()).isEqualTo(STANDING + 1);
        assertThat(held / STANDING).as("octets for each").isGreaterThan(20 * BOUND);
    }
}
