package dev.postern.ike.failover;

import dev.postern.ike.GatewayName;
import dev.postern.ike.Path;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Every gateway that a client knows, wherever from. A gateway keeps its number; when the DNS does
/// not name it any more, its number is another gateway's once many others have gone after it.
final class Roster {
    /// Gateways that an application may add.
    static final int MAXIMUM_ADDED = 32;

    private static final int RESTING = 64;
    static final Rank LEVEL = new Rank(0, 1);

    private final List<Listing> listings = new ArrayList<>();
    private final Deque<Integer> gone = new ArrayDeque<>();

    /// What was known of gateways before the application has added them too.
    private final Map<Integer, Listing> covered = new HashMap<>();

    private final Set<Integer> unproven = new LinkedHashSet<>();
    private final DiscoveryPolicy policy;
    private final Draw draw;

    Roster(List<GatewayCandidate> configured, DiscoveryPolicy policy, Draw draw) {
        this.policy = policy;
        this.draw = draw;
        for (int i = 0; i < configured.size(); i++) {
            Listing.Seat seat =
                    new Listing.Seat(policy.rankOf(i), chance(policy.rankOf(i)), LEVEL, 0);
            listings.add(
                    new Listing(
                            configured.get(i), GatewaySource.CONFIGURED, "", seat, true, false));
        }
    }

    /// Where the file's order decides, nothing is drawn.
    double chance(Rank rank) {
        return policy.ranks().isEmpty() && policy.names().isEmpty()
                ? 0
                : draw.chance(rank.weight());
    }

    AddressScope scope() {
        return policy.scope();
    }

    Listing get(int gateway) {
        return listings.get(gateway);
    }

    IntStream all() {
        return IntStream.range(0, listings.size());
    }

    /// The client's own list, best first.
    List<Integer> seated() {
        record Place(int gateway, Listing.Seat seat) {}

        List<Place> places = new ArrayList<>();
        for (int i = 0; i < listings.size(); i++) {
            Listing.Seat seat = listings.get(i).seat();
            if (seat != null && listings.get(i).isTried()) {
                places.add(new Place(i, seat));
            }
        }
        places.sort(Comparator.comparing(Place::seat, Listing.Seat.ORDER));
        return places.stream().map(Place::gateway).toList();
    }

    boolean areLevel(int one, int other) {
        Listing.Seat seat = listings.get(one).seat();
        Listing.Seat second = listings.get(other).seat();
        return seat != null && second != null && seat.isLevelWith(second);
    }

    void identify(int gateway, Identity identity) {
        if (get(gateway).candidate().identity() == null) {
            listings.set(gateway, get(gateway).identified(identity));
        }
    }

    @Nullable Integer find(GatewayList.Entry entry) {
        for (int i = 0; i < listings.size(); i++) {
            GatewayCandidate candidate = listings.get(i).candidate();
            boolean same =
                    switch (entry) {
                        case GatewayList.Address address ->
                                candidate.path().remote().equals(socket(address));
                        case GatewayList.Name name ->
                                !listings.get(i).gone()
                                        && Identity.fqdn(name.fqdn()).equals(candidate.identity());
                    };
            if (same) {
                return i;
            }
        }
        return null;
    }

    /// Gateways that lists have added.
    int learnt() {
        return (int)
                listings.stream().filter(each -> each.source() == GatewaySource.ANNOUNCED).count();
    }

    int learn(GatewayCandidate candidate, String from) {
        listings.add(announced(candidate, from));
        return listings.size() - 1;
    }

    /// The number of a gateway that lists have added and that is not to be kept; null for none.
    @Nullable Integer learntUnless(IntPredicate kept) {
        for (int i = 0; i < listings.size(); i++) {
            if (listings.get(i).source() == GatewaySource.ANNOUNCED && !kept.test(i)) {
                return i;
            }
        }
        return null;
    }

    /// The number is this gateway's from now on.
    void learn(int place, GatewayCandidate candidate, String from) {
        gone.remove(place);
        listings.set(place, announced(candidate, from));
    }

    private static Listing announced(GatewayCandidate candidate, String from) {
        return new Listing(candidate, GatewaySource.ANNOUNCED, from, null, true, false);
    }

    void vouchFor(int gateway) {
        unproven.remove(gateway);
        Listing listing = listings.get(gateway);
        if (!listing.proven()) {
            listings.set(gateway, listing.vouchedFor());
        }
    }

