package dev.postern.gateway.aaa;

import dev.postern.radius.Moment;
import dev.postern.radius.Packet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// The one thread of everything that speaks RADIUS: receives, wakes at deadlines, and runs tasks of
/// other threads.
final class RadiusLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RadiusLoop.class);
    private static final int SOCKET_BUFFER = 1 << 20;
    private static final int DATAGRAMS_PER_SOCKET = 64;
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    private static final long JOIN_MILLIS = 2_000;

    /// A part of RADIUS that waits for datagrams and deadlines; always on the loop's thread.
    interface Party {
        /// @param channel which of its sockets, in the order in which they were opened
        void onDatagram(int channel, InetSocketAddress from, byte[] datagram, Moment now);

        default long nextDeadline() {
            return Long.MAX_VALUE;
        }

        default void onDeadline(Moment now) {}
    }

    /// Something to do at an instant.
    @FunctionalInterface
    interface Task {
        void at(Moment now);
    }

    private record Socket(Party party, int number) {}

    private final Clock wallClock;
    private final Selector selector;
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final List<Party> parties = new ArrayList<>();
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(Packet.LONGEST + 1);
    private final Thread thread;
    private volatile boolean running = true;

    RadiusLoop(Clock wallClock) throws IOException {
        this.wallClock = wallClock;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name("radius").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Opens a socket for a party, before the start.
    DatagramChannel open(Party party, int number, InetSocketAddress bound) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
        channel.bind(bound);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Socket(party, number));
        if (!parties.contains(party)) {
            parties.add(party);
        }
        return channel;
    }

    /// Sends, or loses the datagram as a network does: whoever sent it will send it again.
    void send(DatagramChannel channel, InetSocketAddress to, byte[] datagram) {
        try {
            channel.send(ByteBuffer.wrap(datagram), to);
        } catch (IOException e) {
            LOG.warn("a RADIUS packet to {} was not sent: {}", to, e.getMessage());
        }
    }

    /// Runs a task on the loop's thread, from any thread.
    void execute(Task task) {
        tasks.add(task);
        selector.wakeup();
    }

    Moment now() {
        return new Moment(System.nanoTime(), wallClock.instant().getEpochSecond());
    }

    private void run() {
        while (running) {
            try {
                selector.select(this::read, waitMillis());
                for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.at(now());
                }
                for (Party party : parties) {
                    if (party.nextDeadline() - System.nanoTime() <= 0) {
                        party.onDeadline(now());
                    }
                }
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException e) {
                // Our own bug ends one packet or record, not the thread.
                LOG.error("a fault in the RADIUS thread", e);
            }
        }
    }

    private long waitMillis() {
        long earliest = Long.MAX_VALUE;
        for (Party party : parties) {
            earliest = Math.min(earliest, party.nextDeadline());
        }
        if (earliest == Long.MAX_VALUE) {
            return LONGEST_WAIT_MILLIS;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(earliest - System.nanoTime()) + 1;
        return Math.clamp(millis, 1, LONGEST_WAIT_MILLIS);
    }

    private void read(SelectionKey key) {
        if (key.attachment() instanceof Socket(Party party, int number)
                && key.channel() instanceof DatagramChannel channel) {
            for (int i = 0; i < DATAGRAMS_PER_SOCKET && receive(channel, party, number); i++) {
                // One datagram after the other.
            }
        }
    }

    private boolean receive(DatagramChannel channel, Party party, int number) {
        buffer.clear();
        try {
            if (!(channel.receive(buffer) instanceof InetSocketAddress from)) {
                return false;
            }
            buffer.flip();
            byte[] datagram = new byte[buffer.remaining()];
            buffer.get(datagram);
            party.onDatagram(number, from, datagram, now());
            return true;
        } catch (IOException e) {
            LOG.debug("nothing received: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        running = false;
        selector.wakeup();
        try {
            boolean ended = thread.join(Duration.ofMillis(JOIN_MILLIS));
            if (!ended) {
                LOG.error("the RADIUS thread did not end within {} ms", JOIN_MILLIS);
            }
            for (DatagramChannel channel : channels) {
                channel.close();
            }
            selector.close();
        } catch (IOException e) {
            LOG.warn("a RADIUS socket did not close: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
