package dev.postern.ike.failover;

import dev.postern.ike.FoundGateway;
import dev.postern.ike.GatewayName;
import dev.postern.ike.Path;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/// What the answers of the DNS make of a [Roster]: gateways that a name stands for come, keep their
/// place, or lose it. There is room for so many only. Of a name that stands for more, those that
/// have failed make room for others at each look-up, so that none is out of reach for good.
final class RosterOfNames {
    /// Gateways that one name, and that all names, may stand for.
    static final int MAXIMUM_BEHIND_A_NAME = 32;

    static final int MAXIMUM_FOUND = 64;

    private final Roster roster;
    private final DiscoveryPolicy policy;
    private final Draw draw;
    private final List<Listing.Seat> seatsOfNames = new ArrayList<>();

    RosterOfNames(Roster roster, DiscoveryPolicy policy, Draw draw) {
        this.roster = roster;
        this.policy = policy;
        this.draw = draw;
        for (NamedGateway named : policy.names()) {
            seatsOfNames.add(
                    new Listing.Seat(named.rank(), roster.chance(named.rank()), Roster.LEVEL, 0));
        }
    }

    /// @param name its place in [DiscoveryPolicy#names]
    /// @param free whether a number that nothing uses any more is given up
    /// @param failed whether a gateway was tried in vain
    Harvest found(int name, List<FoundGateway> answer, IntPredicate free, IntPredicate failed) {
        NamedGateway asked = policy.names().get(name);
        List<String> gateways = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        Set<Integer> named = new HashSet<>();
        boolean news = false;
        for (FoundGateway found : bestFirst(asked, answer, failed)) {
            String objection = objection(asked, found, named.size());
            if (objection != null) {
                passedOver.add(found.remote().getAddress().getHostAddress() + ": " + objection);
                continue;
            }
            Integer known = roster.at(found.remote());
            Integer place = known == null ? take(asked, name, found, free) : known;
            if (known != null && !named.contains(known)) {
                news |= !roster.get(known).isTried();
                claim(known, asked, name, found);
            }
            news |= known == null;
            named.add(place);
            gateways.add(roster.get(place).candidate().name());
        }
        withdraw(asked, named);
        return Harvest.of(gateways, passedOver, news);
    }

    /// Where there is not room for all: first those that this name stands for already and that
    /// nothing is known against, then those that were not tried, by priority and as RFC 2782 draws,
    /// and those that have failed last, whatever their priority.
    private List<FoundGateway> bestFirst(
            NamedGateway asked, List<FoundGateway> answer, IntPredicate failed) {
        record Place(FoundGateway found, int standing, double chance) {}

        boolean haveRoom = answer.size() <= MAXIMUM_BEHIND_A_NAME;
        return answer.stream()
                .map(each ->
                        haveRoom
                                ? new Place(each, 0, 0)
                                : new Place(
                                        each,
                                        standing(asked, each, failed),
                                        draw.chance(Math.clamp(each.weight(), 0, Rank.MAXIMUM))))
                .sorted(
                        Comparator.comparingInt(Place::standing)
                                .thenComparingInt(each -> each.found().priority())
                                .thenComparingDouble(Place::chance))
                .map(Place::found)
                .toList();
    }

    private int standing(NamedGateway asked, FoundGateway found, IntPredicate failed) {
        Integer known = roster.at(found.remote());
        if (known == null) {
            return 1;
        }
        if (failed.test(known)) {
            return 2;
        }
        Listing listing = roster.get(known);
        return isOf(asked, listing) && !listing.gone() ? 0 : 1;
    }

    private @Nullable String objection(NamedGateway asked, FoundGateway found, int already) {
        InetAddress address = found.remote().getAddress();
        // An address in the file is no word of the DNS, though it stands among names.
        boolean ours = address.getHostAddress().equals(asked.name().owner());
        String useless = ours ? null : policy.scope().objection(address);
        if (useless != null) {
            return useless;
        }
        if (found.path() == null) {
            return "this host has no way there";
        }
        boolean full =
                already >= MAXIMUM_BEHIND_A_NAME
                        || (roster.at(found.remote()) == null && fromNames() >= MAXIMUM_FOUND);
        return full ? "there are enough without it" : null;
    }

    private long fromNames() {
        return roster.all()
                .mapToObj(roster::get)
                .filter(each -> !each.gone() && isFromName(each))
                .count();
    }

    private static boolean isFromName(Listing listing) {
        return listing.source() == GatewaySource.DNS_ADDRESS
                || listing.source() == GatewaySource.DNS_SERVICE;
    }

    /// A known address of this name, or of nobody's list, takes its place from the answer.
    private void claim(int gateway, NamedGateway asked, int name, FoundGateway found) {
        Listing known = roster.get(gateway);
        if (known.seat() == null || known.gone() || isOf(asked, known)) {
            roster.seat(
                    gateway, known.seated(asked.source(), asked.name().owner(), seat(name, found)));
        }
    }

    private int take(NamedGateway asked, int name, FoundGateway found, IntPredicate free) {
        Path path = found.path();
        if (path == null) {
            throw new IllegalStateException("no way to " + found);
        }
        Identity identity = asked.expectedAt(found.target());
        String address = found.remote().getAddress().getHostAddress();
        Listing listing =
                new Listing(
                        new GatewayCandidate(
                                (identity == null ? found.target() : identity) + "@" + address,
                                identity,
                                path),
                        asked.source(),
                        asked.name().owner(),
                        seat(name, found),
                        true,
                        false);
        return roster.place(listing, free);
    }

    private Listing.Seat seat(int name, FoundGateway found) {
        Listing.Seat of = seatsOfNames.get(name);
        boolean service = policy.names().get(name).name().kind() == GatewayName.Kind.SERVICE;
        Rank within =
                service
                        ? new Rank(
                                Math.clamp(found.priority(), 0, Rank.MAXIMUM),
                                Math.clamp(found.weight(), 0, Rank.MAXIMUM))
                        : Roster.LEVEL;
        return new Listing.Seat(of.rank(), of.chance(), within, draw.chance(within.weight()));
    }

    /// What the answer does not name any more has no place in the order.
    private void withdraw(NamedGateway asked, Set<Integer> named) {
        roster.all()
                .filter(i -> isOf(asked, roster.get(i)))
                .filter(i -> !roster.get(i).gone() && !named.contains(i))
                .forEach(roster::withdraw);
    }

    private static boolean isOf(NamedGateway asked, Listing listing) {
        return isFromName(listing) && listing.origin().equals(asked.name().owner());
    }
}
