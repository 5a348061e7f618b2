package dev.postern.cluster;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Shares.Keep;
import dev.postern.cluster.Shares.Share;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which inner addresses one member may give, whose cluster notes who has an address that has left
/// its share. Each gives out of its own share without a word to the others. An address of another
/// member's share, and one of our own that was somebody else's, is given once the cluster has noted
/// that it is ours ([Ownership]): a note per address, without a word about the client.
///
///     toAsk --> isAskedFirst --> Ownership.acquire(thing) --> answered --> keep, reuse
///     released --> Ownership.release(thing)
///
/// An address of another site's share is a member's like one of a neighbour's, once that site is
/// fenced; and one of our own that another site has taken is nobody's here ([Abroad]).
///
/// Single-threaded.
public final class LentAddresses {
    private final String node;
    private final Shares shares;
    private final Ownership ownership;
    private final Abroad abroad;

    /// Before it would be forgotten a note is written again so many times.
    private static final int RENEWALS = 4;

    /// Addresses that are noted as ours, the longest unrenewed first.
    private final Set<InetAddress> noted = new LinkedHashSet<>();

    /// Address-seconds for which no note has been written yet.
    private long owed;

    /// Who waits for what the cluster says of an address that it has been asked about.
    private final Map<InetAddress, List<Runnable>> waiting = new HashMap<>();

    public LentAddresses(String node, String site, Ownership ownership) {
        this(node, site, ownership, Abroad.NOWHERE);
    }

    public LentAddresses(String node, String site, Ownership ownership, Abroad abroad) {
        this.node = node;
        this.shares = new Shares(node, site, abroad);
        this.ownership = ownership;
        this.abroad = abroad;
    }

    /// A gateway has said what its share is.
    public void learn(Share share) {
        shares.learn(share);
    }

    /// The name under which the cluster notes who has an address.
    public static String thing(InetAddress address) {
        return "lease/" + address.getHostAddress();
    }

    /// The name under which the sites note that one of them has taken an address of another's
    /// share.
    public static String taken(InetAddress address) {
        return "taken/" + address.getHostAddress();
    }

    /// Whether an address is of another site's share: who gets it tells the sites.
    public boolean isForeign(InetAddress address) {
        return shares.isForeign(address);
    }

    /// The addresses about which the cluster is to be asked.
    ///
    /// @param wanted what a client had, by its ticket
    /// @param rested what earlier sessions had, that it may get where it is of our share
    public List<InetAddress> toAsk(Collection<InetAddress> wanted, Collection<InetAddress> rested) {
        List<InetAddress> needed = new ArrayList<>();
        // One of another share was given up when it came to rest, and may be anybody's there.
        // Whether another site has taken it is not known before that site has said what it has.
        rested.stream().filter(this::isAtHome).forEach(needed::add);
        wanted.stream()
                .filter(address -> shares.judge(address) != Keep.NO && !keep(address))
                .filter(address -> !isElsewhere(address))
                .forEach(needed::add);
        return needed;
    }

    /// Whether an address that an earlier session had is of our share and with nobody else: no
    /// other site has taken it, and no other member has it. Who has it and is out of sight may
    /// live, and its client there.
    public boolean isAtHome(InetAddress address) {
        return shares.judge(address) == Keep.OURS
                && abroad.isKnown()
                && !isElsewhere(address)
                && !isLent(address);
    }

    /// Somebody wants to know whether an address is ours. A client that asks again waits for the
    /// answer to the first question, which may take until a member that hangs is missed.
    ///
    /// @param then runs once the cluster has answered, see [#answered]
    /// @return whether the cluster is to be asked: it has not been yet
    public boolean isAskedFirst(InetAddress address, Runnable then) {
        List<Runnable> others = waiting.get(address);
        waiting.computeIfAbsent(address, _ -> new ArrayList<>()).add(then);
        return others == null;
    }

    /// The cluster has answered.
    ///
    /// @param owned whether it has noted that we have it
    /// @return what everybody who has waited for that wants to be run
    public List<Runnable> answered(InetAddress address, boolean owned) {
        if (owned) {
            noted.add(address);
        }
        List<Runnable> all = waiting.remove(address);
        return all == null ? List.of() : all;
    }

    /// Whether a client may have what its ticket speaks of.
    public boolean keep(InetAddress address) {
        return isNoted(address) || fresh(address);
    }

    /// Whether somebody may have what an earlier session had: not where this side cannot say that
    /// it is ours still, for another may have taken it with its client.
    public boolean reuse(InetAddress address) {
        Held held = ownership.heldHere(thing(address));
        return isNoted(address) && held != null && held.node().equals(node);
    }

    /// What was noted as ours may have been taken by a site that took ours for lost.
    private boolean isNoted(InetAddress address) {
        return noted.contains(address) && !isElsewhere(address);
    }

    /// Whether somebody may have what nobody has had here.
    public boolean fresh(InetAddress address) {
        return shares.judge(address) == Keep.OURS && !isLent(address) && !isElsewhere(address);
    }

    /// Whether another site has taken it along.
    private boolean isElsewhere(InetAddress address) {
        return abroad.hasTaken(address);
    }

    /// Whether an address of our own share is with another member.
    private boolean isLent(InetAddress address) {
        Held held = ownership.heldHere(thing(address));
        return held != null && !held.node().equals(node);
    }

    /// The addresses of other shares whose notes are to be written again now, because their clients
    /// are here still: a few at a time, each several times before it would be forgotten. One that
    /// is released is none of them; see [#isKeptHere] when the note is written.
    ///
    /// @param passedSeconds since this was last asked
    /// @param noteSeconds how long a note lasts
    public List<InetAddress> toRenew(long passedSeconds, long noteSeconds) {
        List<InetAddress> kept = noted.stream().filter(this::isOfAnother).toList();
        owed += kept.size() * passedSeconds * RENEWALS;
        List<InetAddress> due = kept.subList(0, (int) Math.min(kept.size(), owed / noteSeconds));
        owed %= noteSeconds;
        noted.removeAll(due);
        noted.addAll(due);
        return due;
    }

    /// Whether an address of another share is noted as ours, and not released yet.
    public boolean isKeptHere(InetAddress address) {
        return noted.contains(address) && isOfAnother(address);
    }

    private boolean isOfAnother(InetAddress address) {
        return shares.judge(address) != Keep.OURS;
    }

    /// Nobody has these here any more; those that the cluster need not note any longer. One of our
    /// own share stays noted: a ticket may still speak of it.
    public List<InetAddress> released(Collection<InetAddress> addresses) {
        List<InetAddress> over = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (noted.remove(address) && isOfAnother(address)) {
                over.add(address);
            }
        }
        return over;
    }
}
