package dev.postern.sim.check;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.IkeEndpoint;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

/// What strangers make a gateway keep stays bounded by its configured limits.
public final class BoundedState implements Checker {
    /// Established IKE SAs of one client: those that it has left without a word stay until the
    /// gateway's own check has found out.
    private static final int PER_CLIENT = 16;

    @Override
    public String claim() {
        return "half-open state stays bounded";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            IkeEndpoint endpoint = handled.party().endpoint();
            if (endpoint != null) {
                judge(handled.party(), endpoint, world);
            }
        }
    }

    private void judge(Party gateway, IkeEndpoint endpoint, World world) {
        EndpointConfiguration.Limits limits = world.limits();
        int halfOpen = endpoint.halfOpen();
        require(
                halfOpen <= limits.halfOpenLimit(),
                gateway + " keeps " + halfOpen + " half-open IKE SAs of " + limits.halfOpenLimit());
        int provisional = endpoint.provisional();
        require(
                provisional <= limits.provisionalLimit(),
                gateway + " keeps " + provisional + " of " + limits.provisionalLimit());
        int most =
                limits.halfOpenLimit()
                        + limits.provisionalLimit()
                        + PER_CLIENT * world.plan().clients();
        require(endpoint.size() <= most, gateway + " keeps " + endpoint.size() + " IKE SAs");
    }
}
