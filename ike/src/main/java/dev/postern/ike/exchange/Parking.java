package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.List;
import java.util.function.Predicate;

/// Parking (draft-vidya-ipsec-failover-ps-02 section 4.1.1): either peer says that both forget the
/// IKE SA while the session lives on in its ticket or record, until the client resumes it. Unlike a
/// Delete this ends no ticket.
///
///     HDR, SK{ N(SESSION_PARKED) }   -->
///                              <--   HDR, SK{ }          and neither holds anything
///
/// A peer that does not know the notification answers the same and keeps its side until it finds
/// ours silent.
public final class Parking {
    private Parking() {}

    /// Parks an established IKE SA; not while a request is under way, and not towards a peer that
    /// does not speak the profile.
    static void park(Turn turn, IkeSa sa) {
        EstablishedSession session = sa.session();
        if (!sa.isEstablished()
                || sa.requests().isBusy()
                || session == null
                || (session.extensions() & Session.Extension.FAILOVER_VENDOR_ID) == 0) {
            return;
        }
        for (HeldChildSa child : sa.children().all()) {
            sa.children().remove(turn, sa, child);
        }
        sa.enter(turn, new Deleting(CloseReason.PARKED));
        turn.count(Counter.SESSIONS_PARKED);
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(Payload.Notify.of(NotifyType.SESSION_PARKED)),
                RetransmissionSchedule.QUICK);
    }

    /// Parks every IKE SA whose profile says that it has been without packets for too long.
    static void parkIdle(Turn turn) {
        for (IkeSa sa : turn.table().all()) {
            EstablishedSession session = sa.session();
            ResponderProfile profile =
                    sa.isInitiator() || session == null
                            ? null
                            : turn.configuration().profile(session.profile());
            long patience = profile == null ? 0 : sa.relation().resumption().parkAfterNanos();
            if (patience > 0 && turn.now().nanos() - sa.children().lastPacketNanos() >= patience) {
                turn.concern(sa);
                park(turn, sa);
                turn.table().timers().schedule(sa);
            }
        }
    }

    /// Parks the established IKE SAs of an authenticated peer.
    public static void peer(Turn turn, Identity peer) {
        parkWhere(turn, of(peer));
    }

    /// Parks the established IKE SA with this SPI, of ours or of the peer's.
    public static void spi(Turn turn, long spi) {
        parkWhere(turn, with(spi));
    }

    /// How many established IKE SAs [#peer] means, whether or not they can be parked now.
    public static int meant(Turn turn, Identity peer) {
        return count(turn, of(peer));
    }

    /// How many established IKE SAs [#spi] means, whether or not they can be parked now.
    public static int meant(Turn turn, long spi) {
        return count(turn, with(spi));
    }

    private static Predicate<IkeSa> of(Identity peer) {
        return sa -> {
            EstablishedSession session = sa.session();
            return session != null && session.authenticatedIdentity().equals(peer);
        };
    }

    private static Predicate<IkeSa> with(long spi) {
        return sa -> sa.localSpi() == spi || sa.peerSpi() == spi;
    }

    private static int count(Turn turn, Predicate<IkeSa> meant) {
        int count = 0;
        for (IkeSa sa : turn.table().all()) {
            if (sa.isEstablished() && meant.test(sa)) {
                count++;
            }
        }
        return count;
    }

    /// Parks the established IKE SAs that are meant.
    private static void parkWhere(Turn turn, Predicate<IkeSa> meant) {
        for (IkeSa sa : List.copyOf(turn.table().all())) {
            if (meant.test(sa)) {
                turn.concern(sa);
                park(turn, sa);
                turn.table().timers().schedule(sa);
            }
        }
    }

    /// Whether an authentic request, which has been answered, parks the IKE SA; then it is gone.
    static boolean onRequest(Turn turn, IkeSa sa, List<Payload> payloads) {
        if (Message.findNotify(payloads, NotifyType.SESSION_PARKED) == null) {
            return false;
        }
        turn.count(Counter.SESSIONS_PARKED);
        sa.close(turn, CloseReason.PARKED, "", false);
        return true;
    }
}
