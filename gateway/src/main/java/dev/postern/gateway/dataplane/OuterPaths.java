package dev.postern.gateway.dataplane;

import dev.postern.esp.SecurityAssociations;
import dev.postern.net.PathLimit;

import java.nio.ByteBuffer;
import java.util.List;

/// Finds out which sizes the paths outside take: hands on what ICMP says of packets that were sent,
/// and sends the probes that are due.
final class OuterPaths {
    static final long INTERVAL_MILLIS = 250;

    private final List<DataPlanePort> ports;
    private final SecurityAssociations associations;
    private final SealingSide sealing;

    OuterPaths(List<DataPlanePort> ports, SecurityAssociations associations, SealingSide sealing) {
        this.ports = ports;
        this.associations = associations;
        this.sealing = sealing;
    }

    /// To be called every [#INTERVAL_MILLIS].
    void tend(long nanos) {
        for (DataPlanePort port : ports) {
            for (PathLimit limit = port.socket().takeLimit();
                    limit != null;
                    limit = port.socket().takeLimit()) {
                hear(limit, nanos);
            }
        }
        // Under the lock no SA is removed, so that none has lost its keys when its probe is sealed.
        synchronized (associations) {
            associations.forPathProbes(nanos, sealing::probe);
        }
    }

    private void hear(PathLimit limit, long nanos) {
        synchronized (associations) {
            if (limit.local()) {
                associations.tooBig(limit.peer().getAddress(), limit.mtu(), nanos);
            } else if (limit.quoted().length >= PathLimit.QUOTED) {
                ByteBuffer quoted = ByteBuffer.wrap(limit.quoted());
                int spi = quoted.getInt();
                int sequence = quoted.getInt();
                associations.tooBig(limit.peer(), spi, sequence, limit.mtu(), nanos);
            }
        }
    }
}
