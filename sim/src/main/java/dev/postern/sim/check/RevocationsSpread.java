package dev.postern.sim.check;

import dev.postern.cluster.SharedRevocations;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;
import dev.postern.ticket.Revocation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is revoked at one member of a domain is revoked at all of them, at every site, once they
/// all run and see each other again: the latest revocation of each subject.
public final class RevocationsSpread implements Checker {
    @Override
    public String claim() {
        return "what one member revokes all have revoked in the end";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Ended && world.plan().sites() > 0) {
            Map<String, Revocation> latest = new TreeMap<>();
            for (SimulatedGateway gateway : world.gateways()) {
                for (Revocation one : world.revocationsAt(gateway)) {
                    latest.merge(SharedRevocations.name(one), one, RevocationsSpread::later);
                }
            }
            for (SimulatedGateway gateway : world.gateways()) {
                List<Revocation> known = world.revocationsAt(gateway);
                for (Revocation one : latest.values()) {
                    require(known.contains(one), gateway + " has not heard of " + one);
                }
            }
        }
    }

    private static Revocation later(Revocation one, Revocation other) {
        return one.instant() >= other.instant() ? one : other;
    }
}
