package dev.postern.ike.exchange;

import dev.postern.crypto.Prf;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.guard.Cookies;
import dev.postern.ike.guard.Puzzle;
import dev.postern.ike.guard.VainQuestions;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Who may begin an IKE SA while many want to, RFC 7296 section 2.6 and RFC 8019 sections 4 and 7.
///
///     half-open IKE SAs   0 .. cookie-threshold .. 1/2 limit ............. 9/10 limit ...... limit
///     full exchange       anybody | COOKIE       | COOKIE and puzzle      | only in place of an older one
///     resume              anybody | COOKIE                                                  | nobody
///
/// No source address is ever refused for what others behind it do.
final class Admission {
    /// A half-open IKE SA of this age makes room for a newcomer that has proven its address: who
    /// means it has sent IKE_AUTH by then.
    private static final long PATIENCE_NANOS = 2 * Now.NANOS_PER_SECOND;

    /// How many zero bits a crowded prefix pays more.
    private static final int CROWD = 2;

    /// The steps from the easiest puzzle to the hardest that load alone makes.
    private static final int STEPS = 5;

    private Admission() {}

    /// An IKE_SA_INIT request. Where it is not admitted, whatever is to be said has been sent.
    static boolean ofFullExchange(
            Turn turn, Path path, Message message, Octets nonce, List<Proposal> offers) {
        Limits limits = turn.configuration().limits();
        int waiting = turn.table().halfOpen();
        InetAddress source = path.remote().getAddress();
        turn.crowds().note(source, turn.now().nanos());
        if (waiting < limits.cookieThreshold()) {
            if (waiting < limits.halfOpenLimit()) {
                return true;
            }
            turn.count(Counter.DROPPED_HALF_OPEN_LIMIT);
            return false;
        }
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        int solved = cookie == null ? Cookies.WRONG : proof(turn, path, message, cookie, nonce);
        int demanded = waiting < limits.halfOpenLimit() / 2 ? 0 : difficulty(turn, source);
        if (solved == Cookies.WRONG) {
            demand(turn, path, message.header(), nonce, demanded == 0 ? null : offers, demanded);
            return false;
        }
        Prf prf = commonPrf(offers);
        if (demanded != 0 && prf != null && !hasPaid(turn, message, cookie, prf, solved)) {
            demand(turn, path, message.header(), nonce, offers, demanded);
            return false;
        }
        if (waiting < limits.halfOpenLimit() - limits.halfOpenLimit() / 10
                || turn.table().evictHalfOpen(turn, PATIENCE_NANOS)) {
            return true;
        }
        turn.count(Counter.DROPPED_HALF_OPEN_LIMIT);
        return false;
    }

    /// A first request that brings a ticket: before full exchanges, and never a puzzle (RFC 8019
    /// section 4.5).
    static boolean ofResume(Turn turn, Path path, Message message, Octets subject) {
        Limits limits = turn.configuration().limits();
        int waiting = turn.table().halfOpen();
        if (waiting >= limits.halfOpenLimit()
                && !turn.table().evictHalfOpen(turn, PATIENCE_NANOS)) {
            turn.count(Counter.DROPPED_HALF_OPEN_LIMIT);
            return false;
        }
        return waiting < limits.cookieThreshold() || hasGoodCookie(turn, path, message, subject);
    }

    /// A first request that makes us ask somebody else, of which so many are under way: whether it
    /// may. If a COOKIE would change it, one has been asked for; otherwise it has been refused, and
    /// a client goes on with the full exchange.
    static boolean ofQuestion(
            Turn turn, Path path, Message message, Octets subject, boolean manyUnderWay) {
        VainQuestions vain = turn.vainQuestions();
        if (!manyUnderWay && !vain.areMany(turn.now().nanos())) {
            return true;
        }
        if (!hasGoodCookie(turn, path, message, subject)) {
            return false;
        }
        if (vain.areManyOf(path.remote().getAddress(), turn.now().nanos())) {
            turn.count(Counter.DROPPED_VAIN_QUESTIONS);
            SaInitResponder.refuseTicket(turn, path, message.header());
            return false;
        }
        return true;
    }

