package dev.postern.gateway.daemon;

import dev.postern.ike.Now;
import dev.postern.ike.failover.GatewayCandidate;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client's way to its gateway, as the kernel routes it: whether our address on it has changed,
/// and whether a NAT on it might forget us. The socket itself is bound to no address, so packets go
/// by the new way at once; this is for those who have to be told. On the loop's thread.
final class OuterPath {
    /// How often the way is looked at.
    static final long INTERVAL_MILLIS = 500;

    /// RFC 3948 section 4.
    private static final long KEEPALIVE_NANOS = 20 * Now.NANOS_PER_SECOND;

    private final Sources kernel;
    private final Map<InetSocketAddress, InetAddress> sources = new HashMap<>();
    private long packetsSent;
    private long lastSent;
    private long lastSentAside;

    /// Which address of ours the kernel would send from.
    @FunctionalInterface
    interface Sources {
        /// Null where there is no way.
        @Nullable InetAddress towards(InetSocketAddress gateway);
    }

    /// Sends a NAT keepalive.
    @FunctionalInterface
    interface Keepalives {
        void send(InetSocketAddress local, InetSocketAddress remote);
    }

    OuterPath(Sources kernel) {
        this.kernel = kernel;
    }

    /// Whether our address towards this gateway is another one than at the last call for it. No way
    /// at all is no change yet.
    boolean hasChanged(InetSocketAddress gateway) {
        InetAddress now = kernel.towards(gateway);
        if (now == null) {
            return false;
        }
        InetAddress before = sources.put(gateway, now);
        return before != null && !before.equals(now);
    }

    /// Whether nothing has gone out for so long that a keepalive is due; the caller sends it.
    boolean needsKeepalive(Now now, long packets) {
        if (packets != packetsSent) {
            packetsSent = packets;
            lastSent = now.nanos();
            return false;
        }
        if (now.nanos() - lastSent < KEEPALIVE_NANOS) {
            return false;
        }
        lastSent = now.nanos();
        return true;
    }

    /// Nothing else goes to where a session stands by, for as long as it does.
    void keepOpen(Now now, List<GatewayCandidate> aside, Keepalives keepalives) {
        if (now.nanos() - lastSentAside < KEEPALIVE_NANOS) {
            return;
        }
        lastSentAside = now.nanos();
        for (GatewayCandidate gateway : aside) {
            keepalives.send(gateway.path().local(), gateway.path().remote());
        }
    }
}
