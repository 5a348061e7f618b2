package dev.postern.gateway.aaa;

import dev.postern.esp.SaTraffic;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.radius.AccountedSession;
import dev.postern.radius.AccountingRecord;
import dev.postern.radius.Attribute;
import dev.postern.radius.Attributes;
import dev.postern.radius.Authorization;
import dev.postern.radius.Nas;
import dev.postern.radius.SessionMatch;
import dev.postern.radius.TerminateCause;
import dev.postern.ticket.GrantMark;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/// The sessions here that a RADIUS server has let in, at this gateway or at another one of the
/// domain: what they granted stands in the session, so nobody is asked again. On the endpoint's
/// thread.
///
/// A session is accounted for from the moment its peer is known to be here: with a full exchange at
/// once, with a resume when the peer has confirmed it, so that a replayed request makes no record.
public final class AaaSessions {
    private static final long IDLE_CHECKS = 8;

    /// Where the accounting records go, and how often one is due.
    ///
    /// @param interimSeconds between interim records where the server does not say; 0 for never
    record Books(Consumer<AccountingRecord> records, long interimSeconds) {}

    /// What a CoA-Request comes to for one session.
    ///
    /// @param before what the session was granted until then: its earlier tickets, wherever shown;
    ///   null where nothing of it is a limit
    /// @param tooLong whether it is more than a ticket holds
    /// @param handles the session's IKE SAs
    record Change(
            Input.Reauthorize order,
            @Nullable Revocation before,
            boolean tooLong,
            Set<Long> handles) {}

    private final int member;
    private final Nas nas;
    private final Books books;
    private final IntFunction<Optional<SaTraffic>> traffic;
    private final LongFunction<@Nullable EstablishedSession> sessions;
    private final Map<Octets, Leg> legs = new HashMap<>();
    private final Map<Long, Leg> byHandle = new HashMap<>();
    private final Map<Long, Event.IkeSaEstablished> unconfirmed = new HashMap<>();
    private final Map<Long, Set<Integer>> spisByHandle = new HashMap<>();
    private final Map<Integer, Long> handleBySpi = new HashMap<>();
    private final PriorityQueue<Due> dues =
            new PriorityQueue<>(Comparator.comparingLong(due -> due.at));

    private record Due(long at, Leg leg) {}

    AaaSessions(
            int member,
            Nas nas,
            Books books,
            IntFunction<Optional<SaTraffic>> traffic,
            LongFunction<@Nullable EstablishedSession> sessions) {
        this.member = member;
        this.nas = nas;
        this.books = books;
        this.traffic = traffic;
        this.sessions = sessions;
    }

    /// Sees an effect before it is carried out.
    public void observe(Now now, Effect effect) {
        if (effect instanceof Effect.InstallChildSa install) {
            onInstalled(install.installation().handle(), install.installation().inboundSpi());
        } else if (effect instanceof Effect.RemoveChildSa remove) {
            onRemoved(remove.inboundSpi());
        } else if (effect instanceof Effect.Emit emit) {
            onEvent(now, emit.event());
        }
    }

    private void onInstalled(long handle, int inboundSpi) {
        handleBySpi.put(inboundSpi, handle);
        spisByHandle.computeIfAbsent(handle, _ -> new HashSet<>(2)).add(inboundSpi);
        Leg leg = byHandle.get(handle);
        if (leg != null) {
            leg.meter().add(inboundSpi);
        }
    }

    private void onRemoved(int inboundSpi) {
        Long handle = handleBySpi.remove(inboundSpi);
        if (handle == null) {
            return;
        }
        Set<Integer> spis = spisByHandle.get(handle);
        if (spis != null && spis.remove(inboundSpi) && spis.isEmpty()) {
            spisByHandle.remove(handle);
        }
        Leg leg = byHandle.get(handle);
        if (leg != null) {
            leg.meter().remove(inboundSpi);
        }
    }

    private void onEvent(Now now, Event event) {
        if (event instanceof Event.IkeSaEstablished established) {
            if (established.provisional()) {
                unconfirmed.put(established.handle(), established);
            } else {
                onPresent(now, established);
            }
        } else if (event instanceof Event.SessionConfirmed confirmed) {
            Event.IkeSaEstablished established = unconfirmed.remove(confirmed.handle());
            if (established != null) {
                onPresent(now, established);
            }
        } else if (event instanceof Event.IkeSaClosed closed) {
            unconfirmed.remove(closed.handle());
            onClosed(now, closed);
        }
    }

