package dev.postern.gateway.dataplane;

import dev.postern.net.Endpoint;
import dev.postern.net.SendBatch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.List;

/// Sends IKE messages and keepalives: collected, then sent with one sendmmsg per socket. Any
/// thread.
final class IkeSender {
    private static final int MOST_MESSAGES = 128;
    private static final int MEMORY = 1 << 18;
    private static final int MARKER = 4;
    private static final int PATIENCE_MILLIS = 20;

    private final List<DataPlanePort> ports;
    private final SendBatch[] batches;
    private final MemorySegment memory;
    private long end;
    private long failures;

    IkeSender(List<DataPlanePort> ports, Arena arena) {
        this.ports = ports;
        this.memory = arena.allocate(MEMORY, 8);
        this.batches = new SendBatch[ports.size()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = SendBatch.allocate(arena, MOST_MESSAGES);
        }
    }

    synchronized long failures() {
        return failures;
    }

    synchronized void add(
            InetSocketAddress local, InetSocketAddress remote, byte[] octets, boolean marker) {
        int length = octets.length + (marker ? MARKER : 0);
        int port = portFor(Endpoint.of(local));
        if (port < 0 || length > SendBatch.MAX_LENGTH) {
            failures++;
            return;
        }
        if (end + length > MEMORY || batches[port].isFull()) {
            flush();
        }
        long at = end + (marker ? MARKER : 0);
        if (marker) {
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, end, 0);
        }
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, at, octets.length);
        Endpoint source = Endpoint.of(local);
        batches[port].add(
                Endpoint.of(remote),
                DataPlanePort.isWildcard(source) ? null : source,
                memory,
                end,
                length);
        end += length;
    }

    synchronized void flush() {
        for (int port = 0; port < batches.length; port++) {
            if (batches[port].isEmpty()) {
                continue;
            }
            try {
                failures += ports.get(port).socket().send(batches[port], PATIENCE_MILLIS);
            } catch (IOException e) {
                // The socket was closed or has failed; its own thread reports that.
                failures += batches[port].count();
                batches[port].clear();
            }
        }
        end = 0;
    }

    private int portFor(Endpoint local) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).serves(local)) {
                return i;
            }
        }
        return -1;
    }
}
