package dev.postern.gateway.daemon;

import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Inner addresses that a RADIUS server assigns and that are in no pool: each belongs to one
/// session at a time. Used on the endpoint's thread only.
final class ForeignAddresses {
    private final Map<InetAddress, Octets> owners = new HashMap<>();
    private final Map<Octets, Set<InetAddress>> bySession = new HashMap<>();
    private final Map<Octets, Set<Long>> holders = new HashMap<>();
    private final Map<Long, Octets> byHandle = new HashMap<>();

    /// @param predecessor the session that this one replaces, and whose address it may have; empty
    ///   for none
    /// @return false where another session that lives has it
    boolean lease(InetAddress address, Octets sessionId, Octets predecessor) {
        Octets owner = owners.get(address);
        if (owner != null && !owner.equals(sessionId)) {
            boolean replaced = owner.equals(predecessor);
            if (holders.containsKey(owner) && !replaced) {
                return false;
            }
            if (replaced) {
                handOver(owner, sessionId);
            } else {
                forget(owner);
            }
        }
        owners.put(address, sessionId);
        bySession.computeIfAbsent(sessionId, _ -> new HashSet<>(2)).add(address);
        return true;
    }

    void hold(long handle, Octets sessionId) {
        if (bySession.containsKey(sessionId)) {
            holders.computeIfAbsent(sessionId, _ -> new HashSet<>(2)).add(handle);
            byHandle.put(handle, sessionId);
        }
    }

    void release(long handle) {
        Octets sessionId = byHandle.remove(handle);
        Set<Long> others = sessionId == null ? null : holders.get(sessionId);
        if (sessionId != null && others != null && others.remove(handle) && others.isEmpty()) {
            holders.remove(sessionId);
            forget(sessionId);
        }
    }

    /// What one session has is another's from now on, and held as before.
    private void handOver(Octets from, Octets to) {
        Set<InetAddress> addresses = bySession.remove(from);
        if (addresses != null) {
            addresses.forEach(address -> owners.put(address, to));
            bySession.computeIfAbsent(to, _ -> new HashSet<>(2)).addAll(addresses);
        }
        Set<Long> handles = holders.remove(from);
        if (handles != null) {
            handles.forEach(handle -> byHandle.put(handle, to));
            holders.computeIfAbsent(to, _ -> new HashSet<>(2)).addAll(handles);
        }
    }

    private void forget(Octets sessionId) {
        Set<InetAddress> addresses = bySession.remove(sessionId);
        if (addresses != null) {
            addresses.forEach(address -> owners.remove(address, sessionId));
        }
    }
}