    /// The list of a gateway names it, whatever the DNS says.
    void announce(int gateway, String from) {
        vouchFor(gateway);
        Listing listing = listings.get(gateway);
        if (listing.gone()) {
            gone.remove(gateway);
            listings.set(gateway, announced(listing.candidate(), from));
        }
    }

    /// Where a redirection leads, until it has proven itself.
    ///
    /// @param sender keeps its place
    @Nullable Integer visit(GatewayCandidate candidate, String from, int sender) {
        Listing visited = new Listing(candidate, GatewaySource.REDIRECT, from, null, false, false);
        if (unproven.size() < GatewayOrder.MAXIMUM_VISITED) {
            listings.add(visited);
            unproven.add(listings.size() - 1);
            return listings.size() - 1;
        }
        for (int place : unproven) {
            if (place != sender) {
                listings.set(place, visited);
                unproven.remove(place);
                unproven.add(place);
                return place;
            }
        }
        return null;
    }

    /// Adds a gateway of the application's; the address may be known already. Null where there are
    /// too many.
    ///
    /// @param free whether a number that nothing uses any more is given up
    @Nullable Integer add(GatewayCandidate candidate, Rank rank, IntPredicate free) {
        Listing.Seat seat = new Listing.Seat(rank, draw.chance(rank.weight()), LEVEL, 0);
        Listing added = new Listing(candidate, GatewaySource.APPLICATION, "", seat, true, false);
        Integer known = at(candidate.path().remote());
        if (known != null) {
            Listing before = listings.get(known);
            if (before.source() != GatewaySource.APPLICATION && !before.gone()) {
                covered.put(known, before);
            }
            seat(known, added);
            return known;
        }
        long already =
                listings.stream()
                        .filter(each -> each.source() == GatewaySource.APPLICATION && !each.gone())
                        .count();
        return already >= MAXIMUM_ADDED ? null : Integer.valueOf(place(added, free));
    }

    /// Takes a gateway of the application's back: what was known of its address before holds again,
    /// and else it has no place in the order.
    boolean remove(InetSocketAddress remote) {
        Integer known = at(remote);
        Listing added = known == null ? null : listings.get(known);
        if (known == null
                || added == null
                || added.source() != GatewaySource.APPLICATION
                || added.gone()) {
            return false;
        }
        Listing before = covered.remove(known);
        listings.set(known, before == null ? added.withdrawn() : before);
        if (before == null) {
            gone.add(known);
        } else if (before.source() == GatewaySource.REDIRECT && !before.proven()) {
            unproven.add(known);
        }
        return true;
    }

    /// Gives a gateway a number.
    ///
    /// @param free whether a number that nothing uses any more is given up
    int place(Listing listing, IntPredicate free) {
        if (gone.size() >= RESTING) {
            for (int number : List.copyOf(gone)) {
                if (free.test(number)) {
                    gone.remove(number);
                    listings.set(number, listing);
                    return number;
                }
            }
        }
        listings.add(listing);
        return listings.size() - 1;
    }

    /// A gateway that is known has a place in the order, or another one.
    void seat(int gateway, Listing listing) {
        unproven.remove(gateway);
        gone.remove(gateway);
        listings.set(gateway, listing);
    }

    /// It has no place in the order any more; what serves goes on.
    void withdraw(int gateway) {
        listings.set(gateway, listings.get(gateway).withdrawn());
        gone.add(gateway);
    }

    @Nullable Integer at(InetSocketAddress remote) {
        for (int i = 0; i < listings.size(); i++) {
            if (listings.get(i).candidate().path().remote().equals(remote)) {
                return i;
            }
        }
        return null;
    }

    /// Our end of the way to a gateway of the same IP version, that of `from` where it is one.
    @Nullable Path pathOfFamily(InetSocketAddress remote, int from) {
        for (int i = 0; i < listings.size(); i++) {
            Path path = listings.get((from + i) % listings.size()).candidate().path();
            if (path.local().getAddress().getClass() == remote.getAddress().getClass()) {
                return path;
            }
        }
        return null;
    }

    static InetSocketAddress socket(GatewayList.Address address) {
        int port = address.port() == 0 ? GatewayName.NAT_TRAVERSAL_PORT : address.port();
        return new InetSocketAddress(address.inetAddress(), port);
    }
}
