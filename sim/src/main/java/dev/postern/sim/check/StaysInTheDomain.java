package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Path;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

/// No client ever asks anything of anybody but the gateways of its domain, whoever calls it
/// elsewhere (failover profile, "What a client may never do"). An answer goes to where the question
/// came from.
public final class StaysInTheDomain implements Checker {
    private static final int FLAGS = 19;
    private static final int RESPONSE = 0x20;

    private static boolean isRequest(byte[] octets) {
        return (octets[FLAGS] & RESPONSE) == 0;
    }

    @Override
    public String claim() {
        return "no client moves to a gateway outside its domain";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Send(Path path, byte[] octets) && isRequest(octets)) {
                    require(
                            world.isGateway(path.remote()),
                            handled.party() + " turns to " + path.remote());
                }
            }
        }
    }
}
