package dev.postern.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// The growing output of one process: one thread adds, any thread waits.
final class OutputLines {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    sealed interface Outcome {}

    record Found(String line) implements Outcome {}

    record Ended() implements Outcome {}

    record Late() implements Outcome {}

    void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }

    List<String> all() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    Outcome await(int from, Predicate<String> matches, Duration deadline) {
        long left = deadline.toNanos();
        int next = from;
        lock.lock();
        try {
            while (true) {
                for (; next < lines.size(); next++) {
                    if (matches.test(lines.get(next))) {
                        return new Found(lines.get(next));
                    }
                }
                if (ended) {
                    return new Ended();
                }
                if (left <= 0) {
                    return new Late();
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Late();
        } finally {
            lock.unlock();
        }
    }
}
