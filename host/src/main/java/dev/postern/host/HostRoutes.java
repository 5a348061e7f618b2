package dev.postern.host;

import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Routes into the tunnel, and those that keep the tunnel's own packets out of it. On one thread.
///
/// All of a family's addresses are routed as two halves, which leave the host's default route in
/// its place. Where what is tunnelled covers the address of a gateway, that one gets a host route
/// by the way that it would have without us, looked at again with every [#keepReaching].
public final class HostRoutes {
    private final Netlink netlink;
    private final String device;
    private final Journal journal;
    private final Map<InetAddress, Route> pinned = new HashMap<>();
    private List<Prefix> tunnelled = List.of();

    public HostRoutes(Netlink netlink, String device, Journal journal) {
        this.netlink = netlink;
        this.device = device;
        this.journal = journal;
    }

    /// Routes these into the tunnel. A route of somebody else's for the very same is put back by
    /// [#restore].
    ///
    /// @param sources our inner addresses, of which packets to a subnet come from one of its family
    /// @param gateways to be kept outside
    public void tunnel(
            List<Prefix> subnets, List<InetAddress> sources, Collection<InetAddress> gateways)
            throws IOException {
        List<Prefix> wanted = subnets.stream().flatMap(each -> halves(each).stream()).toList();
        for (Prefix old : tunnelled) {
            if (!wanted.contains(old)) {
                netlink.deleteRoute(Route.through(device, old));
            }
        }
        tunnelled = wanted;
        keepReaching(gateways);
        for (Prefix subnet : wanted) {
            giveWay(subnet);
            Route route = Route.through(device, subnet);
            InetAddress source =
                    sources.stream()
                            .filter(each -> Prefix.host(each).isIpv4() == subnet.isIpv4())
                            .findFirst()
                            .orElse(null);
            netlink.replaceRoute(source == null ? route : route.from(source));
        }
    }

    static List<Prefix> halves(Prefix subnet) {
        return subnet.length() > 0
                ? List.of(subnet)
                : subnet.isIpv4()
                        ? List.of(Prefix.parse("0.0.0.0/1"), Prefix.parse("128.0.0.0/1"))
                        : List.of(Prefix.parse("::/1"), Prefix.parse("8000::/1"));
    }

    private void giveWay(Prefix subnet) throws IOException {
        for (Route route : netlink.routes()) {
            boolean inTheWay =
                    route.table() == Route.MAIN_TABLE
                            && route.destination().equals(subnet)
                            && route.metric() == usualMetric(subnet)
                            && !route.device().equals(device)
                            && route.protocol() != Route.PROTOCOL;
            Change.RouteReplaced replaced = new Change.RouteReplaced(route);
            if (inTheWay && !journal.changes().contains(replaced)) {
                journal.add(replaced);
                netlink.deleteRoute(route);
            }
        }
    }

    /// What the kernel makes of 0.
    private static int usualMetric(Prefix subnet) {
        return subnet.isIpv4() ? 0 : 1024;
    }

    /// Keeps these addresses outside of the tunnel. Called when they change, and from time to time,
    /// for a host may get another default route.
    ///
    /// @return whether any way has changed
    public boolean keepReaching(Collection<InetAddress> gateways) throws IOException {
        boolean changed = false;
        List<InetAddress> covered = new ArrayList<>();
        for (InetAddress gateway : gateways) {
            if (tunnelled.stream().anyMatch(subnet -> covers(subnet, gateway))) {
                covered.add(gateway);
            }
        }
        for (InetAddress old : List.copyOf(pinned.keySet())) {
            if (!covered.contains(old)) {
                unpin(old);
                changed = true;
            }
        }
        if (covered.isEmpty()) {
            return changed;
        }
        List<Route> routes = netlink.routes();
        for (InetAddress gateway : covered) {
            Route way =
                    wayTo(gateway, routes, device).map(route -> pin(gateway, route)).orElse(null);
            boolean stands = routes.stream().anyMatch(route -> isSame(route, way));
            if (way != null && (!way.equals(pinned.get(gateway)) || !stands)) {
                unpin(gateway);
                Change.RouteAdded added = new Change.RouteAdded(way);
                journal.add(added);
                netlink.replaceRoute(way);
                pinned.put(gateway, way);
                changed = true;
            }
        }
        return changed;
    }

    private static boolean isSame(Route route, @Nullable Route way) {
        return way != null
                && route.protocol() == Route.PROTOCOL
                && route.destination().equals(way.destination())
                && route.device().equals(way.device())
                && Objects.equals(route.gateway(), way.gateway());
    }

    private static Route pin(InetAddress gateway, Route way) {
        Route route = Route.through(way.device(), Prefix.host(gateway));
        InetAddress next = way.gateway();
        return next == null ? route : route.via(next);
    }

    private void unpin(InetAddress gateway) throws IOException {
        Route old = pinned.remove(gateway);
        if (old != null) {
            deleteIfThere(netlink, old);
            journal.remove(new Change.RouteAdded(old));
        }
    }

    /// With its device a route has gone by itself.
    private static void deleteIfThere(Netlink netlink, Route route) throws IOException {
        if (netlink.link(route.device()).isPresent()) {
            netlink.deleteRoute(route);
        }
    }

    /// The way that the kernel would choose if we were not here.
    static Optional<Route> wayTo(InetAddress gateway, List<Route> routes, String device) {
        return routes.stream()
                .filter(route -> route.table() == Route.MAIN_TABLE)
                .filter(route -> route.protocol() != Route.PROTOCOL)
                .filter(route -> !route.device().equals(device))
                .filter(route -> covers(route.destination(), gateway))
                .max(
                        Comparator.<Route>comparingInt(route -> route.destination().length())
                                .thenComparingInt(route -> -route.metric()));
    }

    static boolean covers(Prefix subnet, InetAddress address) {
        byte[] left = subnet.address().getAddress();
        byte[] right = address.getAddress();
        if (left.length != right.length) {
            return false;
        }
        for (int bit = 0; bit < subnet.length(); bit++) {
            int mask = 0x80 >>> (bit & 7);
            if ((left[bit >> 3] & mask) != (right[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    /// Puts everything back. Routes into the tunnel go with its device.
    public void restore() throws IOException {
        for (Change change : journal.changes().reversed()) {
            if (change instanceof Change.RouteAdded || change instanceof Change.RouteReplaced) {
                undo(change, netlink);
                journal.remove(change);
            }
        }
        pinned.clear();
    }

    static void undo(Change change, Netlink netlink) throws IOException {
        switch (change) {
            case Change.RouteAdded(Route route) -> deleteIfThere(netlink, route);
            case Change.RouteReplaced(Route route) -> {
                // Its device may have gone meanwhile, and the route with it.
                if (netlink.link(route.device()).isPresent()) {
                    netlink.replaceRoute(route);
                }
            }
            case Change.ResolverFile _, Change.ResolverLink _ -> {}
        }
    }
}
