package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What each party of a story stands on: its newest IKE SA and Child SA; and how clients have
/// arrived at their gateways.
final class Standing implements Observer {
    private final Map<String, Long> ikeSas = new HashMap<>();
    private final Map<String, Integer> childSas = new HashMap<>();
    private final Map<String, List<InetAddress>> inside = new HashMap<>();
    private final List<Event.Origin> arrivals = new ArrayList<>();
    private final List<Event> closed = new ArrayList<>();
    private final Map<String, Integer> leaps = new HashMap<>();
    private int orders;

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled) {
            String name = handled.party().name();
            for (Effect effect : handled.effects()) {
                switch (effect) {
                    case Effect.InstallChildSa install ->
                            childSas.put(name, install.installation().inboundSpi());
                    case Effect.Emit(Event.IkeSaEstablished e) -> {
                        ikeSas.put(name, e.handle());
                        inside.put(name, e.innerAddresses());
                    }
                    case Effect.Emit(Event.SwitchCompleted e) -> arrivals.add(e.origin());
                    case Effect.Emit(Event.SwitchOrdered _) -> orders++;
                    case Effect.SkipSequences _ -> leaps.merge(name, 1, Integer::sum);
                    case Effect.Emit(Event.IkeSaClosed e)
                            when handled.party().role() == Party.Role.CLIENT ->
                            closed.add(e);
                    default -> {}
                }
            }
        }
    }

    void forget() {
        arrivals.clear();
        leaps.clear();
        closed.clear();
    }

    List<Event.Origin> arrivals() {
        return List.copyOf(arrivals);
    }

    /// IKE SAs that clients have lost.
    int closed() {
        return closed.size();
    }

    /// SAs of a party whose sequence numbers have leapt.
    int leaps(String party) {
        return leaps.getOrDefault(party, 0);
    }

    /// Calls to another gateway that clients have believed.
    int orders() {
        return orders;
    }

    /// The wish of a party about its newest SAs.
    Input wish(String party, Scenario.Move move) {
        long ikeSa = ikeSas.getOrDefault(party, 0L);
        int childSa = childSas.getOrDefault(party, 0);
        return switch (move) {
            case CREATE_CHILD_SA -> further(party, ikeSa);
            case REKEY_CHILD_SA -> new Input.RekeyChildSa(childSa);
            case CLOSE_CHILD_SA -> new Input.CloseChildSa(childSa);
            case REKEY_IKE_SA -> new Input.RekeyIkeSa(ikeSa);
            case CLOSE_IKE_SA -> new Input.Close(ikeSa, false);
        };
    }

    /// Between the client's inner address and the printers.
    private Input further(String party, long ikeSa) {
        List<TrafficSelector> client =
                inside.getOrDefault(party, List.of()).stream()
                        .map(address -> TrafficSelector.host(address))
                        .toList();
        List<TrafficSelector> printers = List.of(Interior.PRINTERS);
        return party.startsWith("gw")
                ? new Input.CreateChildSa(ikeSa, printers, client)
                : new Input.CreateChildSa(ikeSa, client, printers);
    }
}
