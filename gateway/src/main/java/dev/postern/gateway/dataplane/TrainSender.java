package dev.postern.gateway.dataplane;

import dev.postern.esp.DatagramSender;
import dev.postern.esp.OutgoingBatch;
import dev.postern.esp.UdpEndpoint;
import dev.postern.esp.UdpPath;
import dev.postern.net.Endpoint;
import dev.postern.net.SendBatch;
import dev.postern.net.UdpSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Sends sealed trains, each from the socket that its path names, with one sendmmsg per socket.
/// Used by whoever seals.
final class TrainSender implements DatagramSender {
    static final int MOST_TRAINS = 64;

    /// A full socket buffer holds the inner side back this long, then packets are dropped.
    private static final int PATIENCE_MILLIS = 50;

    private final List<DataPlanePort> ports;
    private final SendBatch[] batches;
    private final AtomicLong failures = new AtomicLong();
    private @Nullable UdpPath lastPath;
    private @Nullable Route lastRoute;
    private boolean whole;

    private record Route(int port, Endpoint peer, @Nullable Endpoint source) {}

    TrainSender(List<DataPlanePort> ports, Arena arena) {
        this.ports = ports;
        this.batches = new SendBatch[ports.size()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = SendBatch.allocate(arena, MOST_TRAINS);
        }
    }

    /// Trains that were not sent, or not in full.
    long failures() {
        return failures.getOpaque();
    }

    /// Whether what is sent from now on goes with "don't fragment".
    void sendsWhole(boolean from) {
        whole = from;
    }

    @Override
    public void send(OutgoingBatch outgoing) {
        for (int train = 0; train < outgoing.trains(); train++) {
            Route route = route(outgoing.path(train));
            if (route == null) {
                fail(1);
                continue;
            }
            batches[route.port].add(
                    route.peer,
                    route.source,
                    outgoing.memory(),
                    outgoing.offset(train),
                    outgoing.length(train),
                    outgoing.segmentLength(train),
                    outgoing.trafficClass(train));
        }
        for (int port = 0; port < batches.length; port++) {
            transmit(port);
        }
    }

    private void transmit(int port) {
        SendBatch batch = batches[port];
        if (batch.isEmpty()) {
            return;
        }
        try {
            UdpSocket socket = ports.get(port).socket();
            if (whole) {
                // What the interface does not take is told by the socket.
                socket.sendWhole(batch, PATIENCE_MILLIS);
            } else {
                fail(socket.send(batch, PATIENCE_MILLIS));
            }
        } catch (IOException e) {
            // The socket was closed or has failed; its own thread reports that.
            fail(batch.count());
            batch.clear();
        }
    }

    private void fail(int trains) {
        if (trains > 0) {
            failures.setOpaque(failures.getPlain() + trains);
        }
    }

    private @Nullable Route route(UdpPath path) {
        if (path != lastPath) {
            lastPath = path;
            lastRoute = find(path);
        }
        return lastRoute;
    }

    private @Nullable Route find(UdpPath path) {
        Endpoint local = endpoint(path.local());
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).carriesEsp() && ports.get(i).serves(local)) {
                boolean chosen = !DataPlanePort.isWildcard(local);
                return new Route(i, endpoint(path.peer()), chosen ? local : null);
            }
        }
        return null;
    }

    private static Endpoint endpoint(UdpEndpoint endpoint) {
        return new Endpoint(
                endpoint.address().high(), endpoint.address().low(), endpoint.port(), 0);
    }
}
