package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The SAD mirrors the Child SAs: each SA pair is installed once, belongs to an IKE SA that stands,
/// goes with it, and has at its peer a pair with the same keys the other way round.
public final class SadMirrorsChildSas implements Checker {
    private static final class Node {
        final Map<Integer, Long> handleOfSpi = new HashMap<>();
        final Set<Long> standing = new HashSet<>();
    }

    private record Pair(int inboundSpi, int outboundSpi) {}

    private record Keys(int inbound, int outbound) {}

    private final Map<Life, Node> nodes = new HashMap<>();
    private final Map<Pair, Keys> installed = new HashMap<>();

    @Override
    public String claim() {
        return "the SAD mirrors the Child SAs";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled) {
            Party party = handled.party();
            Node node = nodes.computeIfAbsent(Life.of(party), _ -> new Node());
            int expected = node.handleOfSpi.size();
            // The effects of this step are carried out after this.
            int found = associations(party);
            require(
                    found == expected,
                    party + " has " + found + " SA pairs, its IKE SAs have " + expected);
            handled.effects().forEach(effect -> follow(party, node, effect));
            require(
                    node.standing.containsAll(node.handleOfSpi.values()),
                    party + " has an SA pair whose IKE SA does not stand");
        }
    }

    private static int associations(Party party) {
        return switch (party) {
            case SimulatedGateway gateway -> gateway.associations();
            case SimulatedClient client -> client.associations();
            default -> 0;
        };
    }

    private void follow(Party party, Node node, Effect effect) {
        switch (effect) {
            case Effect.InstallChildSa(ChildSaInstallation child) -> {
                Long before = node.handleOfSpi.put(child.inboundSpi(), child.handle());
                require(before == null, party + " installs an inbound SPI twice");
                mirror(party, child);
            }
            case Effect.ActivateChildSa activate ->
                    requireInstalled(party, node, activate.inboundSpi());
            case Effect.MoveChildSa move -> requireInstalled(party, node, move.inboundSpi());
            case Effect.RemoveChildSa remove -> {
                requireInstalled(party, node, remove.inboundSpi());
                node.handleOfSpi.remove(remove.inboundSpi());
            }
            case Effect.Emit(Event.IkeSaEstablished established) ->
                    node.standing.add(established.handle());
            // Of what stands by nothing else is told; what is given up goes with its Delete.
            case Effect.Emit(Event.AuxiliaryStands stands) -> node.standing.add(stands.handle());
            case Effect.Emit(Event.AuxiliaryEnded ended) -> node.standing.add(ended.handle());
            case Effect.Emit(Event.IkeSaClosed closed) -> node.standing.remove(closed.handle());
            case Effect.SkipSequences skip -> requireInstalled(party, node, skip.inboundSpi());
            case Effect.Emit _,
                    Effect.Send _,
                    Effect.Raise _,
                    Effect.OfStandby _,
                    Effect.LogKeys _ -> {}
        }
    }

    private void requireInstalled(Party party, Node node, int inboundSpi) {
        require(
                node.handleOfSpi.containsKey(inboundSpi),
                party + " speaks of an SA pair that is not installed");
    }

    private void mirror(Party party, ChildSaInstallation child) {
        Keys keys =
                new Keys(
                        Arrays.hashCode(child.inboundKey().expose()),
                        Arrays.hashCode(child.outboundKey().expose()));
        installed.put(new Pair(child.inboundSpi(), child.outboundSpi()), keys);
        Keys other = installed.get(new Pair(child.outboundSpi(), child.inboundSpi()));
        require(
                other == null
                        || (other.inbound() == keys.outbound()
                                && other.outbound() == keys.inbound()),
                party + " has other keys than its peer");
        require(keys.inbound() != keys.outbound(), party + " uses one key for both directions");
    }
}
