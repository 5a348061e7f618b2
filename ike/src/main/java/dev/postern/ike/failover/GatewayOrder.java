package dev.postern.ike.failover;

import dev.postern.ike.Path;
import dev.postern.ike.Redirection;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The gateways that a client may use, and in which order: as configured until the gateway that
/// serves it says otherwise (ALT_GW_LIST). Addresses that only the list names join at its end and
/// are bounded; whoever answers there must still show an identity that the client accepts.
final class GatewayOrder {
    /// The one that stands first in the configuration.
    static final int PREFERRED = 0;

    /// Gateways that a list may add to those that were configured.
    static final int MAXIMUM_LEARNT = 16;

    /// Gateways that redirections may add, as long as none of them has proven itself.
    static final int MAXIMUM_VISITED = 8;

    private static final int NAT_TRAVERSAL_PORT = 4500;

    private final List<GatewayCandidate> candidates;
    private final int configured;
    private final Set<Integer> unproven = new LinkedHashSet<>();
    private List<Integer> preference = List.of();

    GatewayOrder(List<GatewayCandidate> configured) {
        this.candidates = new ArrayList<>(configured);
        this.configured = configured.size();
    }

    GatewayCandidate get(int gateway) {
        return candidates.get(gateway);
    }

    String name(int gateway) {
        return candidates.get(gateway).name();
    }

    /// What a gateway is told of the one that has sent us there.
    Redirection sentBy(int gateway) {
        return new Redirection(true, candidates.get(gateway).path().remote().getAddress());
    }

    /// All of them, `first` first.
    List<Integer> from(int first) {
        Set<Integer> order = new LinkedHashSet<>();
        order.add(first);
        order.addAll(preference);
        addConfigured(order, first);
        return List.copyOf(order);
    }

    /// All of them, and the one that is being left last.
    List<Integer> after(int left) {
        Set<Integer> order = new LinkedHashSet<>(preference);
        addConfigured(order, left + 1);
        order.remove(left);
        order.add(left);
        return List.copyOf(order);
    }

    private void addConfigured(Set<Integer> order, int first) {
        for (int i = 0; i < candidates.size(); i++) {
            int candidate = (first + i) % candidates.size();
            if (!unproven.contains(candidate)) {
                order.add(candidate);
            }
        }
    }

    /// Whether this is one of them, and not only by somebody's word.
    boolean knows(GatewayList.Entry gateway) {
        Integer known = find(gateway);
        return known != null && !unproven.contains(known);
    }

    /// The gateway that a redirection names; null where it cannot be reached from here. Until it
    /// has proven itself it has no place in the order, and after [#MAXIMUM_VISITED] of them the
    /// oldest one's place is taken.
    ///
    /// @param from the gateway that sends us there
    @Nullable Integer redirected(GatewayList.Entry gateway, int from) {
        Integer known = find(gateway);
        if (known != null || !(gateway instanceof GatewayList.Address address)) {
            return known;
        }
        GatewayCandidate candidate = candidate(address, from);
        if (candidate == null) {
            return null;
        }
        if (unproven.size() < MAXIMUM_VISITED) {
            candidates.add(candidate);
            unproven.add(candidates.size() - 1);
            return candidates.size() - 1;
        }
        for (int place : unproven) {
            if (place != from) {
                candidates.set(place, candidate);
                unproven.remove(place);
                unproven.add(place);
                return place;
            }
        }
        return null;
    }

    /// Somebody who may say so has named who answers there.
    void identify(int gateway, Identity identity) {
        GatewayCandidate known = candidates.get(gateway);
        if (known.identity() == null) {
            candidates.set(
                    gateway, new GatewayCandidate(known.name(), identity, known.path(), true));
        }
    }

    /// It has shown who it is.
    void proven(int gateway) {
        unproven.remove(gateway);
    }

    /// The gateway of that name, identity or address; null for none.
    @Nullable Integer named(String text) {
        for (int i = 0; i < candidates.size(); i++) {
            GatewayCandidate candidate = candidates.get(i);
            InetSocketAddress remote = candidate.path().remote();
            String host = remote.getAddress().getHostAddress();
            boolean meant =
                    text.equals(candidate.name())
                            || text.equals(String.valueOf(candidate.identity()))
                            || text.equals(host)
                            || text.equals(host + ":" + remote.getPort());
            if (meant && !unproven.contains(i)) {
                return i;
            }
        }
        return null;
    }

    /// All of them, for people.
    String names() {
        return from(PREFERRED).stream()
                .map(each -> candidates.get(each).name())
                .collect(Collectors.joining(", "));
    }

    /// Takes a list over that came from the gateway `from`.
    void learn(List<GatewayList.Entry> announced, int from) {
        Set<Integer> order = new LinkedHashSet<>();
        for (GatewayList.Entry entry : announced) {
            Integer known = find(entry);
            if (known == null && entry instanceof GatewayList.Address address) {
                known = add(address, from);
            }
            if (known != null) {
                unproven.remove(known);
                order.add(known);
            }
        }
        preference = List.copyOf(order);
    }

    private @Nullable Integer find(GatewayList.Entry entry) {
        for (int i = 0; i < candidates.size(); i++) {
            GatewayCandidate candidate = candidates.get(i);
            boolean same =
                    switch (entry) {
                        case GatewayList.Address address ->
                                candidate.path().remote().equals(socket(address));
                        case GatewayList.Name name ->
                                Identity.fqdn(name.fqdn()).equals(candidate.identity());
                    };
            if (same) {
                return i;
            }
        }
        return null;
    }

    private @Nullable Integer add(GatewayList.Address address, int from) {
        GatewayCandidate candidate =
                candidates.size() - configured >= MAXIMUM_LEARNT ? null : candidate(address, from);
        if (candidate == null) {
            return null;
        }
        candidates.add(candidate);
        return candidates.size() - 1;
    }

    /// Reached as the gateway `from` is; null where that is not possible.
    private @Nullable GatewayCandidate candidate(GatewayList.Address address, int from) {
        InetSocketAddress remote = socket(address);
        Path path = pathOfFamily(remote, from);
        boolean isHost =
                !remote.getAddress().isAnyLocalAddress()
                        && !remote.getAddress().isMulticastAddress();
        if (path == null || !isHost) {
            return null;
        }
        String name = remote.getAddress().getHostAddress() + ":" + remote.getPort();
        return new GatewayCandidate(
                name, null, new Path(path.local(), remote, path.nonEspMarker()));
    }

    /// Our end of the way to a gateway of the same IP version, that of `from` where it is one.
    private @Nullable Path pathOfFamily(InetSocketAddress remote, int from) {
        for (int i = 0; i < candidates.size(); i++) {
            Path path = candidates.get((from + i) % candidates.size()).path();
            if (path.local().getAddress().getClass() == remote.getAddress().getClass()) {
                return path;
            }
        }
        return null;
    }

    private static InetSocketAddress socket(GatewayList.Address address) {
        int port = address.port() == 0 ? NAT_TRAVERSAL_PORT : address.port();
        return new InetSocketAddress(address.inetAddress(), port);
    }
}
