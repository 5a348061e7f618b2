package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// No traffic to an unproven peer. Every ESP packet of an honest node is for an SA that another
/// honest node has installed; and a gateway lets a resumed Child SA seal only once its client has
/// the mirrored pair.
public final class NoTrafficToUnproven implements Checker {
    private record Mine(Life life, int inboundSpi) {}

    private record Sa(Life life, long handle) {}

    /// The SPIs under which clients, and gateways, receive.
    private final Map<Party.Role, Set<Integer>> receiving = new HashMap<>();

    private final Map<Mine, ChildSaInstallation> installed = new HashMap<>();
    private final Set<Sa> resumed = new HashSet<>();

    @Override
    public String claim() {
        return "no traffic to an unproven peer";
    }

    @Override
    public void see(Happening happening, World world) {
        switch (happening) {
            case Happening.Handled handled when isHonest(handled.party()) ->
                    handled.effects().forEach(effect -> follow(handled.party(), effect));
            case Happening.Sent sent when isHonest(sent.party()) && sent.datagram().isEsp() ->
                    require(
                            receives(peerOf(sent.party().role()), sent.datagram().word(0)),
                            sent.party() + " sends ESP that no honest peer can open");
            default -> {}
        }
    }

    private static boolean isHonest(Party party) {
        return party.role() == Party.Role.CLIENT || party.role() == Party.Role.GATEWAY;
    }

    private static Party.Role peerOf(Party.Role role) {
        return role == Party.Role.CLIENT ? Party.Role.GATEWAY : Party.Role.CLIENT;
    }

    private boolean receives(Party.Role role, int spi) {
        return receiving.getOrDefault(role, Set.of()).contains(spi);
    }

    /// Somebody in this role receives under this SPI, or will.
    private void expect(Party.Role role, int spi) {
        receiving.computeIfAbsent(role, _ -> new HashSet<>()).add(spi);
    }

    private void follow(Party party, Effect effect) {
        Life life = Life.of(party);
        switch (effect) {
            case Effect.InstallChildSa(ChildSaInstallation child) -> {
                expect(party.role(), child.inboundSpi());
                installed.put(new Mine(life, child.inboundSpi()), child);
            }
            case Effect.Emit(Event.IkeSaEstablished established) when established.provisional() ->
                    resumed.add(new Sa(life, established.handle()));
            // Who has proven itself by AUTH gets packets at once, even where our answer is lost.
            // What a session that a client holds ready has agreed on is told when it serves.
            case Effect.Emit(Event.IkeSaEstablished established)
                    when party.role() == Party.Role.GATEWAY
                            || established.origin() == Event.Origin.AUXILIARY ->
                    installed.forEach((mine, child) -> {
                        if (mine.life().equals(life) && child.handle() == established.handle()) {
                            expect(peerOf(party.role()), child.outboundSpi());
                        }
                    });
            // Further Child SAs of a client that has shown the keys may seal at once.
            case Effect.Emit(Event.SessionConfirmed confirmed) ->
                    resumed.remove(new Sa(life, confirmed.handle()));
            // Whoever asks for a Child SA under an IKE SA is proven, and gets what follows the
            // answer even where that is lost at first.
            case Effect.Emit(Event.ChildSaEstablished agreed) -> {
                ChildSaInstallation child = installed.get(new Mine(life, agreed.inboundSpi()));
                if (child != null) {
                    expect(peerOf(party.role()), child.outboundSpi());
                }
            }
            case Effect.ActivateChildSa activate when party.role() == Party.Role.GATEWAY -> {
                ChildSaInstallation child = installed.get(new Mine(life, activate.inboundSpi()));
                require(
                        child == null
                                || !resumed.contains(new Sa(life, child.handle()))
                                || receives(Party.Role.CLIENT, child.outboundSpi()),
                        party + " lets a Child SA seal before its client has shown the keys");
            }
            default -> {}
        }
    }
}
