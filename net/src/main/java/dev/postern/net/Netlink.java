package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Interfaces, addresses, routes and proxy neighbours of this network namespace (rtnetlink).
///
/// Adding what is there already and deleting what is not there are no errors: the methods tell by
/// their result whether they changed something. What is added carries the mark [Route#PROTOCOL], so
/// that a later run finds what a crash left behind.
///
/// Any thread may call; calls are taken one after the other and wait for the kernel's answer.
public final class Netlink implements AutoCloseable {
    private final NetlinkSocket socket;

    private Netlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Netlink open() throws IOException {
        return new Netlink(NetlinkSocket.open());
    }

    /// The interface of a name, empty if there is none.
    public synchronized Optional<Link> link(String name) throws IOException {
        NetlinkSocket.Outcome outcome =
                socket.exchange(NetlinkLinks.find(name), NetlinkLinks.FIXED);
        if (outcome.refusal().errno() == Errno.ENODEV) {
            return Optional.empty();
        }
        return answered("cannot look up interface " + name, outcome).stream()
                .map(NetlinkLinks::read)
                .findFirst();
    }

    public synchronized List<Link> links() throws IOException {
        return answered(
                        "cannot list the interfaces",
                        socket.exchange(NetlinkLinks.list(), NetlinkLinks.FIXED))
                .stream()
                .map(NetlinkLinks::read)
                .toList();
    }

    /// The interface of a name that must be there.
    public Link existing(String name) throws IOException {
        return link(name)
                .orElseThrow(() ->
                        new SystemCallException(
                                "cannot find interface " + name, Errno.ENODEV, "see `ip link`"));
    }

    /// The index of an interface that must be there.
    public int interfaceIndex(String name) throws IOException {
        return existing(name).index();
    }

    public synchronized void setUp(String name) throws IOException {
        changeState(name, true);
    }

    public synchronized void setDown(String name) throws IOException {
        changeState(name, false);
    }

    private void changeState(String name, boolean up) throws IOException {
        NetlinkMessage request = NetlinkLinks.changeState(interfaceIndex(name), up);
        answered(
                "cannot set interface " + name + (up ? " up" : " down"),
                socket.exchange(request, NetlinkLinks.FIXED));
    }

    public synchronized void setMtu(String name, int mtu) throws IOException {
        NetlinkMessage request = NetlinkLinks.changeMtu(interfaceIndex(name), mtu);
        answered(
                "cannot set interface " + name + " to MTU " + mtu,
                socket.exchange(request, NetlinkLinks.FIXED));
    }

    /// Puts an address on an interface. An IPv6 address is usable at once: the caller knows that it
    /// is unique, duplicate address detection is left out.
    ///
    /// @return whether it was not there before
    public synchronized boolean addAddress(String device, Prefix address) throws IOException {
        NetlinkMessage request = NetlinkAddresses.add(interfaceIndex(device), address);
        return changed(
                "cannot add address " + address + " to " + device,
                socket.exchange(request, NetlinkAddresses.FIXED),
                Errno.EEXIST);
    }

    /// Puts an address on an interface for a while, or extends its time there. The kernel takes it
    /// away when nobody extends it any more: an address does not outlive its process for long.
    ///
    /// @param seconds at least 1; the kernel may take a second more
    public synchronized void lendAddress(String device, Prefix address, int seconds)
            throws IOException {
        NetlinkMessage request = NetlinkAddresses.lend(interfaceIndex(device), address, seconds);
        answered(
                "cannot add address " + address + " to " + device,
                socket.exchange(request, NetlinkAddresses.FIXED));
    }

    /// Takes an address from an interface.
    ///
    /// @return whether it was there
    public synchronized boolean deleteAddress(String device, Prefix address) throws IOException {
        Optional<Link> link = link(device);
        if (link.isEmpty()) {
            return false;
        }
        NetlinkMessage request = NetlinkAddresses.delete(link.orElseThrow().index(), address);
        return changed(
                "cannot delete address " + address + " from " + device,
                socket.exchange(request, NetlinkAddresses.FIXED),
                Errno.EADDRNOTAVAIL);
    }

