package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IkeKeys;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.SkfProtection;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// One IKE SA: its names, path, windows and keys. What happens in which state is written in one
/// file per exchange and role; [Router] finds the file.
public final class IkeSa {
    private static final long NEVER = RequestWindow.NEVER;

    /// A hundred years: what lies beyond is as good as no deadline, and fits nanoseconds.
    private static final long FARTHEST_DEADLINE_SECONDS = 100L * 365 * 24 * 3600;

    private final long handle;
    private final long localSpi;
    private final boolean initiator;
    private long peerSpi;
    private Path path;
    private IkeSaState state;
    private @Nullable IkeKeys keys;
    private RequestWindow requests;
    private ResponseWindow responses;
    private @Nullable EstablishedSession session;
    private LivenessPolicy liveness = LivenessPolicy.NEVER;
    private final List<ChildSa> childSas = new ArrayList<>(1);
    private long lastLifeNanos;
    private long hardDeadlineNanos = NEVER;
    private Octets sessionId = Octets.EMPTY;
    private long awaitedAnswer;
    private int timerSlot = TimerTable.NO_SLOT;
    private int extensions;
    private final Fragments.Partial partial = new Fragments.Partial();
    private @Nullable SessionRecord record;

    IkeSa(
            long handle,
            long localSpi,
            long peerSpi,
            boolean initiator,
            Path path,
            IkeSaState state,
            int firstMessageId) {
        this.handle = handle;
        this.localSpi = localSpi;
        this.peerSpi = peerSpi;
        this.initiator = initiator;
        this.path = path;
        this.state = state;
        this.requests = new RequestWindow(firstMessageId);
        this.responses = new ResponseWindow(firstMessageId);
    }

    public long handle() {
        return handle;
    }

    public long localSpi() {
        return localSpi;
    }

    public long peerSpi() {
        return peerSpi;
    }

    /// Whether we are the original initiator.
    public boolean isInitiator() {
        return initiator;
    }

    public long spiI() {
        return initiator ? localSpi : peerSpi;
    }

    public long spiR() {
        return initiator ? peerSpi : localSpi;
    }

    public Path path() {
        return path;
    }

    public IkeSaState state() {
        return state;
    }

    public boolean isEstablished() {
        return state instanceof Established;
    }

    /// Whether it was resumed, or is being resumed, and its peer has not shown yet that it holds
    /// the new keys.
    boolean isUnconfirmed() {
        return state instanceof Provisional
                || state instanceof AwaitingSwitchCount
                || (state instanceof AwaitingLease waiting && waiting.isResume());
    }

    /// The session's record in the store, where this gateway keeps it by reference.
    @Nullable SessionRecord record() {
        return record;
    }

    void setRecord(SessionRecord newRecord) {
        record = newRecord;
    }

    /// Notes which question is open; 0 for none.
    void awaitAnswer(long askId) {
        awaitedAnswer = askId;
    }

    /// Gives up waiting: an answer that comes yet is nobody's.
    void forgetAnswer(Turn turn) {
        turn.table().takeAnswered(awaitedAnswer);
        awaitedAnswer = 0;
    }

    long awaitedAnswer() {
        return awaitedAnswer;
    }

    public List<ChildSa> childSas() {
        return childSas;
    }

    public @Nullable EstablishedSession session() {
        return session;
    }

    /// The session's id, empty as long as nobody is authenticated.
    Octets sessionId() {
        return sessionId;
    }

    /// Counts this IKE SA among those of its session.
    void joinSession(Turn turn, Octets id) {
        if (sessionId.isEmpty()) {
            sessionId = id;
            turn.table().addSession(id, this);
        }
    }

    /// The inner addresses that go with the session.
    List<InetAddress> innerAddresses() {
        return session == null ? List.of() : session.innerAddresses();
    }

    /// The extensions that both peers announced: bits of [dev.postern.ticket.Session.Extension].
    int extensions() {
        return extensions;
    }

    boolean has(int extension) {
        return (extensions & extension) != 0;
    }

    void agreeOn(int announced) {
        extensions |= announced;
    }

    Fragments.Partial partial() {
        return partial;
    }

    RequestWindow requests() {
        return requests;
    }

    ResponseWindow responses() {
        return responses;
    }

    IkeKeys keys() {
        if (keys == null) {
            throw new IllegalStateException("the IKE SA has no keys yet");
        }
        return keys;
    }

    boolean hasKeys() {
        return keys != null;
    }

    /// Wipes the keys of an IKE SA that never came to be.
    void forgetKeys() {
        if (keys != null) {
            keys.close();
            keys = null;
        }
    }

    /// Whether a request of ours may go out under SK.
    boolean maySendRequests() {
        return state.maySendRequests();
    }

    void setKeys(Turn turn, IkeKeys newKeys) {
        keys = newKeys;
        if (newKeys.logEntry() != null) {
            turn.add(new Effect.LogKeys(newKeys.logEntry()));
        }
    }

    void setPeerSpi(long spi) {
        peerSpi = spi;
    }

    void setWindows(RequestWindow newRequests, ResponseWindow newResponses) {
        requests = newRequests;
        responses = newResponses;
    }

