package dev.postern.ike.exchange;

import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
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
import java.util.List;

/// One IKE SA: its names, path, windows and keys. What happens in which state is written in one
/// file per exchange and role; [Router] finds the file.
public final class IkeSa {
    private final long handle;
    private final long localSpi;
    private final boolean initiator;
    private long peerSpi;
    private Path path;
    private IkeSaState state;
    private @Nullable IkeKeys keys;
    private RequestWindow requests;
    private ResponseWindow responses;
    private Relation relation;
    private @Nullable OwnRequest pending;
    private final ChildSas children = new ChildSas();
    private final Duties duties = new Duties();
    private final IkeSaLife life = new IkeSaLife();
    private Octets sessionId = Octets.EMPTY;
    private long awaitedAnswer;
    private int timerSlot = TimerTable.NO_SLOT;
    private int extensions;
    private final Transport transport = new Transport();
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
        this.relation = new Relation(initiator);
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

    /// Whether we are the session's initiator, whoever began this IKE SA.
    boolean isClient() {
        return relation.isClient();
    }

    /// What was agreed with the authenticated peer.
    Relation relation() {
        return relation;
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

    /// A new IKE SA of a rekeying that has not taken over.
    boolean isUnadopted() {
        return state instanceof Unadopted;
    }

    /// The session's record in the store, where this gateway keeps it by reference.
    @Nullable SessionRecord record() {
        return record;
    }

    void setRecord(@Nullable SessionRecord newRecord) {
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

    /// The Child SAs in use, the default one first.
    public List<ChildSa> childSas() {
        return children.live();
    }

    ChildSas children() {
        return children;
    }

    Duties duties() {
        return duties;
    }

    /// What the outstanding request is for; null where none is, or where the state says it.
    @Nullable OwnRequest pending() {
        return pending;
    }

    @Nullable OwnRequest takePending() {
        OwnRequest taken = pending;
        pending = null;
        return taken;
    }

    public @Nullable EstablishedSession session() {
        return relation.session();
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
        EstablishedSession session = relation.session();
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

    Transport transport() {
        return transport;
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
        life.show(turn.now());
    }

    void authenticated(
            Turn turn, EstablishedSession authenticatedSession, ConnectionProfile connection) {
        relation.begin(authenticatedSession, connection);
        agreeOn(authenticatedSession.extensions());
        joinSession(turn, authenticatedSession.sessionId());
        turn.table().addAuthenticated(this);
        life.authenticated(turn, relation);
    }

    /// Carries on with a peer that another IKE SA has authenticated.
    void carryOn(Turn turn, Relation with, EstablishedSession as, ConnectionProfile profile) {
        relation = with;
        life.show(turn.now());
        authenticated(turn, as, profile);
    }

    /// Takes over what the old IKE SA carries.
    void inherit(Turn turn, IkeSa old) {
        children.inherit(old.children);
        duties.inherit(old.duties);
        movePath(turn, old.path);
        children.all().forEach(child -> turn.table().addChild(child.inboundSpi(), this));
    }

    /// The peer has shown life with something that only it can make.
    void showLife(Turn turn) {
        life.show(turn.now());
        if (record != null) {
            record.peerIsHere(turn);
        }
    }

    void movePath(Turn turn, Path to) {
        turn.table().identities().moves(this, to);
        path = to;
    }

    /// Sends a request under SK, with the next Message ID; the state says what its answer is for.
    void request(
            Turn turn,
            ExchangeType exchange,
            List<Payload> payloads,
            RetransmissionSchedule schedule) {
        request(turn, exchange, payloads, schedule, null);
    }

    /// Sends a request whose answer goes to `purpose`.
    void request(
            Turn turn,
            ExchangeType exchange,
            List<Payload> payloads,
            RetransmissionSchedule schedule,
            @Nullable OwnRequest purpose) {
        if (requests.isExhausted()) {
            if (purpose != null) {
                purpose.abandon(turn);
            }
            close(turn, CloseReason.EXHAUSTED, "the Message IDs of this IKE SA are used up", false);
            return;
        }
        Header header = new Header(spiI(), spiR(), exchange, initiator, false, requests.nextId());
        List<byte[]> datagrams = seal(turn, header, payloads);
        requests.sent(exchange, datagrams, schedule, turn.now().nanos());
        turn.send(path, datagrams);
        pending = purpose;
        if (requests.isNearlyExhausted()) {
            duties.addNow(turn, new Duty.RekeyIkeSa());
        }
    }

    /// Answers the due request under SK and keeps the answer for its retransmissions.
    void respond(Turn turn, Header request, byte[] requestOctets, List<Payload> payloads) {
        List<byte[]> datagrams = seal(turn, request.toResponse(), payloads);
        responses.answered(requestOctets, datagrams);
        turn.send(transport.takeSource(path), datagrams);
    }

    List<byte[]> seal(Turn turn, Header header, List<Payload> payloads) {
        int limit = Fragments.limit(turn, this);
        return SkfProtection.seal(
                header, payloads, keys().outbound(), keys().outboundIvs(), turn.entropy(), limit);
    }

    /// Ends this IKE SA here and now: Child SAs leave the data plane, keys are wiped, and whoever
    /// cares is told.
    ///
    /// @param silently no event: nobody ever knew of this IKE SA
    void close(Turn turn, CloseReason reason, String detail, boolean silently) {
        if (state instanceof Closed) {
            return;
        }
        OwnRequest unfinished = takePending();
        if (unfinished != null) {
            unfinished.abandon(turn);
        }
        children.end(turn);
        StandbyReplication.ended(turn, this);
        relation.forgetFollowUps();
        // A successor has the name of one that was rekeyed.
        boolean unnamed = state.isUnnamed();
        turn.table().remove(this);
        Fragments.forget(turn, this);
        state.wipe();
        enter(turn, new Closed());
        if (keys != null) {
            keys.close();
        }
        Predecessor.left(turn, this);
        if (!silently && !unnamed) {
            turn.emit(new Event.IkeSaClosed(handle, reason, detail, sessionId));
        }
    }

    IkeSaLife life() {
        return life;
    }

    /// Where it stands in the timer table, which alone sets it.
    int timerSlot() {
        return timerSlot;
    }

    void setTimerSlot(int slot) {
        timerSlot = slot;
    }
}
