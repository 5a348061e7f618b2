package dev.postern.sim.scale;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.wire.ExchangeType;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// A gateway's endpoint of production behind the queue that the model's [Servers] have: one core,
/// one message after the other, and a bound on those that wait. What a message costs is what the
/// model says; which one is a resume or a full exchange the endpoint says, by the IKE SA that it
/// makes of it.
final class RealGateway {
    private static final int EXCHANGE_TYPE = 18;

    private final RealRun run;
    private final int index;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final Alarm alarm;
    private @Nullable IkeEndpoint endpoint;
    private int life;
    private boolean works;

    /// A message from a client, and when it came.
    private record Waiting(int client, byte[] octets, long since) {
        boolean isResume() {
            return exchange(octets) == ExchangeType.IKE_SESSION_RESUME_1RTT.code();
        }
    }

    /// The exchange type of an IKE message (RFC 7296 section 3.1).
    static int exchange(byte[] octets) {
        return octets[EXCHANGE_TYPE] & 0xff;
    }

    RealGateway(RealRun run, int index) {
        this.run = run;
        this.index = index;
        this.alarm = new Alarm(run.agenda(), this::onDeadline);
        start();
    }

    boolean isLost() {
        return endpoint == null;
    }

    /// Starts, or starts again with nothing that it had.
    void start() {
        endpoint = run.domain().gateway(index, ++life);
    }

    /// Loses power, and everything with it.
    void lose() {
        endpoint = null;
        queue.clear();
        works = false;
        life++;
    }

    /// A datagram arrives.
    void receive(int client, byte[] octets) {
        if (isLost()) {
            return;
        }
        if (run.isUnderWay() && queue.size() >= run.work().queueCapacity()) {
            run.result().dropped();
            return;
        }
        queue.add(new Waiting(client, octets, run.agenda().now()));
        if (!works) {
            serve();
        }
    }

    /// Works at what has waited longest; whoever sent it hears when that is done.
    private void serve() {
        IkeEndpoint current = endpoint;
        Waiting next = queue.poll();
        works = next != null && current != null;
        if (next == null || current == null) {
            return;
        }
        int before = current.size();
        List<Effect.Send> answers =
                handle(
                        current,
                        new Input.Datagram(RealDomain.path(index, next.client()), next.octets()));
        long begin = run.agenda().now();
        int micros = account(next, current.size() > before, begin);
        int ofLife = life;
        run.agenda()
                .in(
                        RealRun.nanos(micros),
                        () -> {
                            if (life == ofLife) {
                                answers.forEach(this::send);
                                serve();
                            }
                        });
    }

    /// @param made whether there is another IKE SA now
    /// @return what it has cost, in microseconds; nothing before the failure
    private int account(Waiting message, boolean made, long begin) {
        if (!run.isUnderWay()) {
            return 0;
        }
        Work work = run.work();
        int micros = work.repeatMicros();
        if (made) {
            micros = message.isResume() ? work.resumeMicros() : work.fullMicros();
            run.result()
                    .answered(
                            index,
                            run.modelMicros(begin) + micros,
                            run.modelMicros(begin) - run.modelMicros(message.since()));
        }
        run.result().worked(index, run.modelMicros(begin), micros);
        return micros;
    }

    private void onDeadline() {
        IkeEndpoint current = endpoint;
        if (current != null) {
            handle(current, new Input.DeadlineReached()).forEach(this::send);
        }
    }

    /// Addresses are leased at once, the one that a client had before if there is one.
    private List<Effect.Send> handle(IkeEndpoint current, Input input) {
        List<Effect.Send> sends = new ArrayList<>();
        for (Effect effect : List.copyOf(current.handle(run.now(), input))) {
            switch (effect) {
                case Effect.Send send -> sends.add(send);
                case Effect.Raise(long id, Ask.LeaseAddresses wish) -> {
                    List<InetAddress> leased =
                            wish.wanted().isEmpty()
                                    ? List.of(run.nextInnerAddress())
                                    : wish.wanted();
                    Answer answer = new Answer.AddressesLeased(leased, List.of());
                    sends.addAll(handle(current, new Input.Answered(id, answer)));
                }
                case Effect.Raise raise ->
                        throw new IllegalStateException("a gateway asks " + raise.ask());
                case Effect.InstallChildSa _,
                        Effect.ActivateChildSa _,
                        Effect.MoveChildSa _,
                        Effect.RemoveChildSa _,
                        Effect.SkipSequences _,
                        Effect.OfStandby _,
                        Effect.Emit _,
                        Effect.LogKeys _ -> {}
            }
        }
        alarm.at(run.instantOf(current.nextDeadline()));
        return sends;
    }

    private void send(Effect.Send sent) {
        Path path = sent.path();
        run.toClient(RealDomain.clientAt(path.remote()), index, sent.octets());
    }
}
