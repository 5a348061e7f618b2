package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Event;
import dev.postern.ike.FoundGateway;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.wire.AddressText;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The gateways that a client may use, and in which order:
///
/// 1. the list of the gateway that serves it, or did last (ALT_GW_LIST),
/// 2. its own list by priority and weight, in which a name stands for what the DNS says of it, and
///    which its application may add to,
/// 3. what other lists and proven redirections have added.
///
/// Where the order is for a new round, gateways that failed lately come after those that did not
/// ([Standings]). Whoever answers at an address that is not the client's own must still show an
/// identity that the client accepts.
final class GatewayOrder {
    /// Gateways that a list may add to those that were configured.
    static final int MAXIMUM_LEARNT = 16;

    /// Names on a list that are looked up.
    static final int MAXIMUM_NAMES = 8;

    /// Gateways that redirections may add, as long as none of them has proven itself.
    static final int MAXIMUM_VISITED = 8;

    /// Of which people are told the names.
    private static final int MOST_NAMED = 16;

    private final Roster roster;
    private final RosterOfNames behindOurNames;
    private final Standings standings = new Standings();
    private final Map<String, List<GatewayList.Address>> behindNames = new HashMap<>();
    private List<GatewayList.Entry> announced = List.of();
    private int announcer;
    private List<Integer> preference = List.of();
    private List<InetAddress> inner = List.of();
    private boolean ipv6First = true;

    /// @param configured gateways by address
    GatewayOrder(List<GatewayCandidate> configured, DiscoveryPolicy policy, Draw draw) {
        this.roster = new Roster(configured, policy, draw);
        this.behindOurNames = new RosterOfNames(roster, policy, draw);
    }

    static GatewayOrder of(ClientPolicy policy, Entropy entropy) {
        return new GatewayOrder(policy.gateways(), policy.discovery(), new Draw(entropy));
    }

    GatewayCandidate get(int gateway) {
        return roster.get(gateway).candidate();
    }

    String name(int gateway) {
        return get(gateway).name();
    }

    Roster roster() {
        return roster;
    }

    Standings standings() {
        return standings;
    }

    /// What a gateway is told of the one that has sent us there.
    Redirection sentBy(int gateway) {
        return new Redirection(true, get(gateway).path().remote().getAddress());
    }

    /// An attempt begins under this handle.
    void begun(Now now, long handle, int gateway) {
        standings.begun(now, handle, gateway);
    }

    /// The endpoint tells how it goes.
    void on(Now now, Event event) {
        standings.on(now, event);
    }

    /// All of them for a new round.
    List<Integer> all(Now now) {
        return restedFirst(new ArrayList<>(ordered()), now);
    }

    /// All of them, `first` first.
    List<Integer> from(int first) {
        Set<Integer> order = new LinkedHashSet<>();
        order.add(first);
        order.addAll(ordered());
        return List.copyOf(order);
    }

    List<Integer> from(int first, Now now) {
        List<Integer> others = new ArrayList<>(ordered());
        others.remove(Integer.valueOf(first));
        List<Integer> order = new ArrayList<>(List.of(first));
        order.addAll(restedFirst(others, now));
        return order;
    }

    /// All of them, and the one that is being left last.
    List<Integer> after(int left) {
        Set<Integer> order = new LinkedHashSet<>(ordered());
        order.remove(left);
        order.add(left);
        return List.copyOf(order);
    }

    List<Integer> after(int left, Now now) {
        List<Integer> others = new ArrayList<>(ordered());
        others.remove(Integer.valueOf(left));
        List<Integer> order = new ArrayList<>(restedFirst(others, now));
        order.add(left);
        return order;
    }

    private Set<Integer> ordered() {
        Set<Integer> order = new LinkedHashSet<>(preference);
        order.addAll(own());
        roster.all().forEach(order::add);
        order.removeIf(each -> !roster.get(each).isTried());
        return order;
    }

    /// The client's own list.
    private List<Integer> own() {
        List<Integer> seated = roster.seated();
        List<Integer> order = new ArrayList<>();
        int begin = 0;
        for (int end = 1; end <= seated.size(); end++) {
            if (end == seated.size() || !roster.areLevel(seated.get(begin), seated.get(end))) {
                order.addAll(
                        Families.inTurns(
                                seated.subList(begin, end),
                                each -> roster.get(each).isIpv6(),
                                ipv6First));
                begin = end;
            }
        }
        return order;
    }

