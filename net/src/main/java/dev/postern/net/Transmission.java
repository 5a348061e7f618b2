package dev.postern.net;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// The sending of one [SendBatch]: `sendmmsg` until every message is sent or has failed.
///
/// The kernel stops at the first message that it refuses and tells why only if nothing was sent
/// before it; so the loop goes on behind the last sent one and judges refusals one at a time.
final class Transmission {
    private final SendBatch batch;
    private final PollSet pollSet;
    private int timeoutMillis;
    private boolean segmenting;

    Transmission(SendBatch batch, PollSet pollSet) {
        this.batch = batch;
        this.pollSet = pollSet;
    }

    /// Sends all of the batch.
    ///
    /// @param mayBeSegmented whether the kernel is asked to split runs
    /// @return whether it turned out that the kernel never does for this socket
    boolean run(int fd, int waitMillis, boolean mayBeSegmented, AtomicLong pathErrors)
            throws IOException {
        timeoutMillis = waitMillis;
        segmenting = mayBeSegmented;
        int next = 0;
        while (next < batch.queued()) {
            if (!segmenting && batch.isSegmented(next)) {
                sendOneByOne(fd, next++, pathErrors);
                continue;
            }
            int result = attempt(fd, batch.vector(), next, endOfStretch(next), pathErrors);
            if (result > 0) {
                next += result;
            } else if (batch.isSegmented(next) && isAboutSegmentation(-result)) {
                // EIO: this device cannot checksum what it would have to split. The others are
                // about
                // this message, for example datagrams longer than the path MTU.
                segmenting &= -result != Errno.EIO;
                sendOneByOne(fd, next++, pathErrors);
            } else if (result == -Errno.EAGAIN) {
                failRest(next);
                next = batch.queued();
            } else {
                batch.fail(next++, -result);
            }
        }
        batch.finish();
        return mayBeSegmented && !segmenting;
    }

    private static boolean isAboutSegmentation(int errno) {
        return errno == Errno.EIO || errno == Errno.EINVAL || errno == Errno.EMSGSIZE;
    }

    /// The stretch of messages that can go to the kernel as they are.
    private int endOfStretch(int from) {
        int end = from + 1;
        while (end < batch.queued() && (segmenting || !batch.isSegmented(end))) {
            end++;
        }
        return end;
    }

    private void sendOneByOne(int fd, int slot, AtomicLong pathErrors) throws IOException {
        int datagrams = batch.splitIntoSingles(slot);
        int next = 0;
        while (next < datagrams) {
            int result = attempt(fd, batch.singles(), next, datagrams, pathErrors);
            if (result > 0) {
                next += result;
                continue;
            }
            batch.fail(slot, -result);
            next = result == -Errno.EAGAIN ? datagrams : next + 1;
        }
    }

    private void failRest(int from) {
        for (int slot = from; slot < batch.queued(); slot++) {
            batch.fail(slot, Errno.EAGAIN);
        }
    }

    /// Sends some messages, waiting for room where that is allowed.
    ///
    /// @return how many messages were sent, or the negative error number that is about message
    ///   `from`
    private int attempt(int fd, MessageVector vector, int from, int to, AtomicLong pathErrors)
            throws IOException {
        boolean isSecondTry = false;
        while (true) {
            int result = vector.send(fd, from, to);
            if (result > 0) {
                return result;
            }
            if (result == -Errno.EAGAIN) {
                if (!awaitWritable(fd)) {
                    return result;
                }
            } else if (Errno.isAboutThePath(-result) && !isSecondTry) {
                // It may stem from an earlier datagram; reporting it has cleared it.
                pathErrors.incrementAndGet();
                isSecondTry = true;
            } else if (result != -Errno.EINTR) {
                return result;
            }
        }
    }

    private boolean awaitWritable(int fd) throws IOException {
        if (timeoutMillis == 0) {
            return false;
        }
        pollSet.set(0, fd, Linux.POLLOUT);
        int ready = pollSet.poll(1, timeoutMillis);
        if (ready < 0 && ready != -Errno.EINTR) {
            throw new SystemCallException("cannot wait to send", -ready);
        }
        return ready != 0;
    }
}
