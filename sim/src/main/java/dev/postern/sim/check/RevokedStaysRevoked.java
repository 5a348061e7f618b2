package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Octets;

import java.util.HashSet;
import java.util.Set;

/// What is revoked stays revoked: no gateway that was told of it revives the session, whatever
/// ticket or reference it is shown.
public final class RevokedStaysRevoked implements Checker {
    private record Told(Life life, Octets sessionId) {}

    private final Set<Told> revoked = new HashSet<>();

    @Override
    public String claim() {
        return "a revoked session is not revived";
    }

    @Override
    public void see(Happening happening, World world) {
        if (!(happening instanceof Happening.Handled handled)
                || handled.party().role() != Party.Role.GATEWAY) {
            return;
        }
        Life life = Life.of(handled.party());
        if (handled.input() instanceof Input.Revoke(Revocation.OfSession session)) {
            revoked.add(new Told(life, session.sessionId()));
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
                require(
                        !revoked.contains(new Told(life, established.sessionId())),
                        life + " revives the revoked session " + established.sessionId());
            }
        }
    }
}
