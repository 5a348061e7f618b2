package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.ike.NetworkPolicy;

/// Sequences of datagrams, instants and answers into endpoints of both roles.
///
/// The input is a program: each octet is a step, some with operands behind them. Whatever the
/// program is, no endpoint meets a bug of its own, what strangers make the two hold is bounded by
/// the steps, no client has a session before the gateway has said something to it, and a client
/// that the program never touches keeps its session.
final class EndpointFuzz {
    private static final int MOST_STEPS = 64;

    /// From here on, what is injected stands where a message is due; see [Forger].
    static final int FORGED = 128;

    @FuzzTest
    void anySequence(byte[] program) {
        run(program, new EndpointNeighbourhood());
    }

    /// The same where messages come in fragments (RFC 7383).
    @FuzzTest
    void anySequenceOfFragments(byte[] program) {
        NetworkPolicy narrow =
                NetworkPolicy.DEFAULT.withFragmentSize(NetworkPolicy.MINIMUM_FRAGMENT_SIZE);
        run(program, new EndpointNeighbourhood(narrow));
    }

    static void run(byte[] program, EndpointNeighbourhood world) {
        Forger forger = new Forger(world);
        int at = 0;
        int steps = 0;
        while (at < program.length && steps < MOST_STEPS) {
            int step = Byte.toUnsignedInt(program[at++]);
            int operand = at < program.length ? Byte.toUnsignedInt(program[at]) : 0;
            int second = at + 1 < program.length ? Byte.toUnsignedInt(program[at + 1]) : 0;
            steps++;
            switch (step % 16) {
                case 0, 1, 2, 3 -> world.deliver(0);
                case 4 -> world.deliver(operand);
                case 5 -> world.drop(operand);
                case 6 -> world.deliverCopy(operand);
                case 7, 8 -> {
                    world.deliverChanged(operand, second, step);
                    at += 2;
                }
                case 9 -> {
                    world.deliverCut(operand, second);
                    at += 2;
                }
                case 10 -> world.advance(operand);
                case 11 -> world.initiate();
                case 12 -> world.resume();
                case 13 -> world.act(operand);
                case 14 -> world.answer(operand);
                default -> {
                    if (step >= FORGED) {
                        at = forger.step(program, at);
                        break;
                    }
                    int length = Math.min(operand, program.length - at);
                    world.inject(program, at, length);
                    at += length;
                }
            }
        }
        assertThat(world.held()).isLessThanOrEqualTo(2L * steps + 1);
        assertThat(world.heldByClient()).isLessThanOrEqualTo(2L * steps + 1);
        assertThat(world.isDeceived()).as("a client that heard of nobody with the key").isFalse();
        assertThat(world.bystanderLives()).as("a client that nobody touched").isTrue();
    }
}
