package dev.postern.sim;

import dev.postern.cluster.Abroad;
import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.LentAddresses;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Shares.Share;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// What one process may give of the inner addresses: the production logic of what is lent, asked
/// for as the daemon does it.
final class SeatLeases implements LeasePermits {
    private final GridSeat seat;
    private final @Nullable SiteSeat sites;
    private final long noteSeconds;
    private final LentAddresses lent;

    /// @param noteSeconds how long a ticket may speak of an address
    SeatLeases(GridSeat seat, @Nullable SiteSeat sites, long noteSeconds) {
        this.seat = seat;
        this.sites = sites;
        this.noteSeconds = noteSeconds;
        this.lent =
                new LentAddresses(
                        seat.node(),
                        seat.self().site(),
                        seat,
                        sites == null ? Abroad.NOWHERE : sites);
    }

    void learn(Share share) {
        lent.learn(share);
    }

    @Override
    public boolean prepare(
            Collection<InetAddress> wanted, Collection<InetAddress> rested, Runnable then) {
        List<InetAddress> open = new ArrayList<>(lent.toAsk(wanted, rested));
        for (InetAddress address : List.copyOf(open)) {
            Runnable one =
                    () -> {
                        open.remove(address);
                        if (open.isEmpty()) {
                            then.run();
                        }
                    };
            if (lent.isAskedFirst(address, one)) {
                note(address, owned -> lent.answered(address, owned).forEach(Runnable::run));
            }
        }
        return open.isEmpty();
    }

    /// Has an address noted as ours, in the site and where it is another site's.
    private void note(InetAddress address, Consumer<Boolean> then) {
        seat.acquire(
                LentAddresses.thing(address),
                noteSeconds,
                outcome -> {
                    boolean owned = outcome instanceof Outcome.Owned;
                    if (owned && sites != null && lent.isForeign(address)) {
                        sites.take(address, noteSeconds);
                    }
                    then.accept(owned);
                });
    }

    /// A client may stay for longer than that.
    ///
    /// @param passedSeconds since the last time
    void renew(long passedSeconds) {
        for (InetAddress address : lent.toRenew(passedSeconds, noteSeconds)) {
            note(
                    address,
                    owned -> {
                        if (owned && !lent.isKeptHere(address)) {
                            giveUp(address);
                        }
                    });
        }
    }

    @Override
    public boolean keep(InetAddress address) {
        return lent.keep(address);
    }

    @Override
    public boolean reuse(InetAddress address) {
        return lent.reuse(address);
    }

    @Override
    public boolean isAtHome(InetAddress address) {
        return lent.isAtHome(address);
    }

    @Override
    public boolean fresh(InetAddress address) {
        return lent.fresh(address);
    }

    @Override
    public void released(Collection<InetAddress> addresses) {
        lent.released(addresses).forEach(this::giveUp);
    }

    private void giveUp(InetAddress address) {
        seat.release(LentAddresses.thing(address));
        if (sites != null) {
            sites.giveBack(address);
        }
    }
}
