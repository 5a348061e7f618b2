package dev.postern.cluster;

import dev.postern.cluster.Shares.Range;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Who has which address of one pool. A session has one; when its last IKE SA is gone the address
/// rests, reserved for its identity, until that comes back or the pool runs out of others.
/// Single-threaded.
public final class PoolLeases {
    /// A lease that no IKE SA has taken up within this time rests as well.
    private static final long UNCLAIMED_NANOS = 60_000_000_000L;

    private static final class Lease {
        final Octets sessionId;
        final Identity identity;
        final Set<Long> holders = new HashSet<>(2);
        final long since;

        Lease(Octets sessionId, Identity identity, long since) {
            this.sessionId = sessionId;
            this.identity = identity;
            this.since = since;
        }
    }

    private final Range all;
    private final Range share;
    private final BigInteger first;
    private final BigInteger size;
    private final Map<InetAddress, Lease> leases = new HashMap<>();
    private final Map<Octets, InetAddress> bySession = new HashMap<>();

    /// Whose a resting address is, the longest rested first.
    private final Map<InetAddress, Identity> resting = new LinkedHashMap<>();

    private final Map<Identity, InetAddress> restingOf = new HashMap<>();
    private BigInteger cursor = BigInteger.ZERO;
    private long changes;

    /// @param all the addresses of the pool, which a client that comes from another gateway may
    ///   have
    /// @param share those that this gateway gives out
    public PoolLeases(Range all, Range share) {
        this.all = all;
        this.share = share;
        this.first = new BigInteger(1, share.first().getAddress());
        this.size = share.size();
    }

    public boolean covers(InetAddress address) {
        return all.contains(address);
    }

    public int size() {
        return leases.size();
    }

    /// Grows with every change of [#reservations].
    public long changes() {
        return changes;
    }

    /// The address that the client wants, where it is in the pool and nobody else's; else the one
    /// that its session has; else the one that rests for its identity; else a free one of this
    /// gateway's share; else the one of the share that has rested longest. Null where there is
    /// none.
    ///
    /// @param predecessor the session that this one replaces, and whose addresses it may have;
    ///   empty for none
    public @Nullable InetAddress lease(
            Octets sessionId,
            Identity identity,
            Iterable<InetAddress> wanted,
            Octets predecessor,
            long nowNanos,
            LeasePermits permits) {
        for (InetAddress address : wanted) {
            Lease held = leases.get(address);
            if (held != null && !predecessor.isEmpty() && held.sessionId.equals(predecessor)) {
                return handOver(address, held, sessionId, identity, nowNanos);
            }
            if (all.contains(address)
                    && isFor(address, sessionId, identity, nowNanos)
                    && (address.equals(bySession.get(sessionId)) || permits.keep(address))) {
                return give(address, sessionId, identity, nowNanos);
            }
        }
        InetAddress own = bySession.get(sessionId);
        if (own != null) {
            return own;
        }
        InetAddress rested = restingOf.get(identity);
        InetAddress free =
                rested == null || !permits.reuse(rested) ? nextFree(nowNanos, permits) : rested;
        if (free == null) {
            free = longestRested(permits::reuse);
        }
        return free == null ? null : give(free, sessionId, identity, nowNanos);
    }

    /// What [#lease] would give, where that is an address of an earlier session; null where it is
    /// not.
    public @Nullable InetAddress rested(
            Octets sessionId, Identity identity, long nowNanos, LeasePermits permits) {
        if (bySession.containsKey(sessionId)) {
            return null;
        }
        InetAddress rested = restingOf.get(identity);
        if (rested != null && permits.isAtHome(rested)) {
            return rested;
        }
        BigInteger before = cursor;
        boolean isFull = nextFree(nowNanos, permits) == null;
        cursor = before;
        return isFull ? longestRested(permits::isAtHome) : null;
    }

    /// An IKE SA uses this address from now on.
    public void hold(
            InetAddress address, long handle, Octets sessionId, Identity identity, long nowNanos) {
        Lease lease = leases.get(address);
        if (lease == null || !lease.sessionId.equals(sessionId)) {
            give(address, sessionId, identity, nowNanos);
            lease = leases.get(address);
        }
        if (lease != null) {
            lease.holders.add(handle);
        }
    }

