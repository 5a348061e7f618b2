package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;

import java.util.List;

/// Somebody outside the domain who has a gateway's standby records, and so the keys of its IKE SAs,
/// but nobody's word: he calls the clients to himself with the production endpoint.
final class Thief {
    /// Far from the numbers of the gateways: nonces are not what he is about.
    private static final int MEMBER = 250;

    private static final int EPOCH = 60_000;
    private static final List<Long> CALLS = List.of(1L, 300L, 900L);

    private final Simulation simulation;
    private final Party attacker;

    Thief(Simulation simulation, Party attacker) {
        this.simulation = simulation;
        this.attacker = attacker;
    }

    /// Calls the clients of this gateway.
    void call(int gateway) {
        SimulatedGateway robbed = simulation.gateways().get(gateway);
        Now now = robbed.clock().at(simulation.now());
        IkeEndpoint endpoint =
                new IkeEndpoint(
                        simulation.domain().gateway(gateway, MEMBER, null),
                        Dice.of(simulation.plan().seed(), "thief " + simulation.now()),
                        simulation.ownBugs());
        Input.Succeed claim =
                new Input.Succeed(
                        robbed.standby().records(),
                        EPOCH,
                        simulation.notary().theft(gateway, now.epochSeconds()));
        send(endpoint.handle(now, claim));
        for (long millis : CALLS) {
            simulation
                    .agenda()
                    .in(
                            millis * Now.NANOS_PER_MILLI,
                            () ->
                                    send(
                                            endpoint.handle(
                                                    robbed.clock().at(simulation.now()),
                                                    new Input.DeadlineReached())));
        }
    }

    private void send(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                simulation
                        .network()
                        .inject(
                                attacker,
                                Datagram.ike(
                                        simulation.plan().terms().addresses().attacker(),
                                        send.path().remote(),
                                        send.octets()));
            }
        }
    }
}
