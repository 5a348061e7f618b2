package dev.postern.sim;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Who has which inner address at one gateway, as a gateway daemon keeps it: a session has one
/// address over all its IKE SAs here; new addresses come from this gateway's share of the pool, and
/// one that a session brings along is kept where it is free here.
final class Leases {
    /// A lease that no IKE SA has taken up within this time is free again.
    private static final long UNCLAIMED_NANOS = 60_000_000_000L;

    private static final int SHARE = 24;
    private static final int FIRST_HOST = 2;

    private static final class Lease {
        final Octets sessionId;
        final Set<Long> holders = new HashSet<>();
        final long since;

        Lease(Octets sessionId, long since) {
            this.sessionId = sessionId;
            this.since = since;
        }
    }

    private final int firstOfShare;
    private final int poolSize;
    private final Map<Integer, Lease> leases = new TreeMap<>();
    private int cursor;

    Leases(int gateway, int gateways) {
        this.firstOfShare = FIRST_HOST + gateway * SHARE;
        this.poolSize = gateways * SHARE;
    }

    Answer lease(Ask.LeaseAddresses ask, long nowNanos) {
        for (InetAddress wanted : ask.wanted()) {
            int host = host(wanted);
            if (host >= 0 && take(host, ask.sessionId(), nowNanos)) {
                return leased(host);
            }
        }
        Integer host = ofSession(ask.sessionId());
        if (host == null) {
            host = nextFree(ask.sessionId(), nowNanos);
        }
        return host == null ? new Answer.AddressesRefused() : leased(host);
    }

    void hold(long handle, Octets sessionId, List<InetAddress> addresses, long nowNanos) {
        for (InetAddress address : addresses) {
            leases.computeIfAbsent(host(address), _ -> new Lease(sessionId, nowNanos))
                    .holders
                    .add(handle);
        }
    }

    void release(long handle) {
        leases.values().removeIf(lease -> lease.holders.remove(handle) && lease.holders.isEmpty());
    }

    private static Answer leased(int host) {
        return new Answer.AddressesLeased(List.of(Addresses.pool(host)), List.of());
    }

    private int host(InetAddress address) {
        byte[] octets = address.getAddress();
        int host = (octets[2] & 0xff) << 8 | (octets[3] & 0xff);
        boolean ours = octets.length == 4 && octets[0] == 10 && octets[1] == 77;
        return ours && host >= FIRST_HOST && host < FIRST_HOST + poolSize ? host : -1;
    }

    private boolean take(int host, Octets sessionId, long nowNanos) {
        Lease lease = leases.get(host);
        boolean same = lease != null && lease.sessionId.equals(sessionId);
        if (lease != null && !same) {
            boolean unclaimed = lease.holders.isEmpty() && nowNanos - lease.since > UNCLAIMED_NANOS;
            if (!unclaimed) {
                return false;
            }
        }
        if (!same) {
            leases.put(host, new Lease(sessionId, nowNanos));
        }
        return true;
    }

    private @Nullable Integer ofSession(Octets sessionId) {
        for (Map.Entry<Integer, Lease> entry : leases.entrySet()) {
            if (entry.getValue().sessionId.equals(sessionId)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private @Nullable Integer nextFree(Octets sessionId, long nowNanos) {
        for (int tried = 0; tried < SHARE; tried++) {
            int host = firstOfShare + cursor;
            cursor = (cursor + 1) % SHARE;
            if (take(host, sessionId, nowNanos)) {
                return host;
            }
        }
        return null;
    }
}
