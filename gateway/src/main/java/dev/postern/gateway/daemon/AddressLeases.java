package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who has which inner address. A session has one address per pool, over all its IKE SAs at this
/// gateway; the lease ends with the last of them. Used on the endpoint's thread only.
final class AddressLeases {
    /// A lease that no IKE SA has taken up within this time is free again.
    private static final long UNCLAIMED_NANOS = 60_000_000_000L;

    private static final class Lease {
        final Octets sessionId;
        final Set<Long> holders = new HashSet<>(2);
        final long since;

        Lease(Octets sessionId, long since) {
            this.sessionId = sessionId;
            this.since = since;
        }
    }

    private final Map<String, Pool> poolsByProfile;
    private final Map<InetAddress, Lease> leases = new HashMap<>();
    private final Map<Long, InetAddress> byHandle = new HashMap<>();
    private final Map<String, BigInteger> cursors = new HashMap<>();

    /// @param poolsByProfile the pool that each connection profile assigns from
    AddressLeases(Map<String, Pool> poolsByProfile) {
        this.poolsByProfile = Map.copyOf(poolsByProfile);
    }

    /// The address that the client wants, where it is in the range and free; else the one its
    /// session has; else a free one of this gateway's share.
    Answer lease(Ask.LeaseAddresses ask, long nowNanos) {
        Pool pool = poolsByProfile.get(ask.profile());
        if (pool == null || !ask.ipv4()) {
            return new Answer.AddressesRefused();
        }
        for (InetAddress wanted : ask.wanted()) {
            if (AddressRange.of(pool.addresses()).contains(wanted)
                    && take(wanted, ask.sessionId(), nowNanos)) {
                return leased(wanted, pool);
            }
        }
        InetAddress own = addressOf(ask.sessionId(), pool);
        InetAddress free = own == null ? nextFree(pool, ask.sessionId(), nowNanos) : own;
        return free == null ? new Answer.AddressesRefused() : leased(free, pool);
    }

    private static Answer leased(InetAddress address, Pool pool) {
        List<ConfigurationAttribute> dns =
                pool.dns().stream()
                        .map(server ->
                                new ConfigurationAttribute(
                                        server.getAddress().length == 4
                                                ? ConfigurationAttribute.INTERNAL_IP4_DNS
                                                : ConfigurationAttribute.INTERNAL_IP6_DNS,
                                        Octets.of(server.getAddress())))
                        .toList();
        return new Answer.AddressesLeased(List.of(address), dns);
    }

    /// An IKE SA uses these addresses from now on.
    void hold(long handle, Octets sessionId, List<InetAddress> addresses, long nowNanos) {
        for (InetAddress address : addresses) {
            Lease lease = leases.computeIfAbsent(address, _ -> new Lease(sessionId, nowNanos));
            lease.holders.add(handle);
            byHandle.put(handle, address);
        }
    }

    /// An IKE SA has ended.
    void release(long handle) {
        InetAddress address = byHandle.remove(handle);
        Lease lease = address == null ? null : leases.get(address);
        if (lease != null) {
            lease.holders.remove(handle);
            if (lease.holders.isEmpty()) {
                leases.remove(address);
            }
        }
    }

    int size() {
        return leases.size();
    }

    private boolean take(InetAddress address, Octets sessionId, long nowNanos) {
        Lease lease = leases.get(address);
        if (lease != null && !lease.sessionId.equals(sessionId)) {
            boolean unclaimed = lease.holders.isEmpty() && nowNanos - lease.since > UNCLAIMED_NANOS;
            if (!unclaimed) {
                return false;
            }
        }
        if (lease == null || !lease.sessionId.equals(sessionId)) {
            leases.put(address, new Lease(sessionId, nowNanos));
        }
        return true;
    }

    private @Nullable InetAddress addressOf(Octets sessionId, Pool pool) {
        for (Map.Entry<InetAddress, Lease> entry : leases.entrySet()) {
            if (entry.getValue().sessionId.equals(sessionId)
                    && AddressRange.of(pool.addresses()).contains(entry.getKey())) {
                return entry.getKey();
            }
        }
        return null;
    }

    private @Nullable InetAddress nextFree(Pool pool, Octets sessionId, long nowNanos) {
        BigInteger first = new BigInteger(1, pool.assign().first().getAddress());
        BigInteger size = pool.assign().size();
        BigInteger start = cursors.getOrDefault(pool.name(), BigInteger.ZERO);
        long most = size.min(BigInteger.valueOf(leases.size() + 1L)).longValueExact();
        // Of one more candidates than there are leases, one is free or there is none.
        for (long tried = 0; tried < most; tried++) {
            BigInteger index = start.add(BigInteger.valueOf(tried)).mod(size);
            InetAddress candidate = address(first.add(index), pool.assign().first());
            if (take(candidate, sessionId, nowNanos)) {
                cursors.put(pool.name(), index.add(BigInteger.ONE));
                return candidate;
            }
        }
        return null;
    }

    private static InetAddress address(BigInteger number, InetAddress sameFamily) {
        byte[] octets = new byte[sameFamily.getAddress().length];
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
