package dev.postern.fuzz;

import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.Path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// A client that nobody touches: it talks to the gateway with nobody in between.
record Bystander(IkeEndpoint endpoint, InetSocketAddress address, InetSocketAddress server) {
    /// What becomes of an input of the bystander's.
    List<Event> talk(IkeEndpoint gateway, Now now, Input first) {
        List<Event> events = new ArrayList<>();
        Queue<Effect> theirs = new ArrayDeque<>(endpoint.handle(now, first));
        while (!theirs.isEmpty()) {
            Effect effect = theirs.remove();
            if (effect instanceof Effect.Emit emit) {
                events.add(emit.event());
            } else if (effect instanceof Effect.Send send) {
                theirs.addAll(answers(gateway, now, send.octets()));
            }
        }
        return events;
    }

    private List<Effect> answers(IkeEndpoint gateway, Now now, byte[] octets) {
        List<Effect> taken = new ArrayList<>();
        Input datagram = new Input.Datagram(new Path(server, address, true), octets);
        Queue<Effect> ours = new ArrayDeque<>(gateway.handle(now, datagram));
        while (!ours.isEmpty()) {
            Effect own = ours.remove();
            if (own instanceof Effect.Send answer) {
                Path back = new Path(address, server, true);
                taken.addAll(endpoint.handle(now, new Input.Datagram(back, answer.octets())));
            } else if (own instanceof Effect.Raise raise) {
                Answer lease =
                        new Answer.AddressesLeased(
                                List.of(InetAddress.ofLiteral("10.9.0.1")), List.of());
                ours.addAll(gateway.handle(now, new Input.Answered(raise.askId(), lease)));
            }
        }
        return taken;
    }
}