    private void onPresent(Now now, Event.IkeSaEstablished established) {
        EstablishedSession session = sessions.apply(established.handle());
        // Marks of a certificate stand there too; a server's grant begins with a User-Name.
        if (session == null || Authorization.ofRaw(session.aaaAttributes()).userName() == null) {
            return;
        }
        Leg leg = legs.get(session.sessionId());
        if (leg == null) {
            leg = begin(now, established, session);
        } else if (session.grantedAt() > GrantMark.in(leg.authorization().attributes().raw())) {
            leg.reauthorize(Authorization.ofRaw(session.aaaAttributes()));
            schedule(now, leg);
        }
        leg.handles().add(established.handle());
        byHandle.put(established.handle(), leg);
        for (int inboundSpi : spisByHandle.getOrDefault(established.handle(), Set.of())) {
            leg.meter().add(inboundSpi);
        }
    }

    private Leg begin(Now now, Event.IkeSaEstablished established, EstablishedSession session) {
        Authorization authorization = Authorization.ofRaw(session.aaaAttributes());
        String userName = authorization.userName();
        AccountedSession accounted =
                new AccountedSession(
                        session.sessionId(),
                        member,
                        userName == null ? session.authenticatedIdentity().toString() : userName,
                        established.innerAddresses(),
                        RadiusAuthentication.station(established.path().remote()),
                        RadiusAuthentication.station(established.path().local()),
                        authorization,
                        now.epochSeconds());
        Leg leg = new Leg(accounted, new UsageMeter(traffic));
        legs.put(session.sessionId(), leg);
        leg.startIdling(now.nanos());
        schedule(now, leg);
        books.records().accept(accounted.start(nas));
        return leg;
    }

    private void onClosed(Now now, Event.IkeSaClosed closed) {
        Leg leg = byHandle.remove(closed.handle());
        if (leg == null) {
            return;
        }
        leg.handles().remove(closed.handle());
        if (leg.handles().isEmpty()) {
            legs.remove(leg.session().sessionId());
            TerminateCause own = leg.cause();
            TerminateCause cause = own == null ? cause(closed.reason()) : own;
            books.records()
                    .accept(
                            leg.session()
                                    .stop(nas, leg.meter().total(), cause, now.epochSeconds()));
        }
    }

    private static TerminateCause cause(CloseReason reason) {
        return switch (reason) {
            case DELETED_BY_PEER -> TerminateCause.USER_REQUEST;
            case PEER_UNRESPONSIVE, PEER_CRASHED, TIMED_OUT -> TerminateCause.LOST_CARRIER;
            case HARD_DEADLINE -> TerminateCause.SESSION_TIMEOUT;
            case SUPERSEDED, PARKED, REDIRECTED -> TerminateCause.NAS_REQUEST;
            case CLOSED_LOCALLY, REVOKED -> TerminateCause.ADMIN_RESET;
            case AUTHENTICATION_FAILED,
                    RESUMABLE,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    TICKET_REFUSED,
                    TEMPORARY_FAILURE,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    UNEXPECTED_IDENTITY,
                    LIFETIME,
                    EXHAUSTED,
                    INTERNAL_ERROR ->
                    TerminateCause.NAS_ERROR;
        };
    }

    private void schedule(Now now, Leg leg) {
        Authorization authorization = leg.authorization();
        long interim =
                authorization.interimSeconds() == 0
                        ? books.interimSeconds()
                        : authorization.interimSeconds();
        leg.scheduleInterim(
                interim == 0 ? Long.MAX_VALUE : now.nanos() + interim * Now.NANOS_PER_SECOND);
        scheduleIdleCheck(now, leg);
        await(leg);
    }

    private static void scheduleIdleCheck(Now now, Leg leg) {
        long idle = leg.authorization().idleTimeoutSeconds() * Now.NANOS_PER_SECOND;
        leg.scheduleIdleCheck(
                idle == 0
                        ? Long.MAX_VALUE
                        : now.nanos() + Math.max(Now.NANOS_PER_SECOND, idle / IDLE_CHECKS));
    }

