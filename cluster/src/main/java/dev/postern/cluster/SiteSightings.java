package dev.postern.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How long each other site of the domain has been out of sight. Where the members have agreed on a
/// time after which such a site counts as lost for good, this says when it has come.
/// Single-threaded.
public final class SiteSightings {
    private final long lostAfterNanos;

    /// Since when each site is out of sight; nothing for one that is seen.
    private final Map<String, Long> unseen = new TreeMap<>();

    /// @param sites the other sites; none has been seen yet
    /// @param lostAfterNanos 0 where only an operator may say that a site is lost
    public SiteSightings(Collection<String> sites, long lostAfterNanos, long nowNanos) {
        this.lostAfterNanos = lostAfterNanos;
        sites.forEach(site -> unseen.put(site, nowNanos));
    }

    /// Who is in sight now.
    ///
    /// @param sites all other sites of the domain
    public void look(Collection<String> sites, Collection<String> seen, long nowNanos) {
        for (String site : sites) {
            if (seen.contains(site)) {
                unseen.remove(site);
            } else {
                unseen.putIfAbsent(site, nowNanos);
            }
        }
    }

    /// The sites that have been out of sight for so long that they count as lost.
    public List<String> lost(long nowNanos) {
        List<String> lost = new ArrayList<>();
        if (lostAfterNanos > 0) {
            unseen.forEach((site, since) -> {
                if (nowNanos - since >= lostAfterNanos) {
                    lost.add(site);
                }
            });
        }
        return lost;
    }
}
