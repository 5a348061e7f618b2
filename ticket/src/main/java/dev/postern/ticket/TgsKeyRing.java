package dev.postern.ticket;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// The TGS keys that live at once: tickets are issued under the newest and opened under every one.
/// Immutable, for any thread; there is no default key, and no ring without one. The gateway
/// replaces the ring when a key joins or expires: [#validAt] and [#nextExpiryAfter].
public final class TgsKeyRing {
    /// More live keys than this point to a rotation that forgets to retire.
    public static final int MAXIMUM_KEYS = 64;

    private final List<TgsKey> keys;

    private TgsKeyRing(List<TgsKey> keys) {
        this.keys = keys;
    }

    /// A ring of these keys. Of two with the same start the one that is named first counts as
    /// newer.
    ///
    /// @throws IllegalArgumentException where there is no key, too many, or where two share a
    ///   TGS-SPI or a secret
    public static TgsKeyRing of(List<TgsKey> keys) {
        if (keys.isEmpty() || keys.size() > MAXIMUM_KEYS) {
            throw new IllegalArgumentException(
                    "a key ring holds 1 to " + MAXIMUM_KEYS + " keys, not " + keys.size());
        }
        Set<Long> spis = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            if (!spis.add(keys.get(i).spi())) {
                throw new IllegalArgumentException("two keys have the TGS-SPI of " + keys.get(i));
            }
            for (TgsKey other : keys.subList(0, i)) {
                if (other.secret().equals(keys.get(i).secret())) {
                    throw new IllegalArgumentException(
                            other + " and " + keys.get(i) + " have the same secret");
                }
            }
        }
        List<TgsKey> newestFirst = new ArrayList<>(keys);
        newestFirst.sort(Comparator.comparingLong(TgsKey::issueFrom).reversed());
        return new TgsKeyRing(List.copyOf(newestFirst));
    }

    /// All keys, newest first.
    public List<TgsKey> keys() {
        return keys;
    }

    /// The newest key whose time to issue has come at `nowSeconds`. A key that is still to come
    /// seals nothing, so that it can be handed to all gateways of the domain before the first of
    /// them uses it; only a ring without an older key takes it early.
    public TgsKey issuingAt(long nowSeconds) {
        for (TgsKey key : keys) {
            if (key.issueFrom() <= nowSeconds) {
                return key;
            }
        }
        return keys.getLast();
    }

    /// The key that a ticket names, or null.
    public @Nullable TgsKey find(long spi) {
        for (TgsKey key : keys) {
            if (key.spi() == spi) {
                return key;
            }
        }
        return null;
    }

    /// The ring without the keys that have expired at `nowSeconds`, this one where none has; null
    /// where none is left.
    public @Nullable TgsKeyRing validAt(long nowSeconds) {
        List<TgsKey> valid = keys.stream().filter(key -> nowSeconds < key.acceptUntil()).toList();
        if (valid.size() == keys.size()) {
            return this;
        }
        return valid.isEmpty() ? null : new TgsKeyRing(valid);
    }

    /// When the next key expires after `nowSeconds`, or [TgsKey#UNLIMITED].
    public long nextExpiryAfter(long nowSeconds) {
        return keys.stream()
                .mapToLong(TgsKey::acceptUntil)
                .filter(expiry -> expiry > nowSeconds)
                .min()
                .orElse(TgsKey.UNLIMITED);
    }

    /// A rotation: `newest` joins, and the others are accepted for `overlapSeconds` more after it
    /// starts to issue, which is the longest lifetime of a ticket. Keys that have expired when it
    /// starts are left out.
    public TgsKeyRing rotated(TgsKey newest, long overlapSeconds) {
        List<TgsKey> rotated = new ArrayList<>();
        rotated.add(newest);
        for (TgsKey key : keys) {
            if (newest.issueFrom() < key.acceptUntil()) {
                rotated.add(key.retiredAt(newest.issueFrom() + overlapSeconds));
            }
        }
        return of(rotated);
    }

    /// Wipes the secrets of this ring, but for those that `kept` goes on with.
    void wipeAllBut(@Nullable TgsKeyRing kept) {
        Set<SecretBytes> used = Collections.newSetFromMap(new IdentityHashMap<>());
        if (kept != null) {
            kept.keys.forEach(key -> used.add(key.secret()));
        }
        for (TgsKey key : keys) {
            if (!used.contains(key.secret())) {
                key.secret().close();
            }
        }
    }

    @Override
    public String toString() {
        return "TgsKeyRing" + keys;
    }
}
