package dev.postern.cluster;

import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The TGS keys of a cluster: the union of what its members have. A key that one member makes
/// issues only after a while ([dev.postern.ticket.TgsKeySchedule]), and every member of the view
/// has it before that. The union does not depend on the order in which members meet, so that two
/// sides of a split that both went on have the same ring afterwards, and each opens what the other
/// has sealed.
public final class SharedTgsKeys {
    /// Of clocks that differ, the slowest decides when a key is forgotten.
    private static final long SLACK_SECONDS = 86_400;

    private static final Comparator<TgsKey> NEWEST_FIRST =
            Comparator.comparingLong(TgsKey::issueFrom).reversed().thenComparingLong(TgsKey::spi);

    private SharedTgsKeys() {}

    /// The keys of both rings. One that only one of them has retired is retired. Where two keys
    /// have one TGS-SPI, ours stands: whoever made the other has to make another.
    public static TgsKeyRing union(TgsKeyRing ours, TgsKeyRing theirs, long nowSeconds) {
        Map<Long, TgsKey> keys = new HashMap<>();
        for (TgsKey key : ours.keys()) {
            keys.put(key.spi(), key);
        }
        for (TgsKey key : theirs.keys()) {
            TgsKey known = keys.get(key.spi());
            if (known == null) {
                boolean secretIsKnown =
                        keys.values().stream().anyMatch(one -> one.secret().equals(key.secret()));
                if (!secretIsKnown) {
                    keys.put(key.spi(), key);
                }
            } else if (known.secret().equals(key.secret())) {
                keys.put(key.spi(), known.retiredAt(key.acceptUntil()));
            }
        }
        List<TgsKey> all = new ArrayList<>(keys.values());
        all.sort(NEWEST_FIRST);
        List<TgsKey> living = all.stream().filter(key -> !isForgotten(key, nowSeconds)).toList();
        List<TgsKey> kept = living.isEmpty() ? all.subList(0, 1) : living;
        return TgsKeyRing.of(kept.subList(0, Math.min(kept.size(), TgsKeyRing.MAXIMUM_KEYS)));
    }

    private static boolean isForgotten(TgsKey key, long nowSeconds) {
        return key.acceptUntil() != TgsKey.UNLIMITED
                && key.acceptUntil() + SLACK_SECONDS <= nowSeconds;
    }

    /// Whether `known` lacks something of `union`: a key, or that one was retired. A key that it
    /// has beyond that is no reason to tell it anything.
    public static boolean isNewsFor(TgsKeyRing known, TgsKeyRing union) {
        for (TgsKey key : union.keys()) {
            TgsKey found = known.find(key.spi());
            if (found == null || found.acceptUntil() > key.acceptUntil()) {
                return true;
            }
        }
        return false;
    }
}