    public synchronized List<AssignedAddress> addresses() throws IOException {
        Map<Integer, String> names = names();
        List<AssignedAddress> found = new ArrayList<>();
        for (Received answer :
                answered(
                        "cannot list the addresses",
                        socket.exchange(NetlinkAddresses.list(), NetlinkAddresses.FIXED))) {
            found.add(NetlinkAddresses.read(answer, names));
        }
        return found;
    }

    /// Installs a route, in place of one to the same destination with the same metric in the same
    /// table if there is one.
    public synchronized void replaceRoute(Route route) throws IOException {
        NetlinkMessage request =
                NetlinkRoutes.add(route, interfaceIndex(route.device()), NetlinkMessage.REPLACE);
        answered("cannot set route " + route, socket.exchange(request, NetlinkRoutes.FIXED));
    }

    /// Installs a route unless there is one to the same destination with the same metric.
    ///
    /// @return whether it was installed
    public synchronized boolean addRoute(Route route) throws IOException {
        NetlinkMessage request =
                NetlinkRoutes.add(route, interfaceIndex(route.device()), NetlinkMessage.EXCLUSIVE);
        return changed(
                "cannot add route " + route,
                socket.exchange(request, NetlinkRoutes.FIXED),
                Errno.EEXIST);
    }

    /// Removes a route. One to the same destination that another program installed, which its
    /// protocol tells, is not that route.
    ///
    /// @return whether it was there
    public synchronized boolean deleteRoute(Route route) throws IOException {
        Optional<Link> link = link(route.device());
        if (link.isEmpty()) {
            return false;
        }
        NetlinkMessage request = NetlinkRoutes.delete(route, link.orElseThrow().index());
        return changed(
                "cannot delete route " + route,
                socket.exchange(request, NetlinkRoutes.FIXED),
                Errno.ESRCH);
    }

    /// Installs one that refuses, unless it is there.
    ///
    /// @return whether it was installed
    public synchronized boolean addRoute(UnreachableRoute route) throws IOException {
        return changed(
                "cannot add route " + route,
                socket.exchange(NetlinkRoutes.add(route), NetlinkRoutes.FIXED),
                Errno.EEXIST);
    }

    /// Removes one that refuses.
    ///
    /// @return whether it was there
    public synchronized boolean deleteRoute(UnreachableRoute route) throws IOException {
        return changed(
                "cannot delete route " + route,
                socket.exchange(NetlinkRoutes.delete(route), NetlinkRoutes.FIXED),
                Errno.ESRCH);
    }

    /// The unicast routes of all tables, but for those with several next hops.
    public synchronized List<Route> routes() throws IOException {
        Map<Integer, String> names = names();
        return answered(
                        "cannot list the routes",
                        socket.exchange(NetlinkRoutes.list(), NetlinkRoutes.FIXED))
                .stream()
                .flatMap(answer -> NetlinkRoutes.read(answer, names).stream())
                .toList();
    }

    /// Those of [#routes] that carry the mark of this program.
    public List<Route> ownRoutes() throws IOException {
        return routes().stream().filter(route -> route.protocol() == Route.PROTOCOL).toList();
    }

    /// The address that a packet from a port of ours to this destination would come from, as the
    /// rules and routes stand; empty where there is no way. Nothing is sent for the question.
    public synchronized Optional<InetAddress> sourceTowards(
            InetAddress destination, RoutingRule.SourcePort port) throws IOException {
        NetlinkSocket.Outcome outcome =
                socket.exchange(NetlinkRoutes.way(destination, port), NetlinkRoutes.FIXED);
        return switch (outcome.refusal().errno()) {
            case Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH,
                    Errno.EACCES,
                    Errno.EINVAL,
                    Errno.EAFNOSUPPORT,
                    Errno.EOPNOTSUPP ->
                    Optional.empty();
            default ->
                    answered("cannot ask for the way to " + destination, outcome).stream()
                            .flatMap(answer -> NetlinkRoutes.source(answer).stream())
                            .findFirst();
        };
    }

    /// Adds a rule of the routing policy.
    ///
    /// @return whether it was not there before
    public synchronized boolean addRule(RoutingRule rule) throws IOException {
        return changed(
                "cannot add rule " + rule,
                socket.exchange(NetlinkRules.add(rule), NetlinkRules.FIXED),
                Errno.EEXIST);
    }

