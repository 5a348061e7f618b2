package dev.postern.gateway.tickets;

import dev.postern.ike.Answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A gateway's questions that wait for their answers, in the order in which they were asked. There
/// are so many at most, all have the same patience, and each is answered once, whatever becomes of
/// the service. For any thread.
final class OpenQuestions {
    /// Questions that are open at once at most.
    static final int LIMIT = 10_000;

    private static final int BATCH = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition first = lock.newCondition();
    private final Map<Integer, OpenQuestion> open = new LinkedHashMap<>();
    private final Deque<OpenQuestion> unsent = new ArrayDeque<>();
    private boolean accepting = true;

    /// Takes a question; one that cannot wait here is answered at once.
    void add(OpenQuestion question) {
        boolean taken = false;
        lock.lock();
        try {
            if (accepting && open.size() < LIMIT && !question.isTooLong()) {
                open.put(question.number(), question);
                unsent.add(question);
                asked.signal();
                if (open.size() == 1) {
                    first.signal();
                }
                taken = true;
            }
        } finally {
            lock.unlock();
        }
        if (!taken) {
            question.answer(new Answer.TicketServiceUnavailable());
        }
    }

    int size() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /// What is to be sent next, at once or when somebody asks; empty where nobody did for so long.
    List<TicketFrame> unsent(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (unsent.isEmpty() && left > 0) {
                left = asked.awaitNanos(left);
            }
            List<TicketFrame> batch = new ArrayList<>();
            while (!unsent.isEmpty() && batch.size() < BATCH) {
                batch.add(unsent.remove().frame());
                dropAnswered();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// There is a service, which has heard nothing yet of what is open.
    void sendAll() {
        lock.lock();
        try {
            accepting = true;
            unsent.clear();
            unsent.addAll(open.values());
        } finally {
            lock.unlock();
        }
    }

    /// There is no service: nobody waits for one any more, until [#sendAll].
    void giveUp() {
        List<OpenQuestion> all;
        lock.lock();
        try {
            accepting = false;
            all = List.copyOf(open.values());
            open.clear();
            unsent.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(question -> question.answer(new Answer.TicketServiceUnavailable()));
    }

    /// An answer has come; one to a question that is not open any more is passed over.
    void answered(TicketFrame answer) {
        OpenQuestion question;
        lock.lock();
        try {
            question = open.remove(answer.number());
            dropAnswered();
        } finally {
            lock.unlock();
        }
        if (question != null) {
            question.answer(answer);
        }
    }

    /// Waits until the patience of a question is over, and gives up those of which it is.
    void expireNext() throws InterruptedException {
        List<OpenQuestion> late = new ArrayList<>();
        lock.lock();
        try {
            long left = untilNextDeadline();
            while (left > 0) {
                first.awaitNanos(left);
                left = untilNextDeadline();
            }
            takeLate(late);
        } finally {
            lock.unlock();
        }
        late.forEach(question -> question.answer(new Answer.TicketServiceUnavailable()));
    }

    private long untilNextDeadline() {
        Iterator<OpenQuestion> oldestFirst = open.values().iterator();
        return oldestFirst.hasNext()
                ? oldestFirst.next().deadline() - System.nanoTime()
                : Long.MAX_VALUE;
    }

    private void takeLate(List<OpenQuestion> late) {
        long now = System.nanoTime();
        Iterator<OpenQuestion> oldestFirst = open.values().iterator();
        while (oldestFirst.hasNext()) {
            OpenQuestion question = oldestFirst.next();
            if (question.deadline() - now > 0) {
                break;
            }
            late.add(question);
            oldestFirst.remove();
        }
        dropAnswered();
    }

    /// What is not open any more is not worth sending.
    private void dropAnswered() {
        while (!unsent.isEmpty() && !open.containsKey(unsent.element().number())) {
            unsent.remove();
        }
    }
}
