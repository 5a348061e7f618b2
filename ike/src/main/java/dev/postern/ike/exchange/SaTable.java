package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.guard.KnownSpis;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// The IKE SAs of one endpoint, by everything that names one. Single-threaded.
public final class SaTable {
    private final Map<Long, IkeSa> byLocalSpi = new HashMap<>();
    private final Map<Long, IkeSa> byHandle = new HashMap<>();
    private final Map<FirstRequest, IkeSa> byFirstRequest = new HashMap<>();
    private final Map<Integer, IkeSa> byInboundSpi = new HashMap<>();
    private final Map<Octets, List<IkeSa>> bySession = new HashMap<>();
    private final SasByIdentity byIdentity = new SasByIdentity();
    private final Map<Long, IkeSa> byAsk = new HashMap<>();
    private final Queue<IkeSa> byAge = new ArrayDeque<>();
    private final TimerTable timers = new TimerTable();
    private final WaywardSenders waywardSenders = new WaywardSenders();
    private @Nullable KnownSpis known;
    private long lastResponderHandle;
    private int halfOpen;
    private int provisional;
    private int fetching;
    private int opening;

    /// Handles of IKE SAs that peers begin are negative, those that callers name are positive.
    long newResponderHandle() {
        return --lastResponderHandle;
    }

    /// Which SPIs are in use, told from now on to other threads as well.
    public void publish(KnownSpis to) {
        known = to;
        byLocalSpi.keySet().forEach(to::add);
    }

    private void addByLocalSpi(IkeSa sa) {
        if (byLocalSpi.put(sa.localSpi(), sa) == null && known != null) {
            known.add(sa.localSpi());
        }
    }

    void add(IkeSa sa) {
        addByLocalSpi(sa);
        byHandle.put(sa.handle(), sa);
    }

    /// A new IKE SA of a rekeying: messages find it; its name is still the old one's.
    void addUnadopted(IkeSa sa) {
        addByLocalSpi(sa);
    }

    /// Gives a new IKE SA the name that it shares with the one it follows.
    void adopt(IkeSa sa) {
        byHandle.put(sa.handle(), sa);
    }

    /// Notes a responder's IKE SA under the request that began it, for its retransmissions.
    void addBegun(Message by, IkeSa sa) {
        FirstRequest name = FirstRequest.kept(by);
        byFirstRequest.put(name, sa);
        sa.transport().begunBy(name);
    }

    void addChild(int inboundSpi, IkeSa sa) {
        byInboundSpi.put(inboundSpi, sa);
    }

    void removeChild(int inboundSpi, IkeSa sa) {
        byInboundSpi.remove(inboundSpi, sa);
    }

    void addSession(Octets sessionId, IkeSa sa) {
        bySession.computeIfAbsent(sessionId, id -> new ArrayList<>(1)).add(sa);
    }

    /// Notes whom an IKE SA belongs to, once that is proven.
    void addAuthenticated(IkeSa sa) {
        byIdentity.add(sa);
    }

    /// Those of one client's identity, and who among them waits for another.
    SasByIdentity identities() {
        return byIdentity;
    }

    /// The IKE SAs of a client's identity.
    List<IkeSa> ofIdentity(Identity identity) {
        return byIdentity.of(identity);
    }

    void awaitAnswer(long askId, IkeSa sa) {
        byAsk.put(askId, sa);
    }

    public @Nullable IkeSa takeAnswered(long askId) {
        return byAsk.remove(askId);
    }

    public @Nullable IkeSa byLocalSpi(long spi) {
        return byLocalSpi.get(spi);
    }

    public @Nullable IkeSa byHandle(long handle) {
        return byHandle.get(handle);
    }

    /// The IKE SA that these very octets have begun.
    @Nullable IkeSa byFirstRequest(Message message) {
        return byFirstRequest.get(FirstRequest.of(message));
    }

    public @Nullable IkeSa byInboundSpi(int spi) {
        return byInboundSpi.get(spi);
    }

    public List<IkeSa> bySession(Octets sessionId) {
        return List.copyOf(bySession.getOrDefault(sessionId, List.of()));
    }

    /// All of them, for what concerns many.
    List<IkeSa> all() {
        return List.copyOf(byHandle.values());
    }

