package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How a client fared at each gateway, and which of them it had better leave alone for a while:
/// they come last, and are not left out. Judged from the endpoint's events.
final class Standings {
    private static final long FIRST_AVOIDANCE_NANOS = 10 * Now.NANOS_PER_SECOND;
    private static final long LONGEST_AVOIDANCE_NANOS = 300 * Now.NANOS_PER_SECOND;

    /// @param result in words
    /// @param at when that was
    /// @param avoidedUntil not in the future where it is not avoided
    /// @param failures in a row
    /// @param inUse whether it serves, is being tried, or holds a parked session
    record Standing(String result, long at, long avoidedUntil, int failures, boolean inUse) {
        static final Standing UNTRIED = new Standing("never tried", 0, 0, 0, false);

        private Standing failed(String why, Now now) {
            long until = now.nanos() + avoidance(failures);
            return new Standing(why, now.nanos(), until, failures + 1, false);
        }

        private Standing avoidedUntil(long until) {
            return new Standing(result, at, Math.max(until, avoidedUntil), failures, inUse);
        }

        private Standing stillUsed() {
            return new Standing(result, at, avoidedUntil, failures, true);
        }
    }

    private final Map<Integer, Standing> standings = new HashMap<>();
    private final Map<Long, Set<Integer>> open = new HashMap<>();
    private final Set<Long> aside = new HashSet<>();

    /// Sessions that have ended soon, since one has lasted.
    private final Map<Integer, Integer> soonEnded = new HashMap<>();

    Standing of(int gateway) {
        return standings.getOrDefault(gateway, Standing.UNTRIED);
    }

    /// Another gateway has taken that place.
    void forget(int gateway) {
        standings.remove(gateway);
        soonEnded.remove(gateway);
    }

    boolean avoids(int gateway, Now now) {
        return of(gateway).avoidedUntil() > now.nanos();
    }

    /// An attempt begins under this handle.
    void begun(Now now, long handle, int gateway) {
        open.put(handle, Set.of(gateway));
        note(now, gateway);
    }

    /// The same attempt is made at another address too.
    void begunAlso(Now now, long handle, int gateway) {
        Set<Integer> all = new HashSet<>(open.getOrDefault(handle, Set.of()));
        all.add(gateway);
        open.put(handle, Set.copyOf(all));
        note(now, gateway);
    }

    private void note(Now now, int gateway) {
        Standing before = of(gateway);
        standings.put(
                gateway,
                new Standing(
                        "being tried",
                        now.nanos(),
                        before.avoidedUntil(),
                        before.failures(),
                        true));
    }

    /// The attempt goes on at this address alone, if at any.
    void settled(long handle, @Nullable Integer gateway) {
        if (gateway == null) {
            open.remove(handle);
        } else if (open.containsKey(handle)) {
            open.put(handle, Set.of(gateway));
        }
    }

    /// An attempt there is given up because another gateway was faster.
    ///
    /// @param asked whether it had been asked earlier than that one: then it comes after it for a
    ///   while
    void passedOver(Now now, int gateway, boolean asked) {
        Standing before = of(gateway);
        long avoided = asked ? now.nanos() + FIRST_AVOIDANCE_NANOS : 0;
        standings.put(
                gateway,
                new Standing(
                        "another one was faster",
                        now.nanos(),
                        Math.max(avoided, before.avoidedUntil()),
                        before.failures(),
                        false));
    }

    /// The same for a session that is to stand by.
    void begunAside(Now now, long handle, int gateway) {
        aside.add(handle);
        begun(now, handle, gateway);
    }

    /// It serves us, and carries nothing.
    void carriesNothing(Now now, int gateway) {
        standings.put(gateway, of(gateway).failed("carries nothing", now).stillUsed());
    }

    /// It has taken us and sent us away soon, by whatever means: that it takes us again does not
    /// make that good.
    void endedSoon(Now now, int gateway) {
        int times = soonEnded.merge(gateway, 1, Integer::sum);
        standings.put(gateway, of(gateway).avoidedUntil(now.nanos() + avoidance(times - 1)));
    }

    /// A session there has lasted.
    void lasted(int gateway) {
        soonEnded.remove(gateway);
    }

    private static long avoidance(int before) {
        return Math.min(LONGEST_AVOIDANCE_NANOS, FIRST_AVOIDANCE_NANOS << Math.min(before, 10));
    }

    /// It does not stand by any more: it serves.
    void promoted(long handle) {
        aside.remove(handle);
    }

    void on(Now now, Event event) {
        for (int gateway : open.getOrDefault(event.handle(), Set.of())) {
            on(now, event, gateway);
        }
        if (event instanceof Event.IkeSaClosed closed) {
            open.remove(closed.handle());
            aside.remove(closed.handle());
        }
    }

    private void on(Now now, Event event, int gateway) {
        String use = aside.contains(event.handle()) ? "stands by" : "serves us";
        Standing serving = new Standing(use, now.nanos(), 0, 0, true);
        if (event instanceof Event.IkeSaEstablished || event instanceof Event.PeerAlive) {
            standings.put(gateway, serving);
        } else if (event instanceof Event.PeerUnresponsive) {
            standings.put(gateway, of(gateway).failed("does not answer", now).stillUsed());
        } else if (event instanceof Event.IkeSaClosed closed) {
            standings.put(gateway, after(closed, of(gateway), now));
        }
    }

    private static Standing after(Event.IkeSaClosed closed, Standing before, Now now) {
        String reason = closed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String told = closed.detail().isEmpty() ? reason : reason + ": " + closed.detail();
        return switch (closed.reason()) {
            case PARKED -> new Standing("holds our parked session", now.nanos(), 0, 0, true);
            case CLOSED_LOCALLY, SUPERSEDED, LIFETIME ->
                    new Standing(
                            before.failures() > 0 ? before.result() : "served us",
                            now.nanos(),
                            before.avoidedUntil(),
                            before.failures(),
                            false);
            case TICKET_REFUSED, REDIRECTED, RESUMABLE, PEER_CRASHED ->
                    new Standing(
                            told, now.nanos(), before.avoidedUntil(), before.failures(), false);
            case DELETED_BY_PEER,
                    PEER_UNRESPONSIVE,
                    AUTHENTICATION_FAILED,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    TEMPORARY_FAILURE,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    UNEXPECTED_IDENTITY,
                    TIMED_OUT,
                    HARD_DEADLINE,
                    REVOKED,
                    EXHAUSTED,
                    INTERNAL_ERROR ->
                    before.failed(told, now);
        };
    }
}