    /// Whether there is one that has not failed lately.
    boolean hasRested(Now now) {
        return ordered().stream().anyMatch(each -> !standings.avoids(each, now));
    }

    private List<Integer> restedFirst(List<Integer> order, Now now) {
        Predicate<Integer> avoided = each -> standings.avoids(each, now);
        List<Integer> result = new ArrayList<>(order);
        result.removeIf(avoided);
        order.stream().filter(avoided).forEach(result::add);
        return List.copyOf(result);
    }

    /// Whether none is better in the client's own list; the best one under its other IP version is
    /// as good.
    boolean isPreferred(int gateway) {
        List<Integer> seated = roster.seated();
        return seated.isEmpty()
                || seated.getFirst() == gateway
                || isOtherFamilyOf(seated.getFirst(), gateway)
                || (seated.contains(gateway) && roster.areLevel(seated.getFirst(), gateway));
    }

    /// The best one of the client's own list, by both IP versions where it has an address of each.
    ///
    /// @param otherwise where there is none at the moment
    List<Integer> waysToPreferred(int otherwise) {
        List<Integer> own = own();
        return own.isEmpty()
                ? List.of(otherwise)
                : own.stream()
                        .filter(each ->
                                each.equals(own.getFirst())
                                        || isOtherFamilyOf(own.getFirst(), each))
                        .toList();
    }

    /// One gateway under two IP versions. Of one version they may be members that share a name.
    private boolean isOtherFamilyOf(int one, int other) {
        return isSame(one, other) && roster.get(one).isIpv6() != roster.get(other).isIpv6();
    }

    /// Whether both are one gateway, by the identity that it shows.
    boolean isSame(int one, int other) {
        Identity identity = get(one).identity();
        return one == other || (identity != null && identity.equals(get(other).identity()));
    }

    /// Whether this is one of them, and not only by somebody's word.
    boolean knows(GatewayList.Entry gateway) {
        Integer known = roster.find(gateway);
        return known != null && roster.get(known).proven();
    }

    /// The gateway that a redirection names; null where it cannot be reached from here. Until it
    /// has proven itself it has no place in the order, and after [#MAXIMUM_VISITED] of them the
    /// oldest one's place is taken.
    ///
    /// @param from the gateway that sends us there
    @Nullable Integer redirected(GatewayList.Entry gateway, int from) {
        Integer known = roster.find(gateway);
        if (known != null || !(gateway instanceof GatewayList.Address address)) {
            return known;
        }
        GatewayCandidate candidate = candidate(address, from);
        return candidate == null ? null : roster.visit(candidate, name(from), from);
    }

    /// Somebody who may say so has named who answers there.
    void identify(int gateway, Identity identity) {
        roster.identify(gateway, identity);
    }

    /// It has shown who it is.
    ///
    /// @param addresses that it has assigned to us
    void proven(int gateway, List<InetAddress> addresses) {
        inner = List.copyOf(addresses);
        roster.vouchFor(gateway);
        ipv6First = roster.get(gateway).isIpv6();
    }

    /// The gateway that is meant; null for none.
    @Nullable Integer named(GatewayReference reference) {
        Set<Integer> order = ordered();
        return order.stream()
                .filter(gateway -> reference.isNameOf(get(gateway)))
                .findFirst()
                .or(() ->
                        order.stream().filter(gateway -> reference.means(get(gateway))).findFirst())
                .orElse(null);
    }

    /// All of them, or the first ones and how many more, for people.
    String names() {
        Set<Integer> order = ordered();
        String first =
                order.stream().limit(MOST_NAMED).map(this::name).collect(Collectors.joining(", "));
        int more = order.size() - MOST_NAMED;
        return more > 0 ? first + ", and " + more + " more" : first;
    }

    /// Takes a list over that came from the gateway `from`.
    void learn(List<GatewayList.Entry> list, int from) {
        announced = List.copyOf(list);
        announcer = from;
        behindNames.keySet().retainAll(unknownNames());
        prefer();
    }

