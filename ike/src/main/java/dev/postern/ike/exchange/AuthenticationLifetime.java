package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// How long one authentication is good, in both roles (RFC 4478). A gateway tells its client with
/// the last answer of IKE_AUTH, and again when an order has changed it; it deletes the session at
/// that time. The client authenticates anew before.
///
///     gateway   HDR, SK{ N(AUTH_LIFETIME) }   -->
///                                       <--   HDR, SK{ }
record AuthenticationLifetime() implements OwnRequest {
    /// A session that ends sooner is told the client as ending at once; the client does not end it
    /// by itself before (section 2: "a reasonable time").
    static final long REASONABLE_SECONDS = 10;

    /// A gateway that limits each new session at once keeps no client busy all the time.
    private static final long AT_MOST_EVERY_SECONDS = 5;

    /// How long before its end a session is replaced: a tenth of what is left, within bounds.
    private static final long LONGEST_MARGIN_SECONDS = 600;

    private static final int LENGTH = 4;

    /// When a session ends that is being authenticated: what proved the peer says so, or the
    /// profile. A resume changes nothing.
    static long deadline(Turn turn, @Nullable Session resumed, PeerProof proof) {
        long limit = proof.profile().life().reauthenticationSeconds();
        long deadline = proof.hardDeadline();
        if (resumed != null || limit == 0) {
            return deadline;
        }
        long ends = turn.now().epochSeconds() + limit;
        return deadline == 0 ? ends : Math.min(deadline, ends);
    }

    /// What the gateway says of the session, if it ends at all.
    static List<Payload> told(Turn turn, IkeSa sa) {
        long deadline = sa.relation().established().hardDeadline();
        if (deadline == 0) {
            return List.of();
        }
        long left = Math.clamp(deadline - turn.now().epochSeconds(), 0, Integer.MAX_VALUE);
        return List.of(Payload.Notify.of(NotifyType.AUTH_LIFETIME, Octets.ofInt((int) left)));
    }

    /// The gateway tells what has changed.
    static void send(Turn turn, IkeSa sa) {
        List<Payload> told = told(turn, sa);
        if (!told.isEmpty()) {
            sa.request(
                    turn,
                    ExchangeType.INFORMATIONAL,
                    told,
                    sa.relation().schedule(),
                    new AuthenticationLifetime());
        }
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {}

    /// The client takes the gateway's limit over, as far as its own is not narrower. A notification
    /// of another length is passed over.
    static void receive(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify told = Message.findNotify(payloads, NotifyType.AUTH_LIFETIME);
        if (told == null || told.data().length() != LENGTH || !sa.isEstablished()) {
            return;
        }
        Relation relation = sa.relation();
        EstablishedSession session = relation.established();
        long seconds = Integer.toUnsignedLong(told.data().toInt());
        long ends = turn.now().epochSeconds() + Math.max(seconds, REASONABLE_SECONDS);
        long own = relation.ownDeadline();
        long deadline = own == 0 ? ends : Math.min(own, ends);
        relation.begin(session.reauthorized(deadline, session.aaaAttributes()), relation.profile());
        sa.life().limit(turn, relation);
        if (seconds < REASONABLE_SECONDS) {
            sa.life().reauthenticateBy(earliest(turn, session));
        }
    }

    /// When the client of this session begins to authenticate anew: in time for its end, and as
    /// often as the profile says. By chance somewhat earlier, lest a gateway's clients come all at
    /// once.
    static long dueAt(Turn turn, Relation relation) {
        EstablishedSession session = relation.established();
        long age = relation.profile().life().reauthenticationSeconds();
        long due = RequestWindow.NEVER;
        if (session.hardDeadline() != 0) {
            due = before(turn, session.hardDeadline());
        }
        if (age != 0) {
            due = Math.min(due, before(turn, session.authenticatedAt() + age));
        }
        return due == RequestWindow.NEVER ? due : Math.max(due, earliest(turn, session));
    }

    private static long before(Turn turn, long epochSeconds) {
        long left = Math.max(0, epochSeconds - turn.now().epochSeconds());
        long margin = Math.min(left, 10 * LONGEST_MARGIN_SECONDS) * Now.NANOS_PER_SECOND / 10;
        return IkeSaLife.instant(turn, epochSeconds)
                - margin
                - Duties.below(turn.entropy(), margin / 2);
    }

    private static long earliest(Turn turn, EstablishedSession session) {
        return IkeSaLife.instant(turn, session.authenticatedAt() + AT_MOST_EVERY_SECONDS);
    }

    /// The session's time is over: its Child SAs end here and now, and the peer is told (section
    /// 2).
    static void end(Turn turn, IkeSa sa) {
        sa.life().hardDeadlinePassed();
        if (sa.isEstablished()) {
            Informational.delete(turn, sa, CloseReason.HARD_DEADLINE);
        } else {
            sa.close(turn, CloseReason.HARD_DEADLINE, "", false);
        }
    }
}