    private void await(Leg leg) {
        if (leg.due() != Long.MAX_VALUE) {
            dues.add(new Due(leg.due(), leg));
        }
    }

    /// To be called every second or so: writes the interim records that are due.
    ///
    /// @return what ends the sessions that were idle for too long
    public List<Input> tick(Now now) {
        List<Input> inputs = new ArrayList<>();
        for (Due due = dues.peek(); due != null && due.at - now.nanos() <= 0; due = dues.peek()) {
            Leg leg = dues.remove().leg;
            boolean stale = due.at != leg.due() || legs.get(leg.session().sessionId()) != leg;
            if (!stale) {
                inputs.addAll(onDue(now, leg));
            }
        }
        return inputs;
    }

    private List<Input> onDue(Now now, Leg leg) {
        if (leg.isInterimDue(now.nanos())) {
            books.records()
                    .accept(leg.session().interim(nas, leg.meter().total(), now.epochSeconds()));
            schedule(now, leg);
            return List.of();
        }
        long idle = leg.authorization().idleTimeoutSeconds() * Now.NANOS_PER_SECOND;
        if (leg.isIdleCheckDue(now.nanos()) && idle != 0 && leg.idleNanos(now.nanos()) >= idle) {
            leg.endsBy(TerminateCause.IDLE_TIMEOUT);
            leg.scheduleIdleCheck(Long.MAX_VALUE);
            await(leg);
            return leg.handles().stream()
                    .map(handle -> (Input) new Input.Close(handle, false))
                    .toList();
        }
        scheduleIdleCheck(now, leg);
        await(leg);
        return List.of();
    }

    /// The sessions that a Disconnect- or CoA-Request means.
    List<AccountedSession> meant(SessionMatch match) {
        return legs.values().stream().map(Leg::session).filter(match::means).toList();
    }

    /// A session is about to be ended by its server.
    void disconnecting(Octets sessionId) {
        Leg leg = legs.get(sessionId);
        if (leg != null) {
            leg.endsBy(TerminateCause.ADMIN_RESET);
        }
    }

    /// What an order makes of a session; nothing changes yet. Session-Timeout counts from now.
    @Nullable Change change(Now now, Octets sessionId, Attributes change) {
        Leg leg = legs.get(sessionId);
        if (leg == null) {
            return null;
        }
        List<Octets> before = granted(leg);
        long instant = GrantMark.next(before, now.epochSeconds());
        Authorization after = Authorization.ofRaw(before).changedBy(change);
        long timeout = new Authorization(change).sessionTimeoutSeconds();
        return new Change(
                new Input.Reauthorize(
                        sessionId,
                        timeout == 0 ? 0 : now.epochSeconds() + timeout,
                        GrantMark.placed(after.attributes().raw(), instant)),
                changesLimits(change) ? new Revocation.OfGrant(sessionId, instant) : null,
                after.isTooLong(),
                Set.copyOf(leg.handles()));
    }

    /// An order at another gateway may have changed it since it was here first.
    private List<Octets> granted(Leg leg) {
        List<Octets> granted = leg.authorization().attributes().raw();
        for (long handle : leg.handles()) {
            EstablishedSession session = sessions.apply(handle);
            if (session != null && session.grantedAt() > GrantMark.in(granted)) {
                granted = session.aaaAttributes();
            }
        }
        return granted;
    }

    private static boolean changesLimits(Attributes change) {
        return change.list().stream()
                .anyMatch(each -> each.type() != Attribute.ACCT_INTERIM_INTERVAL);
    }

    /// It is carried out.
    void changed(Now now, Change change) {
        Leg leg = legs.get(change.order().sessionId());
        if (leg != null) {
            leg.reauthorize(Authorization.ofRaw(change.order().aaaAttributes()));
            leg.startIdling(now.nanos());
            schedule(now, leg);
        }
    }

    /// The gateway ends; its sessions go on elsewhere.
    void stopAll(Now now) {
        for (Leg leg : legs.values()) {
            books.records()
                    .accept(
                            leg.session()
                                    .stop(
                                            nas,
                                            leg.meter().total(),
                                            TerminateCause.NAS_REBOOT,
                                            now.epochSeconds()));
        }
        legs.clear();
        byHandle.clear();
    }

    int size() {
        return legs.size();
    }
}