    /// Enters a state and keeps the counts of what strangers make us hold.
    void enter(Turn turn, IkeSaState next) {
        turn.table().count(state, -1);
        state = next;
        turn.table().count(next, 1);
    }

    /// Counts the state that a new IKE SA begins in.
    void register(Turn turn) {
        turn.concern(this);
        turn.table().add(this);
        turn.table().count(state, 1);
        lastLifeNanos = turn.now().nanos();
    }

    void authenticated(Turn turn, EstablishedSession authenticatedSession, LivenessPolicy policy) {
        session = authenticatedSession;
        liveness = policy;
        agreeOn(authenticatedSession.extensions());
        joinSession(turn, authenticatedSession.sessionId());
        if (authenticatedSession.hardDeadline() != 0) {
            long left = authenticatedSession.hardDeadline() - turn.now().epochSeconds();
            long bounded = Math.clamp(left, 0, FARTHEST_DEADLINE_SECONDS);
            hardDeadlineNanos = turn.now().nanos() + bounded * Now.NANOS_PER_SECOND;
        }
    }

    void addChild(Turn turn, ChildSa child) {
        childSas.add(child);
        turn.table().addChild(child.inboundSpi(), this);
    }

    void removeChild(Turn turn, ChildSa child) {
        childSas.remove(child);
        turn.table().removeChild(child.inboundSpi(), this);
        turn.add(new Effect.RemoveChildSa(child.inboundSpi()));
    }

    /// The peer has shown life with something that only it can make.
    void showLife(Turn turn) {
        lastLifeNanos = turn.now().nanos();
        if (record != null) {
            record.peerIsHere(turn);
        }
    }

    /// An authentic request came from here: a NAT may have given the peer another address (RFC 7296
    /// section 2.23).
    void follow(Turn turn, Path from) {
        if (!path.equals(from) && !initiator) {
            path = from;
            for (ChildSa child : childSas) {
                turn.add(new Effect.MoveChildSa(child.inboundSpi(), from));
            }
        }
    }

    void movePath(Path to) {
        path = to;
    }

    /// Sends a request under SK, with the next Message ID.
    void request(
            Turn turn,
            ExchangeType exchange,
            List<Payload> payloads,
            RetransmissionSchedule schedule) {
        if (requests.isExhausted()) {
            close(turn, CloseReason.EXHAUSTED, "the Message IDs of this IKE SA are used up", false);
            return;
        }
        Header header = new Header(spiI(), spiR(), exchange, initiator, false, requests.nextId());
        List<byte[]> datagrams = seal(turn, header, payloads);
        requests.sent(exchange, datagrams, schedule, turn.now().nanos());
        turn.send(path, datagrams);
    }

    /// Answers the due request under SK and keeps the answer for its retransmissions.
    void respond(Turn turn, Header request, byte[] requestOctets, List<Payload> payloads) {
        List<byte[]> datagrams = seal(turn, request.toResponse(), payloads);
        responses.answered(requestOctets, datagrams);
        turn.send(path, datagrams);
    }

    private List<byte[]> seal(Turn turn, Header header, List<Payload> payloads) {
        int limit = Fragments.limit(turn, this);
        return SkfProtection.seal(
                header, payloads, keys().outbound(), keys().outboundIvs(), turn.entropy(), limit);
    }

    /// Resumes the state that has a question open, or the session's record.
    void answer(Turn turn, Answer answer) {
        awaitedAnswer = 0;
        if (state instanceof AwaitingAnswer waiting) {
            waiting.onAnswer(turn, this, answer);
        } else if (answer instanceof Answer.OfStore ofStore) {
            SessionRecord.answer(turn, this, ofStore);
        } else {
            answer.discard();
        }
    }

    /// Ends this IKE SA here and now: Child SAs leave the data plane, keys are wiped, and whoever
    /// cares is told.
    ///
    /// @param silently no event: nobody ever knew of this IKE SA
    void close(Turn turn, CloseReason reason, String detail, boolean silently) {
        if (state instanceof Closed) {
            return;
        }
        for (ChildSa child : childSas) {
            turn.add(new Effect.RemoveChildSa(child.inboundSpi()));
        }
        turn.table().remove(this);
        Fragments.forget(turn, this);
        state.wipe();
        enter(turn, new Closed());
        if (keys != null) {
            keys.close();
        }
        if (!silently) {
            turn.emit(new Event.IkeSaClosed(handle, reason, detail, sessionId));
        }
    }

    /// When it closes whatever happens; [RequestWindow#NEVER] where nothing limits the session.
    long hardDeadline() {
        return hardDeadlineNanos;
    }

    LivenessPolicy liveness() {
        return liveness;
    }

    /// The instant at which the peer is asked for a sign of life.
    long livenessDeadline() {
        return liveness.idleNanos() == 0 || requests.isBusy()
                ? NEVER
                : lastLifeNanos + liveness.idleNanos();
    }

    /// Where it stands in the timer table, which alone sets it.
    int timerSlot() {
        return timerSlot;
    }

    void setTimerSlot(int slot) {
        timerSlot = slot;
    }
}