    /// Those, and the ones that have no name of their own.
    List<IkeSa> everything() {
        return List.copyOf(byLocalSpi.values());
    }

    /// Those that share a name: what a rekeying replaces keeps it to its end.
    public List<IkeSa> named(long handle) {
        return byLocalSpi.values().stream()
                .filter(sa -> sa.handle() == handle)
                .sorted(Comparator.comparingLong(IkeSa::localSpi))
                .toList();
    }

    public int size() {
        return byLocalSpi.size();
    }

    TimerTable timers() {
        return timers;
    }

    /// Whose packets have come for which there is no SA.
    WaywardSenders waywardSenders() {
        return waywardSenders;
    }

    void remove(IkeSa sa) {
        timers.remove(sa);
        byIdentity.remove(sa);
        if (byLocalSpi.remove(sa.localSpi(), sa) && known != null) {
            known.remove(sa.localSpi());
        }
        byHandle.remove(sa.handle(), sa);
        FirstRequest first = sa.transport().begunBy();
        if (first != null) {
            byFirstRequest.remove(first, sa);
        }
        byAsk.remove(sa.awaitedAnswer(), sa);
        byAsk.remove(FollowingTicket.awaitedBy(sa), sa);
        byAsk.remove(SwitchQuestion.awaitedBy(sa), sa);
        sa.children().all().forEach(child -> byInboundSpi.remove(child.inboundSpi(), sa));
        Octets sessionId = sa.sessionId();
        List<IkeSa> siblings = bySession.get(sessionId);
        if (siblings != null) {
            siblings.remove(sa);
            if (siblings.isEmpty()) {
                bySession.remove(sessionId);
            }
        }
    }

    /// Notes a half-open IKE SA, the newest.
    void addHalfOpen(IkeSa sa) {
        forgetSettled();
        byAge.add(sa);
    }

    /// Ends the oldest IKE SA that still waits for IKE_AUTH, if it is older than `patience`.
    boolean evictHalfOpen(Turn turn, long patienceNanos) {
        forgetSettled();
        IkeSa oldest = byAge.peek();
        if (oldest == null || turn.now().nanos() - oldest.life().lastShown() < patienceNanos) {
            return false;
        }
        byAge.remove();
        turn.count(Counter.EVICTED_HALF_OPEN);
        oldest.close(turn, CloseReason.TIMED_OUT, "", true);
        return true;
    }

    private void forgetSettled() {
        while (!byAge.isEmpty() && !(byAge.peek().state() instanceof HalfOpen)) {
            byAge.remove();
        }
    }

    /// Keeps the counts of what strangers make us hold: an IKE SA enters a state, or leaves it.
    void count(IkeSaState counted, int change) {
        switch (counted) {
            case HalfOpen _, EapResponding _, Refused _ -> halfOpen += change;
            case Provisional _ -> provisional += change;
            case AwaitingLease waiting -> {
                if (waiting.isResume()) {
                    provisional += change;
                } else {
                    halfOpen += change;
                }
            }
            case AwaitingRevocation waiting -> halfOpen += waiting.isHalfOpen() ? change : 0;
            case AwaitingSession _ -> {
                fetching += change;
                halfOpen += change;
            }
            case AwaitingOpening _ -> {
                opening += change;
                halfOpen += change;
            }
            case AwaitingSealing waiting -> provisional += waiting.isResume() ? change : 0;
            case AwaitingSwitchCount _ -> provisional += change;
            case SaInitInitiator _,
                    OpaqueResumeInitiator _,
                    IntermediateInitiator _,
                    AuthInitiator _,
                    EapInitiating _,
                    ResumeInitiator _,
                    AwaitingStore _,
                    Unadopted _,
                    Replaced _,
                    Restored _,
                    Established _,
                    Deleting _,
                    Closed _ -> {}
        }
    }

    /// First messages whose record is being fetched.
    int fetching() {
        return fetching;
    }

    /// First messages whose ticket is being opened elsewhere.
    int opening() {
        return opening;
    }

    /// IKE SAs that have not authenticated yet.
    public int halfOpen() {
        return halfOpen;
    }

    /// IKE SAs of proven peers, and what they are being replaced by.
    int authenticated() {
        return size() - halfOpen - provisional;
    }

    /// Resumed IKE SAs whose peer has not confirmed yet.
    public int provisional() {
        return provisional;
    }
}
