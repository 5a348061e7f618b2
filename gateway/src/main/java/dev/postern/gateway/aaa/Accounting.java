package dev.postern.gateway.aaa;

import dev.postern.crypto.Entropy;
import dev.postern.radius.AccountingQueue;
import dev.postern.radius.AccountingRecord;
import dev.postern.radius.ClientEffect;
import dev.postern.radius.Moment;
import dev.postern.radius.RadiusClient;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Brings accounting records to the servers (RFC 2866).
final class Accounting implements RadiusLoop.Party {
    private static final Logger LOG = LoggerFactory.getLogger(Accounting.class);
    private static final int WINDOW = 128;

    private final RadiusLoop loop;
    private final AccountingQueue queue;
    private final RadiusSockets sockets;
    private final @Nullable AccountingJournal journal;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private long lastNumber;
    private @Nullable CountDownLatch empty;

    /// @param journalFile null where records need not survive the process
    Accounting(
            RadiusLoop loop,
            List<Server> servers,
            RetryPolicy policy,
            int limit,
            @Nullable InetAddress source,
            @Nullable Path journalFile,
            Entropy entropy)
            throws IOException {
        this.loop = loop;
        RadiusClient client = new RadiusClient(servers, policy, entropy);
        this.queue = new AccountingQueue(client, limit, WINDOW);
        this.sockets = new RadiusSockets(loop, this, client, 1, source);
        this.journal = journalFile == null ? null : new AccountingJournal(journalFile);
    }

    /// Queues what an earlier process left, before anything new.
    void begin() {
        if (journal != null) {
            Moment now = loop.now();
            lastNumber = journal.nextNumber() - 1;
            var left = journal.pending();
            if (!left.isEmpty()) {
                LOG.info("{} accounting records of an earlier process are sent", left.size());
            }
            left.forEach((number, record) -> carryOut(queue.offer(number, record, now)));
        }
    }

    /// Takes a record, from any thread.
    void record(AccountingRecord record) {
        loop.execute(now -> {
            long number = ++lastNumber;
            if (journal != null && record.kind() != AccountingRecord.Kind.INTERIM) {
                journal.add(number, record);
            }
            carryOut(queue.offer(number, record, now));
        });
    }

    /// Waits until the servers have everything, or the time is up.
    ///
    /// @return whether they have
    boolean drain(long millis) {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(_ -> {
            empty = done;
            tellIfEmpty();
        });
        try {
            return done.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void onDatagram(int channel, InetSocketAddress from, byte[] datagram, Moment now) {
        carryOut(queue.onDatagram(from, channel, datagram, now));
    }

    @Override
    public long nextDeadline() {
        return queue.nextDeadline();
    }

    @Override
    public void onDeadline(Moment now) {
        carryOut(queue.onDeadline(now));
    }

    private void carryOut(List<ClientEffect> effects) {
        for (ClientEffect effect : effects) {
            switch (effect) {
                case ClientEffect.Transmit transmit -> sockets.transmit(transmit);
                case ClientEffect.Settled settled -> onSettled(settled);
                case ClientEffect.ServerDied died -> sockets.died(died, "accounting");
                case ClientEffect.ServerRevived revived -> sockets.revived(revived, "accounting");
                case ClientEffect.Answered _, ClientEffect.Unanswered _ -> {}
            }
        }
        tellIfEmpty();
    }

    private void onSettled(ClientEffect.Settled settled) {
        if (journal != null) {
            journal.remove(settled.record());
        }
        switch (settled.how()) {
            case ACKNOWLEDGED -> acknowledged.incrementAndGet();
            case REPLACED -> {}
            case REFUSED -> {
                if (Long.bitCount(refused.incrementAndGet()) == 1) {
                    LOG.error(
                            "the accounting queue is full with {} records: {} were lost so far;"
                                    + " bring the RADIUS servers back or raise accounting-queue",
                            queue.length(),
                            refused.get());
                }
            }
        }
    }

    private void tellIfEmpty() {
        if (empty != null && queue.length() == 0) {
            empty.countDown();
        }
    }

    /// Records that were lost because the queue was full.
    long refused() {
        return refused.get();
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /// After the loop has ended.
    void closeJournal() {
        if (journal != null) {
            journal.close();
        }
    }
}