    /// Removes a rule.
    ///
    /// @return whether it was there
    public synchronized boolean deleteRule(RoutingRule rule) throws IOException {
        return changed(
                "cannot delete rule " + rule,
                socket.exchange(NetlinkRules.delete(rule), NetlinkRules.FIXED),
                Errno.ENOENT);
    }

    /// The rules that carry the mark of this program.
    public synchronized List<RoutingRule> ownRules() throws IOException {
        return answered(
                        "cannot list the rules",
                        socket.exchange(NetlinkRules.list(), NetlinkRules.FIXED))
                .stream()
                .flatMap(answer -> NetlinkRules.read(answer).stream())
                .toList();
    }

    /// Answers ARP or neighbour solicitations for an address on an interface. Both need forwarding
    /// and a route to the address that leads out through another interface; IPv6 needs
    /// [Sysctl#setProxyNdp] as well. See also [Sysctl#setProxyDelay].
    public synchronized void addProxyNeighbour(String device, InetAddress address)
            throws IOException {
        NetlinkMessage request = NetlinkNeighbours.add(interfaceIndex(device), address);
        answered(
                "cannot answer for " + address.getHostAddress() + " on " + device,
                socket.exchange(request, NetlinkNeighbours.FIXED));
    }

    /// Ends answering for an address.
    ///
    /// @return whether there was such an entry
    public synchronized boolean deleteProxyNeighbour(String device, InetAddress address)
            throws IOException {
        Optional<Link> link = link(device);
        if (link.isEmpty()) {
            return false;
        }
        NetlinkMessage request = NetlinkNeighbours.delete(link.orElseThrow().index(), address);
        return changed(
                "cannot stop answering for " + address.getHostAddress() + " on " + device,
                socket.exchange(request, NetlinkNeighbours.FIXED),
                Errno.ENOENT);
    }

    public synchronized List<ProxyNeighbour> proxyNeighbours() throws IOException {
        Map<Integer, String> names = names();
        List<ProxyNeighbour> found = new ArrayList<>();
        for (Received answer :
                answered(
                        "cannot list the proxy neighbours",
                        socket.exchange(NetlinkNeighbours.list(), NetlinkNeighbours.FIXED))) {
            found.add(NetlinkNeighbours.read(answer, names));
        }
        return found;
    }

    /// Removes every route and proxy neighbour that carries the mark of this program: what a crash
    /// left behind. Addresses stay: those of a TUN device went away with it, others may be in use.
    /// Only for a program that is alone of its kind in this network namespace.
    ///
    /// @return how many entries were removed
    public synchronized int deleteLeftovers() throws IOException {
        int removed = 0;
        for (Route route : ownRoutes()) {
            removed += deleteRoute(route) ? 1 : 0;
        }
        for (ProxyNeighbour proxy : proxyNeighbours()) {
            if (proxy.isOurs() && deleteProxyNeighbour(proxy.device(), proxy.address())) {
                removed++;
            }
        }
        return removed;
    }

    static int family(byte[] address) {
        return address.length == 4 ? Linux.AF_INET : Linux.AF_INET6;
    }

    static InetAddress toAddress(byte[] octets) throws UnknownHostException {
        return InetAddress.getByAddress(octets);
    }

    private Map<Integer, String> names() throws IOException {
        Map<Integer, String> names = new HashMap<>();
        for (Link link : links()) {
            names.put(link.index(), link.name());
        }
        return names;
    }

    static String nameOf(Map<Integer, String> names, int index) {
        return names.getOrDefault(index, "if" + index);
    }

    private static boolean changed(String attempt, NetlinkSocket.Outcome outcome, int unchanged)
            throws SystemCallException {
        if (outcome.refusal().errno() == unchanged) {
            return false;
        }
        answered(attempt, outcome);
        return true;
    }

    private static List<Received> answered(String attempt, NetlinkSocket.Outcome outcome)
            throws SystemCallException {
        if (outcome.isDone()) {
            return outcome.answers();
        }
        NetlinkSocket.Refusal refusal = outcome.refusal();
        String words = refusal.words().isEmpty() ? "" : "the kernel says: " + refusal.words();
        throw new SystemCallException(
                attempt,
                refusal.errno(),
                refusal.errno() == Errno.EPERM ? "this needs CAP_NET_ADMIN" : words);
    }

    @Override
    public void close() {
        socket.close();
    }
}