    /// An IKE SA that used this address has ended; whether it was the last one.
    public boolean release(InetAddress address, long handle) {
        Lease lease = leases.get(address);
        if (lease != null && lease.holders.remove(handle) && lease.holders.isEmpty()) {
            rest(address, lease);
            return true;
        }
        return false;
    }

    /// Reserves an address as it was before a restart.
    public void restore(InetAddress address, Identity identity) {
        if (all.contains(address)
                && !leases.containsKey(address)
                && !resting.containsKey(address)) {
            resting.put(address, identity);
            // Of several devices under one identity each had its own; a new one gets the first.
            restingOf.putIfAbsent(identity, address);
        }
    }

    /// Whose each address is, in use or resting: what [#restore] takes.
    public Map<InetAddress, Identity> reservations() {
        Map<InetAddress, Identity> reservations = new LinkedHashMap<>(resting);
        leases.forEach((address, lease) -> reservations.put(address, lease.identity));
        return reservations;
    }

    /// The lease is another session's from now on; the IKE SA that uses the address holds it as
    /// before, in case the new one comes to nothing.
    private InetAddress handOver(
            InetAddress address, Lease held, Octets sessionId, Identity identity, long nowNanos) {
        give(address, sessionId, identity, nowNanos);
        Lease given = leases.get(address);
        if (given != null) {
            given.holders.addAll(held.holders);
        }
        return address;
    }

    private boolean isFor(InetAddress address, Octets sessionId, Identity identity, long nowNanos) {
        Lease lease = leases.get(address);
        if (lease != null) {
            return lease.sessionId.equals(sessionId) || isUnclaimed(lease, nowNanos);
        }
        Identity rests = resting.get(address);
        return rests == null || rests.equals(identity);
    }

    private static boolean isUnclaimed(Lease lease, long nowNanos) {
        return lease.holders.isEmpty() && nowNanos - lease.since > UNCLAIMED_NANOS;
    }

    private InetAddress give(
            InetAddress address, Octets sessionId, Identity identity, long nowNanos) {
        Lease before = leases.get(address);
        if (before != null && before.sessionId.equals(sessionId)) {
            return address;
        }
        if (before != null) {
            bySession.remove(before.sessionId, address);
        }
        Identity rests = resting.remove(address);
        if (rests != null) {
            restingOf.remove(rests, address);
        }
        InetAddress earlier = bySession.put(sessionId, address);
        Lease left = earlier == null ? null : leases.get(earlier);
        if (left != null && left.holders.isEmpty()) {
            leases.remove(earlier);
        }
        leases.put(address, new Lease(sessionId, identity, nowNanos));
        changes++;
        return address;
    }

    private void rest(InetAddress address, Lease lease) {
        leases.remove(address);
        bySession.remove(lease.sessionId, address);
        InetAddress earlier = restingOf.put(lease.identity, address);
        if (earlier != null) {
            resting.remove(earlier);
        }
        resting.put(address, lease.identity);
        changes++;
    }

    /// Of those that may be given: one that another gateway has does not stand in the others' way.
    private @Nullable InetAddress longestRested(Predicate<InetAddress> permitted) {
        for (InetAddress address : resting.keySet()) {
            if (share.contains(address) && permitted.test(address)) {
                return address;
            }
        }
        return null;
    }

    private @Nullable InetAddress nextFree(long nowNanos, LeasePermits permits) {
        // Of one more candidates than there are leases and reservations, one is free or none is.
        long taken = leases.size() + resting.size() + 1L;
        long most = size.min(BigInteger.valueOf(taken)).longValueExact();
        for (long tried = 0; tried < most; tried++) {
            BigInteger index = cursor.add(BigInteger.valueOf(tried)).mod(size);
            InetAddress candidate = address(first.add(index));
            Lease lease = leases.get(candidate);
            boolean free = lease == null || isUnclaimed(lease, nowNanos);
            if (free && !resting.containsKey(candidate)) {
                if (permits.fresh(candidate)) {
                    cursor = index.add(BigInteger.ONE);
                    return candidate;
                }
                // Somebody else has it: one more is to be looked at.
                most = size.min(BigInteger.valueOf(most + 1)).longValueExact();
            }
        }
        return null;
    }

    private InetAddress address(BigInteger number) {
        byte[] octets = new byte[share.first().getAddress().length];
        byte[] digits = number.toByteArray();
        int length = Math.min(digits.length, octets.length);
        System.arraycopy(digits, digits.length - length, octets, octets.length - length, length);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
