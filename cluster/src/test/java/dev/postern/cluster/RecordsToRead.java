package dev.postern.cluster;

import dev.postern.wire.Octets;

/// Records that others have left: whoever writes or removes one makes the test fail.
abstract class RecordsToRead implements StandbyRecords {
    @Override
    public void put(Octets key, Octets octets) {
        throw new AssertionError("a takeover writes nothing itself");
    }

    @Override
    public void putCounters(Octets key, Octets counters) {
        put(key, counters);
    }

    @Override
    public void remove(Octets key) {
        put(key, key);
    }

    @Override
    public void clear() {
        put(Octets.EMPTY, Octets.EMPTY);
    }

    @Override
    public void flush() {
        put(Octets.EMPTY, Octets.EMPTY);
    }

    @Override
    public Backlog backlog() {
        return new Backlog(0, 0);
    }

    @Override
    public int sizeOf(String node) {
        return 1;
    }
}
