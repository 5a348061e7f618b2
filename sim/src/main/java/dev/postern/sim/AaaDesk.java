package dev.postern.sim;

import dev.postern.eap.EapOutcome;
import dev.postern.eap.EapServer;
import dev.postern.eap.MsChapV2Server;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The AAA server as one life of a gateway sees it: EAP-MSCHAPv2 by the production server, over a
/// network on which answers take their time, come twice or never. Its conversations are with that
/// life, and end with it.
final class AaaDesk {
    private static final long AAA_NANOS = 3 * Now.NANOS_PER_MILLI;
    private static final long AGAIN_NANOS = 20 * Now.NANOS_PER_MILLI;

    /// A Class attribute (RFC 2865 section 5.25), to be kept with the session.
    private static final List<Octets> ATTRIBUTES =
            List.of(Octets.of(new byte[] {25, 6, 's', 't', 'a', 'f'}));

    private final Simulation simulation;
    private final SimulatedGateway gateway;
    private final int life;
    private final Dice dice;
    private final Map<Long, EapServer> conversations = new HashMap<>();

    AaaDesk(Simulation simulation, SimulatedGateway gateway) {
        this.simulation = simulation;
        this.gateway = gateway;
        this.life = gateway.life();
        this.dice = Dice.of(simulation.plan().seed(), gateway.name() + " AAA " + life);
    }

    void ask(long askId, Ask.EapToServer ask) {
        Fault.SlowAaa fault = simulation.conditions().aaa();
        Answer answer = answer(ask);
        if (fault == null) {
            deliver(AAA_NANOS, askId, answer);
        } else if (fault.delayMillis() == Fault.NEVER) {
            answer.discard();
        } else {
            Answer copy = fault.twice() ? copy(answer) : null;
            deliver(fault.delayMillis() * Now.NANOS_PER_MILLI, askId, answer);
            if (copy != null) {
                deliver(fault.delayMillis() * Now.NANOS_PER_MILLI + AGAIN_NANOS, askId, copy);
            }
        }
    }

    private void deliver(long nanos, long askId, Answer answer) {
        simulation
                .agenda()
                .in(
                        nanos,
                        () -> {
                            if (gateway.isInLife(life)) {
                                gateway.give(new Input.Answered(askId, answer));
                            } else {
                                answer.discard();
                            }
                        });
    }

    private Answer answer(Ask.EapToServer ask) {
        boolean begins = ask.packet().isEmpty();
        @Nullable EapServer server = begins ? server() : conversations.remove(ask.conversation());
        if (server == null) {
            return new Answer.EapFailed(Octets.EMPTY, "no such EAP conversation");
        }
        EapOutcome outcome = begins ? server.begin() : server.onResponse(ask.packet());
        if (outcome instanceof EapOutcome.Continue) {
            conversations.put(ask.conversation(), server);
        }
        return EapAnswers.of(outcome, ATTRIBUTES);
    }

    private EapServer server() {
        return new EapServer(
                dice.below(256),
                true,
                List.of(new MsChapV2Server("aaa", simulation.domain()::passwordOf, dice)));
    }

    private static Answer copy(Answer answer) {
        return answer instanceof Answer.EapSucceeded success && success.msk() != null
                ? new Answer.EapSucceeded(
                        success.packet(),
                        success.msk().copy(),
                        success.identity(),
                        success.mutual(),
                        success.aaaAttributes(),
                        success.hardDeadline(),
                        success.peerCertificate())
                : answer;
    }
}
