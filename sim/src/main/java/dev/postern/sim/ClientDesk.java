package dev.postern.sim;

import dev.postern.eap.EapPeer;
import dev.postern.eap.MsChapV2Peer;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/// What one life of a client answers its endpoint: what vouchers say, and the next step of EAP.
final class ClientDesk {
    private final Simulation simulation;
    private final SimulatedClient client;
    private final int life;
    private final Dice dice;
    private @Nullable EapPeer peer;
    private long conversation;

    ClientDesk(Simulation simulation, SimulatedClient client) {
        this.simulation = simulation;
        this.client = client;
        this.life = client.life();
        this.dice = Dice.of(simulation.plan().seed(), client.name() + " EAP " + life);
    }

    void raise(Effect.Raise raise) {
        switch (raise.ask()) {
            case Ask.VerifyVouchers ask ->
                    soon(raise.askId(), () -> Notary.read(ask, client.seconds()));
            case Ask.EapToPeer ask -> soon(raise.askId(), () -> step(ask));
            case Ask.EapToServer _,
                    Ask.LeaseAddresses _,
                    Ask.LookUpGateways _,
                    Ask.LookUpRevocation _,
                    Ask.OfStore _,
                    Ask.OfTicketService _ ->
                    throw new IllegalStateException("a client asks " + raise.ask());
        }
    }

    private void soon(long askId, Supplier<Answer> answer) {
        simulation
                .agenda()
                .soon(() -> {
                    if (client.life() == life) {
                        client.give(new Input.Answered(askId, answer.get()));
                    }
                });
    }

    private Answer step(Ask.EapToPeer ask) {
        EapPeer current = peer;
        if (current == null || conversation != ask.conversation()) {
            if (current != null) {
                current.close();
            }
            current = peer();
            peer = current;
            conversation = ask.conversation();
        }
        return EapAnswers.of(current.on(ask.packet()), List.of());
    }

    private EapPeer peer() {
        String user = Domain.userName(client.index());
        return new EapPeer(
                user, new MsChapV2Peer(user, simulation.domain().key(client.index()).copy(), dice));
    }
}
