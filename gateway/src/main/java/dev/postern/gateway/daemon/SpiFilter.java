package dev.postern.gateway.daemon;

import dev.postern.ike.guard.KnownSpis;
import dev.postern.ike.guard.Mixing;

import java.util.concurrent.atomic.AtomicLongArray;

/// Which of our SPIs are in use, as far as another thread can know it: a counting filter with two
/// places for each. An SPI that is in use is always known, one that is not seldom: with 100,000 in
/// use one of thirty that somebody made up. The endpoint's thread alone writes.
final class SpiFilter implements KnownSpis {
    private static final int PLACES_BITS = 20;
    private static final int PER_WORD = Long.SIZE / Byte.SIZE;

    /// A counter that has come to this stays.
    private static final long FULL = 0xff;

    private final AtomicLongArray counters = new AtomicLongArray((1 << PLACES_BITS) / PER_WORD);
    private final long secret;

    /// @param secret random, so that nobody finds SPIs that share their places with others
    SpiFilter(long secret) {
        this.secret = secret;
    }

    @Override
    public void add(long spi) {
        long hash = Mixing.mix(secret ^ spi);
        change(first(hash), 1);
        change(second(hash), 1);
    }

    @Override
    public void remove(long spi) {
        long hash = Mixing.mix(secret ^ spi);
        change(first(hash), -1);
        change(second(hash), -1);
    }

    @Override
    public boolean mayContain(long spi) {
        long hash = Mixing.mix(secret ^ spi);
        return count(first(hash)) != 0 && count(second(hash)) != 0;
    }

    private static int first(long hash) {
        return (int) hash & ((1 << PLACES_BITS) - 1);
    }

    private static int second(long hash) {
        return (int) (hash >>> (Long.SIZE - PLACES_BITS));
    }

    private long count(int place) {
        return counters.getOpaque(place / PER_WORD) >>> shift(place) & FULL;
    }

    private void change(int place, int by) {
        if (count(place) != FULL) {
            int word = place / PER_WORD;
            counters.setOpaque(word, counters.getOpaque(word) + ((long) by << shift(place)));
        }
    }

    private static int shift(int place) {
        return place % PER_WORD * Byte.SIZE;
    }
}