    /// What was asked for this message has led to no session.
    static void askedInVain(Turn turn, Path path, Message message) {
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        Octets subject = Tickets.named(message);
        boolean proven =
                cookie != null
                        && difficultyOf(turn, path, message, cookie, subject) != Cookies.WRONG;
        turn.vainQuestions().note(path.remote().getAddress(), proven, turn.now().nanos());
    }

    /// Whether the message brings back our cookie; if not, the peer is sent one.
    static boolean hasGoodCookie(Turn turn, Path path, Message message, Octets subject) {
        Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
        if (cookie != null && proof(turn, path, message, cookie, subject) != Cookies.WRONG) {
            return true;
        }
        demand(turn, path, message.header(), subject, null, 0);
        return false;
    }

    /// The difficulty of the puzzle that went with this cookie, 0 for none, [Cookies#WRONG] for a
    /// cookie that is not ours.
    private static int proof(
            Turn turn, Path path, Message message, Payload.Notify cookie, Octets subject) {
        int difficulty = difficultyOf(turn, path, message, cookie, subject);
        if (difficulty == Cookies.WRONG) {
            turn.count(Counter.COOKIE_WRONG);
        }
        return difficulty;
    }

    private static int difficultyOf(
            Turn turn, Path path, Message message, Payload.Notify cookie, Octets subject) {
        return turn.cookies()
                .difficultyOf(
                        cookie.data(),
                        subject.array(),
                        path.remote().getAddress(),
                        message.header().spiI(),
                        turn.now(),
                        turn.entropy());
    }

    /// Whether a puzzle was given and solved; a few who cannot solve any are let pass, fewer the
    /// fuller it is (RFC 8019 section 7.1.5).
    private static boolean hasPaid(
            Turn turn, Message message, Payload.@Nullable Notify cookie, Prf prf, int given) {
        if (cookie == null || given == 0) {
            return false;
        }
        Payload.PuzzleSolution solution =
                Message.find(message.payloads(), Payload.PuzzleSolution.class);
        if (solution == null) {
            Limits limits = turn.configuration().limits();
            int left = limits.halfOpenLimit() - turn.table().halfOpen();
            int lot = turn.entropy().octets(1)[0] & 0xff;
            return lot < 64L * Math.max(0, left) / limits.halfOpenLimit();
        }
        boolean solved = new Puzzle(prf, given).isSolvedBy(solution.data(), cookie.data());
        turn.count(solved ? Counter.PUZZLE_SOLVED : Counter.PUZZLE_WRONG);
        return solved;
    }

    /// Answers with a COOKIE, and a puzzle over it where one is wanted, and keeps nothing.
    private static void demand(
            Turn turn,
            Path path,
            Header request,
            Octets subject,
            @Nullable List<Proposal> offers,
            int difficulty) {
        Prf prf = offers == null ? null : commonPrf(offers);
        List<Payload> answer = new ArrayList<>(2);
        answer.add(
                Payload.Notify.of(
                        NotifyType.COOKIE,
                        turn.cookies()
                                .make(
                                        subject.array(),
                                        path.remote().getAddress(),
                                        request.spiI(),
                                        prf == null ? 0 : difficulty,
                                        turn.now(),
                                        turn.entropy())));
        turn.count(Counter.COOKIE_SENT);
        if (prf != null) {
            turn.count(Counter.PUZZLE_SENT);
            answer.add(Payload.Notify.of(NotifyType.PUZZLE, new Puzzle(prf, difficulty).data()));
        }
        SaInitResponder.refuse(turn, path, request, answer);
    }

    /// Harder the fuller it is, and harder for a prefix that many come from.
    private static int difficulty(Turn turn, InetAddress source) {
        int limit = turn.configuration().limits().halfOpenLimit();
        int over = Math.max(0, turn.table().halfOpen() - limit / 2);
        int step = (int) Math.min(STEPS, (long) STEPS * over / Math.max(1, limit - limit / 2));
        return Puzzle.EASIEST + 1 + step + (turn.crowds().isCrowd(source) ? CROWD : 0);
    }

    /// A PRF that we know and the peer has offered, or null.
    private static @Nullable Prf commonPrf(List<Proposal> offers) {
        return offers.stream()
                .flatMap(offer -> offer.transforms().stream())
                .filter(transform -> transform.type() == Transform.PRF)
                .flatMap(transform -> Prf.of(transform.id()).stream())
                .findFirst()
                .orElse(null);
    }
}
