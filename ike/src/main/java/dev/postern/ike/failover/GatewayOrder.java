package dev.postern.ike.failover;

import dev.postern.ike.Path;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The gateways that a client may use, and in which order: as configured until the gateway that
/// serves it says otherwise (ALT_GW_LIST). Addresses that only the list names join at its end and
/// are bounded; whoever answers there must still show an identity that the client accepts.
final class GatewayOrder {
    /// Gateways that a list may add to those that were configured.
    static final int MAXIMUM_LEARNT = 16;

    private static final int NAT_TRAVERSAL_PORT = 4500;

    private final List<GatewayCandidate> candidates;
    private final int configured;
    private List<Integer> preference = List.of();

    GatewayOrder(List<GatewayCandidate> configured) {
        this.candidates = new ArrayList<>(configured);
        this.configured = configured.size();
    }

    GatewayCandidate get(int gateway) {
        return candidates.get(gateway);
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
            order.add((first + i) % candidates.size());
        }
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
        if (candidates.size() - configured >= MAXIMUM_LEARNT) {
            return null;
        }
        InetSocketAddress remote = socket(address);
        Path path = candidates.get(from).path();
        boolean sameFamily = path.local().getAddress().getClass() == remote.getAddress().getClass();
        if (!sameFamily) {
            return null;
        }
        String name = remote.getAddress().getHostAddress() + ":" + remote.getPort();
        candidates.add(
                new GatewayCandidate(
                        name, null, new Path(path.local(), remote, path.nonEspMarker())));
        return candidates.size() - 1;
    }

    private static InetSocketAddress socket(GatewayList.Address address) {
        int port = address.port() == 0 ? NAT_TRAVERSAL_PORT : address.port();
        return new InetSocketAddress(address.inetAddress(), port);
    }
}
