package dev.postern.ike.exchange;

import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;

/// The IKE SA that a client replaces by authenticating anew beside it, at the gateway (RFC 4478
/// section 2, RFC 7296 section 2.8.3): one of the same identity, at the same address and port. Its
/// inner address goes over, and it carries the packets until the client has shown that it holds the
/// new one, so that none is sent under keys that the client does not have yet.
final class Predecessor {
    private Predecessor() {}

    private static boolean isSameClient(IkeSa sa, IkeSa other) {
        return other != sa
                && !other.isClient()
                && other.isEstablished()
                && other.path().remote().equals(sa.path().remote());
    }

    /// The session whose inner addresses the client wants to keep; empty for none.
    static Octets session(Turn turn, IkeSa sa, Identity identity, List<InetAddress> wanted) {
        if (wanted.isEmpty()) {
            return Octets.EMPTY;
        }
        for (IkeSa other : turn.table().identities().beside(identity, sa.path().remote())) {
            if (isSameClient(sa, other) && !Collections.disjoint(other.innerAddresses(), wanted)) {
                return other.sessionId();
            }
        }
        return Octets.EMPTY;
    }

    /// Whether a predecessor carries the traffic of this Child SA for the time being; it is told
    /// when that ends.
    static boolean carriesOn(Turn turn, IkeSa sa, ChildSa child) {
        Identity identity = sa.relation().established().authenticatedIdentity();
        InetSocketAddress remote = sa.path().remote();
        for (IkeSa other : turn.table().identities().beside(identity, remote)) {
            if (isSameClient(sa, other) && carries(other, child)) {
                turn.table().identities().await(identity, remote, true);
                return true;
            }
        }
        return false;
    }

    private static boolean carries(IkeSa other, ChildSa wanted) {
        for (HeldChildSa held : other.children().all()) {
            if (held.isLive()
                    && held.isSealing()
                    && held.child().initiatorSelectors().equals(wanted.initiatorSelectors())
                    && held.child().responderSelectors().equals(wanted.responderSelectors())) {
                return true;
            }
        }
        return false;
    }

    /// The client uses the new IKE SA.
    static void succeeded(Turn turn, IkeSa sa) {
        if (sa.isEstablished() && !sa.isClient()) {
            sa.children().allSeal(turn);
        }
    }

    /// An IKE SA, or a Child SA of it, is gone: whoever waited for it carries on.
    static void left(Turn turn, IkeSa sa) {
        EstablishedSession session = sa.session();
        if (session == null || sa.isClient()) {
            return;
        }
        Identity identity = session.authenticatedIdentity();
        InetSocketAddress remote = sa.path().remote();
        if (!turn.table().identities().awaits(identity, remote)) {
            return;
        }
        boolean more = false;
        for (IkeSa other : turn.table().identities().beside(identity, remote)) {
            if (isSameClient(sa, other)) {
                other.children().allSeal(turn);
            }
            more |= other.children().hasWaiting();
        }
        turn.table().identities().await(identity, remote, more);
    }
}
