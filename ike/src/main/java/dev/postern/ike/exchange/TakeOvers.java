package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Now;
import dev.postern.ike.Succession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.standby.StandbyRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// IKE SAs of another member on their way into the table: a few at a time, so that packets are
/// handled in between, and at a pace that leaves the peers' answers a chance. Those that were heard
/// lately come first.
public final class TakeOvers {
    private static final int AT_ONCE = 128;

    /// A peer that was silent for longer than this before the takeover is in no hurry.
    private static final long IDLE_SECONDS = 120;

    /// Idle peers are synchronized so many times more slowly, or when they show themselves.
    private static final int IDLE_SLOWNESS = 20;

    /// Child SAs that need no rekeying to open packets again wait at least this long for it.
    private static final long REKEY_AFTER_NANOS = 10 * Now.NANOS_PER_SECOND;

    /// @param succession null where the lost member's own address is ours now
    private record Pending(
            StandbyRecord record, int epoch, boolean outdated, @Nullable Succession succession) {
        boolean restore(Turn turn) {
            return succession == null
                    ? TakeOver.restore(turn, record, epoch, outdated)
                    : Restored.restore(turn, record, epoch, succession);
        }

        Counter counter() {
            return succession == null ? Counter.TAKEN_OVER : Counter.RESTORED;
        }
    }

    private final Deque<Pending> waiting = new ArrayDeque<>();
    private int ours;
    private long since;
    private long nextActive;
    private long nextIdle;
    private long nextRekey;

    TakeOvers() {}

    /// Takes records over; the first of them at once.
    public void add(Turn turn, List<StandbyRecord> records, int epoch, boolean outdated) {
        add(turn, records, epoch, outdated, null);
    }

    /// Restores records under addresses of our own.
    public void add(Turn turn, List<StandbyRecord> records, int epoch, Succession succession) {
        add(turn, records, epoch, false, succession);
    }

    private void add(
            Turn turn,
            List<StandbyRecord> records,
            int epoch,
            boolean outdated,
            @Nullable Succession succession) {
        if (epoch < 1 || epoch >>> 16 != 0) {
            records.forEach(record -> refuse(turn, record));
            return;
        }
        if (succession == null) {
            ours = epoch;
        }
        since = turn.now().nanos();
        records.stream()
                .sorted(Comparator.comparingLong(StandbyRecord::lastHeard).reversed())
                .forEach(record -> waiting.add(new Pending(record, epoch, outdated, succession)));
        proceed(turn);
    }

    /// The epoch of our last takeover; 0 before the first.
    int epoch() {
        return ours;
    }

    /// When the next are due; at once where there are any.
    long deadline() {
        return waiting.isEmpty() ? RequestWindow.NEVER : since;
    }

    /// Installs the next few.
    public void proceed(Turn turn) {
        for (int i = 0; i < AT_ONCE && !waiting.isEmpty(); i++) {
            Pending next = waiting.remove();
            if (next.restore(turn)) {
                turn.count(next.counter());
                next.record().close();
            } else {
                refuse(turn, next.record());
            }
        }
    }

    private static void refuse(Turn turn, StandbyRecord record) {
        turn.count(Counter.REFUSED_TAKE_OVER);
        record.close();
    }

    /// Gives up what has not been installed.
    void clear() {
        waiting.forEach(pending -> pending.record().close());
        waiting.clear();
    }

    /// The instant at which this peer is told of the takeover, unless it shows itself before.
    long synchronizeAt(Turn turn, StandbyRecord record) {
        long now = turn.now().nanos();
        int pace = turn.configuration().standby().syncsPerSecond();
        if (turn.now().epochSeconds() - record.lastHeard() <= IDLE_SECONDS) {
            nextActive = Math.max(nextActive, now) + Now.NANOS_PER_SECOND / pace;
            return nextActive;
        }
        nextIdle = Math.max(nextIdle, now) + IDLE_SLOWNESS * Now.NANOS_PER_SECOND / pace;
        return nextIdle;
    }

    /// The instant at which Child SAs that work are rekeyed.
    long rekeyAt(Turn turn) {
        int pace = turn.configuration().standby().rekeysPerSecond();
        nextRekey =
                Math.max(nextRekey, turn.now().nanos() + REKEY_AFTER_NANOS)
                        + Now.NANOS_PER_SECOND / pace;
        return nextRekey;
    }
}
