package dev.postern.sim;

import dev.postern.cluster.Ownership.Outcome;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Who stands in a gateway's place: a member of the cluster after the other, each with a seat in it
/// while it is up, and what the others keep of its IKE SAs. After a hot takeover the next one is
/// passive until the cluster says that the IKE SAs are its own.
final class Incumbency {
    private static final long AGAIN_NANOS = 100 * Now.NANOS_PER_MILLI;

    /// Members of a cluster are so many numbers apart.
    private static final int MEMBERS = 16;

    private final Simulation simulation;
    private final SimulatedGateway gateway;
    private final SeatFiles files;
    private final StandbyShelf standby;
    private @Nullable GridSeat seat;
    private int member;
    private int epoch;
    private boolean failsOver;

    Incumbency(Simulation simulation, SimulatedGateway gateway) {
        this.simulation = simulation;
        this.gateway = gateway;
        this.member = gateway.index() + 1;
        this.files = new SeatFiles(simulation.plan().siteMates(gateway.index()));
        this.standby = new StandbyShelf(simulation, gateway);
    }

    /// The number of the member that stands there now.
    int member() {
        return member;
    }

    /// What the others keep of its IKE SAs.
    StandbyShelf standby() {
        return standby;
    }

    SeatFiles files() {
        return files;
    }

    @Nullable GridSeat seat() {
        return seat;
    }

    /// The next one carries on with the IKE SAs.
    void failOver(boolean sameMember) {
        member += sameMember ? 0 : MEMBERS;
        member = member > 255 ? gateway.index() + 1 : member;
        failsOver = true;
    }

    /// Takes a seat, and lets the gateway run once it may.
    void begin() {
        if (seat != null) {
            return;
        }
        if (gateway.role() == Party.Role.GATEWAY && simulation.plan().sites() > 0) {
            GridSeat taken = new GridSeat(simulation, gateway, files, member);
            seat = taken;
            taken.join();
        }
        // Behind a shared address whoever serves next goes by what an earlier life has left.
        if (!failsOver && !simulation.plan().alliance().contending()) {
            standby.clear();
        }
        GridSeat own = seat;
        if (!failsOver) {
            gateway.run();
            if (epoch > 0) {
                // What it writes says under which epoch.
                gateway.give(new Input.TakeOver(List.of(), epoch));
            }
        } else if (own == null) {
            carryOn(epoch + 1);
        } else {
            takeOver(own);
        }
    }

    private void takeOver(GridSeat own) {
        own.acquire(
                "member " + gateway.name(),
                outcome -> {
                    if (outcome instanceof Outcome.Owned(long raised)) {
                        carryOn((int) raised);
                    } else {
                        simulation.agenda().in(AGAIN_NANOS, () -> tryAgain(own));
                    }
                });
    }

    private void tryAgain(GridSeat own) {
        if (seat == own) {
            takeOver(own);
        }
    }

    private void carryOn(int raised) {
        failsOver = false;
        epoch = raised;
        gateway.run();
        gateway.give(new Input.TakeOver(standby.records(), epoch));
    }

    /// @param proven whether the machine goes on without the process
    void end(boolean proven) {
        GridSeat left = seat;
        seat = null;
        if (left != null) {
            standby.end(left);
            left.end(proven);
        } else {
            standby.end(null);
        }
    }

    /// The gateway says where one of its IKE SAs stands.
    void follow(Effect.OfStandby told) {
        int life = gateway.life();
        standby.follow(told, () -> gateway.isInLife(life));
    }
}
