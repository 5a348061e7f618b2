package dev.postern.radius;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Accounting records on their way to a server that acknowledges them. None is given up: where no
/// server answers they wait, with growing pauses, and say by Acct-Delay-Time for how long (RFC 2866
/// section 5.2). Records of one session go one after the other; Accounting-On goes alone, after all
/// that was queued before it and before all that came later, since a server closes every session of
/// the gateway by it.
///
/// Bounded: an interim record that still waits is replaced by the next record of its session, and
/// what comes when the queue is full is refused and counted.
public final class AccountingQueue {
    private static final long FIRST_PAUSE_NANOS = Moment.NANOS_PER_SECOND;
    private static final long LONGEST_PAUSE_NANOS = 60 * Moment.NANOS_PER_SECOND;

    private final RadiusClient client;
    private final int limit;
    private final int window;
    private final TreeMap<Long, Entry> pending = new TreeMap<>();
    private final Map<String, Deque<Entry>> sessions = new HashMap<>();
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final Deque<Entry> behindGateway = new ArrayDeque<>();
    private final TreeSet<Long> gatewayRecords = new TreeSet<>();
    private int inFlight;
    private boolean silent;
    private long pause = FIRST_PAUSE_NANOS;
    private long pausedUntil = Long.MIN_VALUE;

    private static final class Entry {
        private final long number;
        private final AccountingRecord record;
        private boolean sent;
        private boolean settled;

        private Entry(long number, AccountingRecord record) {
            this.number = number;
            this.record = record;
        }
    }

    /// @param limit records that are kept at most
    /// @param window records that are at servers at a time
    public AccountingQueue(RadiusClient client, int limit, int window) {
        this.client = client;
        this.limit = limit;
        this.window = window;
    }

    public RadiusClient client() {
        return client;
    }

    /// Records that no server has acknowledged.
    public int length() {
        return pending.size();
    }

    /// Queues a record.
    ///
    /// @param number of the record, rising from one to the next
    public List<ClientEffect> offer(long number, AccountingRecord record, Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        Entry entry = new Entry(number, record);
        if (record.kind() == AccountingRecord.Kind.GATEWAY) {
            gatewayRecords.add(number);
            pending.put(number, entry);
            ready.add(entry);
        } else {
            Deque<Entry> line = sessions.computeIfAbsent(record.session(), _ -> new ArrayDeque<>());
            replaceInterim(line, effects);
            if (pending.size() >= limit) {
                effects.add(new ClientEffect.Settled(number, ClientEffect.Settlement.REFUSED));
                forget(record.session(), line);
            } else {
                pending.put(number, entry);
                line.add(entry);
                if (line.size() == 1) {
                    ready.add(entry);
                }
            }
        }
        depart(now, effects);
        return effects;
    }

    public List<ClientEffect> onDatagram(
            InetSocketAddress from, int channel, byte[] datagram, Moment now) {
        return interpret(client.onDatagram(from, channel, datagram, now), now);
    }

    public List<ClientEffect> onDeadline(Moment now) {
        return interpret(client.onDeadline(now), now);
    }

    /// Monotonic nanoseconds, [Long#MAX_VALUE] for never.
    public long nextDeadline() {
        long own = ready.isEmpty() || !silent || inFlight > 0 ? Long.MAX_VALUE : pausedUntil;
        return Math.min(own, client.nextDeadline());
    }

    /// Only the newest of a line can be an interim record that was not sent yet.
    private void replaceInterim(Deque<Entry> line, List<ClientEffect> effects) {
        Entry last = line.peekLast();
        if (last != null && !last.sent && last.record.kind() == AccountingRecord.Kind.INTERIM) {
            line.removeLast();
            settle(last, ClientEffect.Settlement.REPLACED, effects);
        }
    }

    private List<ClientEffect> interpret(List<ClientEffect> clients, Moment now) {
        List<ClientEffect> effects = new ArrayList<>();
        for (ClientEffect effect : clients) {
            switch (effect) {
                case ClientEffect.Answered answered -> onAnswered(answered.call(), effects);
                case ClientEffect.Unanswered unanswered -> onUnanswered(unanswered.call(), now);
                case ClientEffect.Transmit _,
                        ClientEffect.ServerDied _,
                        ClientEffect.ServerRevived _,
                        ClientEffect.Settled _ ->
                        effects.add(effect);
            }
        }
        depart(now, effects);
        return effects;
    }

    private void onAnswered(long number, List<ClientEffect> effects) {
        Entry entry = pending.get(number);
        inFlight--;
        silent = false;
        pause = FIRST_PAUSE_NANOS;
        if (entry == null) {
            return;
        }
        settle(entry, ClientEffect.Settlement.ACKNOWLEDGED, effects);
        if (gatewayRecords.remove(number)) {
            ready.addAll(behindGateway);
            behindGateway.clear();
            return;
        }
        String session = entry.record.session();
        Deque<Entry> line = sessions.get(session);
        if (line != null) {
            line.remove();
            Entry next = line.peek();
            if (next != null) {
                ready.add(next);
            }
            forget(session, line);
        }
    }

    private void onUnanswered(long number, Moment now) {
        Entry entry = pending.get(number);
        inFlight--;
        if (!silent || now.nanos() - pausedUntil >= 0) {
            pausedUntil = now.nanos() + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        silent = true;
        if (entry != null) {
            ready.addFirst(entry);
        }
    }

    /// Sends what may be sent. After a silence one record alone tries.
    private void depart(Moment now, List<ClientEffect> effects) {
        if (silent && now.nanos() - pausedUntil < 0) {
            return;
        }
        int most = silent ? 1 : window;
        for (int left = ready.size(); left > 0 && inFlight < most && !ready.isEmpty(); left--) {
            Entry entry = ready.remove();
            if (entry.settled) {
                continue;
            }
            if (entry.record.kind() == AccountingRecord.Kind.GATEWAY) {
                if (pending.firstKey() != entry.number) {
                    ready.add(entry);
                    continue;
                }
            } else if (!gatewayRecords.isEmpty() && gatewayRecords.first() < entry.number) {
                behindGateway.add(entry);
                continue;
            }
            send(entry, now, effects);
        }
    }

    private void send(Entry entry, Moment now, List<ClientEffect> effects) {
        entry.sent = true;
        inFlight++;
        AccountingRecord record = entry.record;
        for (ClientEffect effect :
                client.submit(
                        new Call.Accounting(entry.number, record.attributes(), record.happenedAt()),
                        now)) {
            if (effect instanceof ClientEffect.Unanswered refused) {
                onUnanswered(refused.call(), now);
            } else {
                effects.add(effect);
            }
        }
    }

    private void settle(Entry entry, ClientEffect.Settlement how, List<ClientEffect> effects) {
        entry.settled = true;
        pending.remove(entry.number);
        effects.add(new ClientEffect.Settled(entry.number, how));
    }

    private void forget(String session, @Nullable Deque<Entry> line) {
        if (line != null && line.isEmpty()) {
            sessions.remove(session);
        }
    }
}