    /// Names on the list by which no gateway goes that is known here.
    List<String> unknownNames() {
        return announced.stream()
                .filter(entry -> entry instanceof GatewayList.Name && roster.find(entry) == null)
                .map(GatewayOrder::inLowerCase)
                .distinct()
                .limit(MAXIMUM_NAMES)
                .toList();
    }

    private static String inLowerCase(GatewayList.Entry name) {
        return GatewayList.text(name).toLowerCase(Locale.ROOT);
    }

    /// What the DNS says of a name on the list stands in its place; whether a gateway is among it
    /// that was not known.
    boolean resolved(String name, List<GatewayList.Address> addresses) {
        int before = roster.learnt();
        behindNames.put(name, List.copyOf(addresses));
        prefer();
        return roster.learnt() > before;
    }

    private List<GatewayList.Entry> placesOf(GatewayList.Entry entry) {
        return entry instanceof GatewayList.Name && roster.find(entry) == null
                ? List.copyOf(behindNames.getOrDefault(inLowerCase(entry), List.of()))
                : List.of(entry);
    }

    private void prefer() {
        int from = announcer;
        Set<Integer> order = new LinkedHashSet<>();
        List<GatewayList.Entry> entries =
                announced.stream().flatMap(entry -> placesOf(entry).stream()).toList();
        Set<Integer> named =
                entries.stream()
                        .map(roster::find)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(HashSet::new));
        for (GatewayList.Entry entry : entries) {
            Integer known = roster.find(entry);
            if (known == null && entry instanceof GatewayList.Address address) {
                known = learn(address, from, named);
                if (known != null) {
                    named.add(known);
                }
            }
            if (known != null) {
                roster.announce(known, name(from));
                order.add(known);
            }
        }
        preference = List.copyOf(order);
    }

    /// Where there are enough it takes the place of one that lists have named before and that
    /// nothing uses; the newest list counts.
    ///
    /// @param named by the newest list
    private @Nullable Integer learn(GatewayList.Address address, int from, Set<Integer> named) {
        GatewayCandidate candidate = candidate(address, from);
        if (candidate == null) {
            return null;
        }
        if (roster.learnt() < MAXIMUM_LEARNT) {
            return roster.learn(candidate, name(from));
        }
        Integer place =
                roster.learntUnless(
                        gateway -> named.contains(gateway) || standings.of(gateway).inUse());
        if (place != null) {
            standings.forget(place);
            roster.learn(place, candidate, name(from));
        }
        return place;
    }

    /// Takes over what the DNS says of a name.
    Harvest found(int name, List<FoundGateway> answer) {
        return behindOurNames.found(name, answer, this::givesUp, this::hasFailed);
    }

    /// Whether it was tried in vain since it last served.
    private boolean hasFailed(int gateway) {
        return standings.of(gateway).failures() > 0;
    }

    private boolean givesUp(int gateway) {
        if (standings.of(gateway).inUse()) {
            return false;
        }
        standings.forget(gateway);
        return true;
    }

    /// The application knows of a gateway; null where it has added too many.
    @Nullable Integer add(GatewayCandidate candidate, Rank rank) {
        return roster.add(candidate, rank, this::givesUp);
    }

    /// Why an address that a gateway has named is of no use, in words; null where it may be tried.
    /// Who is at this host or its own link itself may name others there.
    @Nullable String objection(GatewayList.Address address, int from) {
        InetAddress named = address.inetAddress();
        if (inner.contains(named)) {
            return "it is our own, inside the tunnel";
        }
        boolean fromHere = AddressScope.isHere(get(from).path().remote().getAddress());
        AddressScope scope = fromHere ? AddressScope.ANY : roster.scope();
        return scope.objection(named);
    }

    /// Reached as the gateway `from` is; null where that is not possible.
    private @Nullable GatewayCandidate candidate(GatewayList.Address address, int from) {
        InetSocketAddress remote = Roster.socket(address);
        Path path = roster.pathOfFamily(remote, from);
        if (path == null || objection(address, from) != null) {
            return null;
        }
        return new GatewayCandidate(
                AddressText.of(remote), null, new Path(path.local(), remote, path.nonEspMarker()));
    }
}
