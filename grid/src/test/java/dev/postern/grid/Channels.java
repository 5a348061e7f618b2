package dev.postern.grid;

import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;

/// What is under a member.
final class Channels {
    private Channels() {}

    /// From now on what a member sends is lost, and what is sent to it, until the cut is healed.
    static DISCARD cut(Grid grid) {
        DISCARD cut = new DISCARD().discardAll(true);
        try {
            stack(grid).insertProtocol(cut, ProtocolStack.Position.ABOVE, TP.class);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return cut;
    }

    static ProtocolStack stack(Grid grid) {
        Transport transport = GlobalComponentRegistry.componentOf(grid.manager(), Transport.class);
        return ((JGroupsTransport) transport).getChannel().getProtocolStack();
    }
}
