package dev.postern.gateway.daemon;

import dev.postern.ike.guard.Mixing;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;

/// Who comes again. While more first messages come than can be handled, only those are let in whose
/// sender has sent the same SPI from the same address before, a while ago and not long ago: a
/// client retransmits, a flood of made-up messages does not. No more is known of anybody than that,
/// and whoever is let in still has to show a cookie.
///
/// A fixed table; what it forgets under pressure has to come a third time. For any thread: a slot
/// that two write at once holds one of the two.
final class SecondTries {
    /// The soonest retransmission that counts: a flood that sends each message twice in a row gains
    /// nothing.
    static final long SOONEST_MILLIS = 100;

    static final long LATEST_MILLIS = 10_000;

    /// Eight octets each: at a million first messages a second three of four are still known after
    /// 300 ms.
    private static final int SLOTS = 1 << 20;

    private static final int TIME_BITS = 24;
    private static final long TIME_MASK = (1L << TIME_BITS) - 1;

    private final AtomicLongArray table = new AtomicLongArray(SLOTS);
    private final long secret;

    /// @param secret random, so that nobody can aim at another's slot
    SecondTries(long secret) {
        this.secret = secret;
    }

    /// Notes a first message.
    ///
    /// @return whether it is let in
    boolean note(InetAddress source, int port, long spiI, long nowNanos) {
        // IPv6 addresses share hash codes: that lets nobody in who does not know the other's SPI.
        long hash = Mixing.mix(secret ^ spiI);
        hash = Mixing.mix(hash ^ (long) source.hashCode() << Integer.SIZE ^ port);
        int slot = (int) (hash & SLOTS - 1);
        long mark = hash & ~TIME_MASK;
        long millis = nowNanos / 1_000_000 & TIME_MASK;
        long entry = table.getOpaque(slot);
        long age = millis - (entry & TIME_MASK) & TIME_MASK;
        boolean known = entry != 0 && (entry & ~TIME_MASK) == mark && age <= LATEST_MILLIS;
        if (known && age < SOONEST_MILLIS) {
            return false;
        }
        table.setOpaque(slot, mark | millis);
        return known;
    }
}
