package dev.postern.ike.exchange;

import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.List;

/// The ticket after the one that a client holds, before that expires: as long as its IKE SA stands a
/// session can be resumed. A gateway sends those of the 1-RTT profile by itself, and writes the
/// record of a session by reference anew ([SessionRecord]). Those of RFC 5723 a client asks for
/// (section 4.1), and one of the 1-RTT profile where the gateway's has not come; a client that has
/// none asks as well, soon and then rarely.
///
///     0          1/4        3/8        1/2        5/8        3/4         1   of the lifetime
///                           | gateway, or RFC 5723 |
///                                                  | client |
///
/// Where in its interval is chance, that of our own SPI: clients that came in one second do not ask
/// in one.
final class TicketRenewal {
    private static final long SOON_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final long RARELY_NANOS = 900 * Now.NANOS_PER_SECOND;

    /// A client asks for no successor of a ticket that lives shorter: one whose end is the
    /// session's would be asked for ever more often.
    private static final long SHORTEST_SECONDS = 20;

    /// The end of a ticket is told in whole seconds, and counted from when it arrived.
    private static final long ROUNDING_SECONDS = 10;

    /// A hundred years: a ticket that lives longer is as good as one for ever.
    private static final long LONGEST_SECONDS = 100L * 365 * 24 * 3600;

    private static final Duty ASK = new Duty.AskForTicket();

    private TicketRenewal() {}

    /// A gateway has issued one of the 1-RTT profile. One that lives to the end of the session has
    /// no successor.
    static void issued(Turn turn, IkeSa sa, long expiresAt) {
        long deadline = sa.relation().established().hardDeadline();
        boolean last = deadline != 0 && expiresAt >= deadline;
        sa.relation()
                .sendTicketAt(
                        last
                                ? RequestWindow.NEVER
                                : half(turn, sa, expiresAt - turn.now().epochSeconds()));
    }

    /// There was no key to seal with; there may be one later.
    static void notIssued(Turn turn, IkeSa sa) {
        sa.relation().sendTicketAt(within(turn, sa, RARELY_NANOS));
    }

    /// Another member has issued one, nobody knows when.
    static void takenOver(Turn turn, IkeSa sa) {
        long lifetime = sa.relation().resumption().ticketLifetimeSeconds();
        issued(turn, sa, turn.now().epochSeconds() + lifetime / 2);
    }

    /// Half of a lifetime from now, up to an eighth of it earlier; monotonic nanoseconds.
    static long half(Turn turn, IkeSa sa, long lifetimeSeconds) {
        return early(turn, sa, lifetimeSeconds, 2);
    }

    private static long early(Turn turn, IkeSa sa, long lifetimeSeconds, int quarters) {
        long quarter = Math.clamp(lifetimeSeconds, 0, LONGEST_SECONDS) * Now.NANOS_PER_SECOND / 4;
        return turn.now().nanos() + quarters * quarter - chance(sa, quarter / 2);
    }

    /// From one `nanos` to two of them from now.
    private static long within(Turn turn, IkeSa sa, long nanos) {
        return turn.now().nanos() + nanos + chance(sa, nanos);
    }

    private static long chance(IkeSa sa, long bound) {
        return bound == 0 ? 0 : IkeSpiSpace.randomBits(sa.localSpi()) % bound;
    }

    /// When a gateway sends the next.
    static long deadline(IkeSa sa) {
        return sa.relation().sendTicketAt();
    }

    static void pass(Turn turn, IkeSa sa) {
        if (deadline(sa) <= turn.now().nanos()) {
            sa.relation().sendTicketAt(RequestWindow.NEVER);
            sa.duties().addNow(turn, new Duty.SendTicket());
        }
    }

    /// A client has got one.
    static void received(Turn turn, IkeSa sa, Session.Kind kind, long validUntil) {
        long left = validUntil - turn.now().epochSeconds();
        long deadline = sa.relation().established().hardDeadline();
        boolean last = deadline != 0 && validUntil + ROUNDING_SECONDS >= deadline;
        if (last || left < SHORTEST_SECONDS) {
            sa.duties().postpone(turn, ASK, RequestWindow.NEVER);
        } else {
            int quarters = kind == Session.Kind.RFC_5723 ? 2 : 3;
            sa.duties().postpone(turn, ASK, early(turn, sa, left, quarters));
        }
    }

    /// The IKE SA of a client stands. Where it got no ticket and the gateway speaks the 1-RTT
    /// profile, the next place to ask is an exchange of its own
    /// (draft-dondeti-ipsec-failover-sol-00 section 4.1.3); one that speaks RFC 5723 has refused.
    static void begin(Turn turn, IkeSa sa, List<Payload> answer) {
        ResumptionPolicy policy = sa.relation().profile().resumption();
        if (sa.duties().contains(ASK)) {
            return;
        }
        if (policy.oneRoundTrip() && sa.relation().peerSentVendorId()) {
            sa.duties().postpone(turn, ASK, within(turn, sa, SOON_NANOS));
        } else if (policy.rfc5723() && Message.findNotify(answer, NotifyType.TICKET_NACK) != null) {
            missed(turn, sa);
        }
    }

    /// A client has asked, and the answer brought none.
    static void missed(Turn turn, IkeSa sa) {
        if (!sa.duties().contains(ASK)) {
            sa.duties().postpone(turn, ASK, within(turn, sa, RARELY_NANOS));
        }
    }

    /// A client asks now, whenever it would have.
    static void ask(Turn turn, IkeSa sa) {
        sa.duties().drop(ASK);
        sa.duties().addNow(turn, ASK);
    }
}
