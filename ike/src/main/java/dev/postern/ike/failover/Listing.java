package dev.postern.ike.failover;

import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.util.Comparator;

/// What a client knows of one gateway, beside how it fared there ([Standings]).
///
/// @param origin the name in the DNS or the gateway that it was learnt from; empty for none
/// @param seat its place in the client's own list; null where it is in none
/// @param proven whether anybody but a redirection has vouched for it
/// @param gone whether the DNS does not name it any more
record Listing(
        GatewayCandidate candidate,
        GatewaySource source,
        String origin,
        @Nullable Seat seat,
        boolean proven,
        boolean gone) {
    /// A place in the client's own list.
    ///
    /// @param chance drawn by weight among those of the same priority: the smaller, the earlier
    /// @param within the SRV record's rank, and its own chance
    record Seat(Rank rank, double chance, Rank within, double chanceWithin) {
        static final Comparator<Seat> ORDER =
                Comparator.<Seat>comparingInt(each -> each.rank().priority())
                        .thenComparingDouble(Seat::chance)
                        .thenComparingInt(each -> each.within().priority())
                        .thenComparingDouble(Seat::chanceWithin);

        /// Whether only chance has put one of the two first.
        boolean isLevelWith(Seat other) {
            return rank.priority() == other.rank.priority()
                    && within.priority() == other.within.priority();
        }
    }

    boolean isIpv6() {
        return candidate.path().remote().getAddress() instanceof Inet6Address;
    }

    /// Whether it has a place in the order.
    boolean isTried() {
        return proven && !gone;
    }

    Listing vouchedFor() {
        return new Listing(candidate, source, origin, seat, true, gone);
    }

    /// Vouchers have named who answers there.
    Listing identified(Identity identity) {
        GatewayCandidate known =
                new GatewayCandidate(candidate.name(), identity, candidate.path(), true);
        return new Listing(known, source, origin, seat, proven, gone);
    }

    Listing withdrawn() {
        return new Listing(candidate, source, origin, seat, proven, true);
    }

    /// The same address, in this place of the client's own list.
    Listing seated(GatewaySource from, String name, Seat place) {
        return new Listing(candidate, from, name, place, true, false);
    }
}
