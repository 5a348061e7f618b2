package dev.postern.gateway.revocation;

import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.UnreadableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Lists of revoked certificates at addresses: those that the operator named for good, and a
/// bounded number that trusted certificates named. What an address gave stays until it gives a
/// newer list. For any thread.
final class ListAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(ListAddresses.class);
    private static final int MOST = 64;
    private static final Duration SOONEST = Duration.ofSeconds(30);
    private static final Duration LATEST = Duration.ofHours(1);

    /// @param list null before the first
    private record Known(@Nullable X509CRL list, Instant fetchAt) {}

    private final Web web;
    private final Clock clock;
    private final Set<String> named;
    private final Map<String, Known> known = new HashMap<>();

    ListAddresses(Web web, Clock clock, Set<String> named) {
        this.web = web;
        this.clock = clock;
        this.named = Set.copyOf(named);
        this.named.forEach(each -> known.put(each, new Known(null, Instant.MIN)));
    }

    /// All that is known.
    synchronized RevocationEvidence evidence() {
        List<X509CRL> lists = new ArrayList<>();
        for (Known each : known.values()) {
            if (each.list() != null) {
                lists.add(each.list());
            }
        }
        return new RevocationEvidence(lists, Map.of());
    }

    /// Fetches those whose time has come.
    ///
    /// @return whether there is a list that was not there before
    boolean refresh() {
        List<String> due = new ArrayList<>();
        synchronized (this) {
            Instant now = clock.instant();
            known.forEach((address, each) -> {
                if (!each.fetchAt().isAfter(now)) {
                    due.add(address);
                }
            });
        }
        boolean changed = false;
        for (String each : due) {
            changed |= fetch(each, Web.LONG);
        }
        return changed;
    }

    /// Fetches a list that a trusted certificate names, unless that was tried a moment ago.
    ///
    /// @return whether there is a list that was not there before
    boolean learn(String address) {
        synchronized (this) {
            Known before = known.get(address);
            if (before != null && before.fetchAt().isAfter(clock.instant())) {
                // What it gave a moment ago is not what is missing.
                return false;
            }
            if (before == null && known.size() >= MOST + named.size()) {
                forgetOne();
            }
        }
        return fetch(address, web.patience());
    }

    private void forgetOne() {
        known.keySet().stream()
                .filter(each -> !named.contains(each))
                .findFirst()
                .ifPresent(known::remove);
    }

    private boolean fetch(String address, Duration patience) {
        Instant now = clock.instant();
        @Nullable X509CRL before;
        synchronized (this) {
            Known each = known.get(address);
            before = each == null ? null : each.list();
            // Whoever comes meanwhile does not fetch it as well.
            known.put(address, new Known(before, now.plus(SOONEST)));
        }
        try {
            byte[] octets = web.get(URI.create(address), RevocationEvidence.LONGEST_LIST, patience);
            X509CRL list = RevocationEvidence.decodeList(octets);
            // Nobody has verified either yet: a list that claims to be of the future bars no other.
            if (before != null
                    && !before.getThisUpdate().toInstant().isAfter(now)
                    && list.getThisUpdate()
                            .toInstant()
                            .isBefore(before.getThisUpdate().toInstant())) {
                throw new UnreadableException("it gave an older list than before");
            }
            synchronized (this) {
                known.put(address, new Known(list, nextFetch(list, now)));
            }
            boolean changed = !list.equals(before);
            if (changed) {
                LOG.info("{}: the revocation list is fetched", address);
            }
            return changed;
        } catch (IOException | UnreadableException | IllegalArgumentException e) {
            LOG.warn("{}: no revocation list can be had: {}", address, e.getMessage());
            return false;
        }
    }

    /// At half of the time that is left, so that one failure costs nothing.
    private static Instant nextFetch(X509CRL list, Instant now) {
        Duration half =
                list.getNextUpdate() == null
                        ? LATEST
                        : Duration.between(now, list.getNextUpdate().toInstant()).dividedBy(2);
        Duration wait = half.compareTo(SOONEST) < 0 ? SOONEST : half;
        return now.plus(wait.compareTo(LATEST) > 0 ? LATEST : wait);
    }
}
