package dev.postern.sim;

import org.jspecify.annotations.Nullable;

/// The address that the members of a tight cluster share, as the network sees it: what is sent
/// there comes to the member that has said last that it has it. IKE messages come to every standby
/// as well, as on a network that has yet to learn where the address is; it has to let in none.
final class SharedAddress {
    private final Simulation simulation;
    private @Nullable SimulatedGateway holder;

    SharedAddress(Simulation simulation) {
        this.simulation = simulation;
    }

    /// A member says that it has the address.
    void raisedBy(SimulatedGateway member) {
        holder = member;
    }

    /// A member has it no more.
    void loweredBy(SimulatedGateway member) {
        holder = holder == member ? null : holder;
    }

    void receive(Datagram datagram) {
        for (SimulatedGateway member : simulation.gateways()) {
            GridSeat seat = member.seat();
            Contender contender = seat == null ? null : seat.contender();
            if (contender != null && comesTo(member, contender, datagram)) {
                member.receive(datagram);
            }
        }
    }

    private boolean comesTo(SimulatedGateway member, Contender contender, Datagram datagram) {
        if (!datagram.isIke()) {
            return member == holder;
        }
        return (member == holder || !contender.serves()) && contender.admits(datagram.ikeMessage());
    }
}
