package dev.postern.sim;

import dev.postern.cluster.View;
import dev.postern.ike.Ask;
import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.List;

/// What checkers and traces see of a run, in order.
public sealed interface Happening {
    /// A node starts, with an empty memory.
    record Started(Party party) implements Happening {}

    record Stopped(Party party) implements Happening {}

    /// An endpoint has handled an input; its effects are about to be carried out.
    record Handled(Party party, Input input, List<Effect> effects) implements Happening {}

    /// A gateway has sealed a session, into a ticket or for the store.
    record SessionSealed(Party party, Session session, Octets sealed) implements Happening {}

    /// A gateway has opened a ticket or a record of the store that a member of the domain wrote.
    record SessionOpened(Party party, Session session) implements Happening {}

    /// The store has let a request through under this switch count.
    record SwitchCountRaised(Party party, Ask.RaiseSwitchCount ask) implements Happening {}

    /// The session store has lost records, or goes on with older ones.
    record StoreForgot() implements Happening {}

    /// A node, or the attacker, has put a datagram on the wire.
    ///
    /// @param copies how many copies will arrive
    record Sent(Party party, Datagram datagram, int copies) implements Happening {}

    /// A node hands an inner packet to its tunnel.
    record InnerSent(Party party, byte[] packet) implements Happening {}

    /// A datagram was opened, and its inner packet delivered.
    record InnerDelivered(Party party, Datagram datagram, byte[] packet) implements Happening {}

    /// A member of the cluster has a new view of it.
    ///
    /// @param primary whether it holds its side for the one that goes on
    record Seated(Party party, View view, boolean primary) implements Happening {}

    /// A member of the cluster is told that a thing is its own.
    record Owned(Party party, String thing, long epoch, View view) implements Happening {}

    /// A member has said that a site counts as lost from now on, or does not any more.
    ///
    /// @param site by its name
    record SiteFenced(Party party, String site, boolean fenced) implements Happening {}

    /// A member hears that another site has taken an address of its own site's along.
    record AddressTaken(Party party, InetAddress address) implements Happening {}

    /// A member of a loose cluster stands in for a lost one, under this epoch.
    ///
    /// @param node the lost one
    record StoodIn(Party party, String node, int epoch) implements Happening {}

    /// A member of the cluster serves the shared addresses from now on, or does not any more.
    ///
    /// @param epoch 0 where it is a standby
    record Served(Party party, int epoch, String why) implements Happening {}

    /// A member of the cluster lets in a packet that is for the shared addresses.
    ///
    /// @param epoch under which
    record Admitted(Party party, int epoch) implements Happening {}

    /// A fault begins or ends.
    record Faulted(String what) implements Happening {}

    /// Faults are over and everything runs again.
    record Healed() implements Happening {}

    /// The run is over.
    record Ended() implements Happening {}

    /// The run is over, for a claim has broken. Observers see it alone.
    record Violated(Violation violation) implements Happening {}
}
