package dev.postern.ike.sa;

import dev.postern.ike.RetransmissionSchedule;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.MessageId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Our own requests, window size 1 (RFC 7296 sections 2.1 to 2.3): the next Message ID, and the
/// request that waits for its response.
public final class RequestWindow {
    /// No deadline.
    public static final long NEVER = Long.MAX_VALUE;

    private int nextId;
    private @Nullable Outstanding outstanding;
    private int sent;
    private long retransmitAt = NEVER;
    private boolean held;
    private boolean urged;

    public RequestWindow(int firstId) {
        this.nextId = firstId;
    }

    /// A request that waits for its response.
    record Outstanding(
            ExchangeType exchange,
            int messageId,
            List<byte[]> datagrams,
            RetransmissionSchedule schedule) {}

    public boolean isBusy() {
        return outstanding != null || held;
    }

    public int nextId() {
        return nextId;
    }

    /// Whether the Message IDs that the failover profile leaves for one switch count are used up.
    public boolean isExhausted() {
        return MessageId.sequence(nextId) == MessageId.MAXIMUM_SEQUENCE;
    }

    /// Whether it is time for a new IKE SA: half of the Message IDs are used.
    public boolean isNearlyExhausted() {
        return MessageId.sequence(nextId) > MessageId.MAXIMUM_SEQUENCE / 2;
    }

    /// Begins nothing until [#continueFrom]: the Message IDs of both peers have to be made known to
    /// each other first (RFC 6311).
    public void hold() {
        held = true;
    }

    /// Gives up what is outstanding and goes on with this Message ID.
    public void continueFrom(int messageId) {
        answered();
        held = false;
        nextId = messageId;
    }

    /// Notes a request in one datagram that is being sent now with the next Message ID.
    public void sent(
            ExchangeType exchange, byte[] octets, RetransmissionSchedule schedule, long nowNanos) {
        sent(exchange, List.of(octets), schedule, nowNanos);
    }

    /// Notes a request, in fragments perhaps, that is being sent now with the next Message ID.
    public void sent(
            ExchangeType exchange,
            List<byte[]> datagrams,
            RetransmissionSchedule schedule,
            long nowNanos) {
        if (outstanding != null) {
            throw new IllegalStateException("a request is outstanding already");
        }
        outstanding = new Outstanding(exchange, nextId, datagrams, schedule);
        nextId++;
        sent = 1;
        urged = false;
        retransmitAt = nowNanos + schedule.waitAfter(1);
    }

    /// Whether this is the response that we wait for.
    public boolean awaits(ExchangeType exchange, int messageId) {
        return outstanding != null
                && outstanding.messageId() == messageId
                && outstanding.exchange() == exchange;
    }

    /// The response came and was verified.
    public void answered() {
        outstanding = null;
        retransmitAt = NEVER;
    }

    /// The datagrams to send again now, or null when the schedule is exhausted and the peer counts
    /// as dead.
    public @Nullable List<byte[]> retransmit(long nowNanos) {
        Outstanding request = outstanding;
        if (request == null || sent >= request.schedule().transmissions()) {
            return null;
        }
        sent++;
        retransmitAt = nowNanos + request.schedule().waitAfter(sent);
        return request.datagrams();
    }

    /// The datagrams of the outstanding request; none where there is none.
    public List<byte[]> outstanding() {
        return outstanding == null ? List.of() : outstanding.datagrams();
    }

    /// How often the outstanding request was sent.
    public int transmissions() {
        return sent;
    }

    /// Stops retransmitting; the response is still welcome.
    public void rest() {
        retransmitAt = NEVER;
    }

    /// Whether a request waits for its response without being sent again.
    public boolean isResting() {
        return outstanding != null && retransmitAt == NEVER;
    }

    /// The outstanding request becomes a check whether the peer lives: any answer to it says so. It
    /// is sent again now, the same octets, and by this schedule from now on.
    public List<byte[]> urge(RetransmissionSchedule schedule, long nowNanos) {
        Outstanding request = outstanding;
        if (request == null) {
            return List.of();
        }
        boolean already = urged || request.schedule().equals(schedule);
        urged = true;
        if (already && !isResting()) {
            return List.of();
        }
        outstanding =
                new Outstanding(
                        request.exchange(), request.messageId(), request.datagrams(), schedule);
        sent = 1;
        retransmitAt = nowNanos + schedule.waitAfter(1);
        return request.datagrams();
    }

    /// Whether somebody waits for a sign of life.
    public boolean isUrged() {
        return outstanding != null && urged;
    }

    /// A refusal came that anybody may have sent: the true answer gets one more interval from now.
    public void waitOneInterval(long nowNanos) {
        Outstanding request = outstanding;
        if (request != null) {
            retransmitAt = nowNanos + request.schedule().waitAfter(sent);
        }
    }

    public boolean isDue(long nowNanos) {
        return retransmitAt <= nowNanos;
    }

    public long deadline() {
        return retransmitAt;
    }
}
