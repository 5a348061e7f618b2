package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
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
    private static final int ADDRESS_NO_DAD = 0x02;
    private static final int NEIGHBOUR_PROXY = 0x08;
    private static final int NEIGHBOUR_PERMANENT = 0x80;
    private static final int LINK_UP = 0x1;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_PROTO = 11;
    private static final int NDA_DST = 1;
    private static final int NDA_PROTOCOL = 12;

    private static final int LINK_FIXED = 16;
    private static final int ADDRESS_FIXED = 8;
    private static final int NEIGHBOUR_FIXED = 12;

    private final NetlinkSocket socket;
    private final NetlinkRoutes routes = new NetlinkRoutes();

    private Netlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Netlink open() throws IOException {
        return new Netlink(NetlinkSocket.open());
    }

    /// The interface of a name, empty if there is none.
    public synchronized Optional<Link> link(String name) throws IOException {
        NetlinkMessage request =
                linkMessage(NetlinkMessage.GET_LINK, NetlinkMessage.ACK, 0, 0, 0)
                        .attribute(IFLA_IFNAME, name);
        NetlinkSocket.Outcome outcome = socket.exchange(request, LINK_FIXED);
        if (outcome.refusal().errno() == Errno.ENODEV) {
            return Optional.empty();
        }
        return answered("cannot look up interface " + name, outcome).stream()
                .map(Netlink::toLink)
                .findFirst();
    }

    public synchronized List<Link> links() throws IOException {
        NetlinkMessage request = linkMessage(NetlinkMessage.GET_LINK, NetlinkMessage.DUMP, 0, 0, 0);
        return answered("cannot list the interfaces", socket.exchange(request, LINK_FIXED)).stream()
                .map(Netlink::toLink)
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
        changeLink(name, "up", LINK_UP, LINK_UP, 0);
    }

    public synchronized void setDown(String name) throws IOException {
        changeLink(name, "down", 0, LINK_UP, 0);
    }

    public synchronized void setMtu(String name, int mtu) throws IOException {
        changeLink(name, "to MTU " + mtu, 0, 0, mtu);
    }

    private void changeLink(String name, String change, int flags, int mask, int mtu)
            throws IOException {
        NetlinkMessage request =
                linkMessage(
                        NetlinkMessage.NEW_LINK,
                        NetlinkMessage.ACK,
                        interfaceIndex(name),
                        flags,
                        mask);
        if (mtu != 0) {
            request.attribute(IFLA_MTU, mtu);
        }
        answered(
                "cannot set interface " + name + " " + change,
                socket.exchange(request, LINK_FIXED));
    }

    /// Puts an address on an interface. An IPv6 address is usable at once: the caller knows that it
    /// is unique, duplicate address detection is left out.
    ///
    /// @return whether it was not there before
    public synchronized boolean addAddress(String device, Prefix address) throws IOException {
        NetlinkMessage request =
                addressMessage(
                                NetlinkMessage.NEW_ADDRESS,
                                NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE,
                                interfaceIndex(device),
                                address)
                        .attribute8(IFA_PROTO, Route.PROTOCOL);
        return changed(
                "cannot add address " + address + " to " + device,
                socket.exchange(request, ADDRESS_FIXED),
                Errno.EEXIST);
    }

    /// Takes an address from an interface.
    ///
    /// @return whether it was there
    public synchronized boolean deleteAddress(String device, Prefix address) throws IOException {
        Optional<Link> link = link(device);
        if (link.isEmpty()) {
            return false;
        }
        NetlinkMessage request =
                addressMessage(
                        NetlinkMessage.DELETE_ADDRESS, 0, link.orElseThrow().index(), address);
        return changed(
                "cannot delete address " + address + " from " + device,
                socket.exchange(request, ADDRESS_FIXED),
                Errno.EADDRNOTAVAIL);
    }

    public synchronized List<AssignedAddress> addresses() throws IOException {
        Map<Integer, String> names = names();
        NetlinkMessage request =
                new NetlinkMessage(NetlinkMessage.GET_ADDRESS, NetlinkMessage.DUMP)
                        .put32(0)
                        .put32(0);
        List<AssignedAddress> found = new ArrayList<>();
        for (Received answer :
                answered("cannot list the addresses", socket.exchange(request, ADDRESS_FIXED))) {
            byte[] local = answer.octets(IFA_LOCAL);
            byte[] octets = local.length == 0 ? answer.octets(IFA_ADDRESS) : local;
            found.add(
                    new AssignedAddress(
                            new Prefix(toAddress(octets), answer.fixed().get(1) & 0xff),
                            nameOf(names, answer.fixed().getInt(4)),
                            answer.number8(IFA_PROTO) == Route.PROTOCOL));
        }
        return found;
    }

    /// Installs a route, in place of one to the same destination with the same metric in the same
    /// table if there is one.
    public synchronized void replaceRoute(Route route) throws IOException {
        answered(
                "cannot set route " + route,
                socket.exchange(
                        routes.add(route, interfaceIndex(route.device()), NetlinkMessage.REPLACE),
                        NetlinkRoutes.FIXED));
    }

    /// Installs a route unless there is one to the same destination with the same metric.
    ///
    /// @return whether it was installed
    public synchronized boolean addRoute(Route route) throws IOException {
        return changed(
                "cannot add route " + route,
                socket.exchange(
                        routes.add(route, interfaceIndex(route.device()), NetlinkMessage.EXCLUSIVE),
                        NetlinkRoutes.FIXED),
                Errno.EEXIST);
    }

    /// Removes a route.
    ///
    /// @return whether it was there
    public synchronized boolean deleteRoute(Route route) throws IOException {
        Optional<Link> link = link(route.device());
        if (link.isEmpty()) {
            return false;
        }
        return changed(
                "cannot delete route " + route,
                socket.exchange(
                        routes.delete(route, link.orElseThrow().index()), NetlinkRoutes.FIXED),
                Errno.ESRCH);
    }

    /// The unicast routes of all tables that carry the mark of this program.
    public synchronized List<Route> ownRoutes() throws IOException {
        return routes().stream().filter(route -> route.protocol() == Route.PROTOCOL).toList();
    }

    /// The unicast routes of all tables, but for those with several next hops.
    public synchronized List<Route> routes() throws IOException {
        Map<Integer, String> names = names();
        return answered(
                        "cannot list the routes",
                        socket.exchange(routes.list(), NetlinkRoutes.FIXED))
                .stream()
                .flatMap(answer -> routes.read(answer, names).stream())
                .toList();
    }

    /// Answers ARP or neighbour solicitations for an address on an interface. IPv6 needs
    /// [Sysctl#setProxyNdp] as well, and both need forwarding and a route to the address that leads
    /// out through another interface.
    public synchronized void addProxyNeighbour(String device, InetAddress address)
            throws IOException {
        NetlinkMessage request =
                neighbourMessage(
                                NetlinkMessage.NEW_NEIGHBOUR,
                                NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
                                interfaceIndex(device),
                                address)
                        .attribute8(NDA_PROTOCOL, Route.PROTOCOL);
        answered(
                "cannot answer for " + address.getHostAddress() + " on " + device,
                socket.exchange(request, NEIGHBOUR_FIXED));
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
        NetlinkMessage request =
                neighbourMessage(
                        NetlinkMessage.DELETE_NEIGHBOUR, 0, link.orElseThrow().index(), address);
        return changed(
                "cannot stop answering for " + address.getHostAddress() + " on " + device,
                socket.exchange(request, NEIGHBOUR_FIXED),
                Errno.ENOENT);
    }

    public synchronized List<ProxyNeighbour> proxyNeighbours() throws IOException {
        Map<Integer, String> names = names();
        NetlinkMessage request =
                new NetlinkMessage(NetlinkMessage.GET_NEIGHBOUR, NetlinkMessage.DUMP)
                        .put32(0)
                        .put32(0)
                        .put16(0)
                        .put8(NEIGHBOUR_PROXY)
                        .put8(0);
        List<ProxyNeighbour> found = new ArrayList<>();
        for (Received answer :
                answered(
                        "cannot list the proxy neighbours",
                        socket.exchange(request, NEIGHBOUR_FIXED))) {
            found.add(
                    new ProxyNeighbour(
                            toAddress(answer.octets(NDA_DST)),
                            nameOf(names, answer.fixed().getInt(4)),
                            answer.number8(NDA_PROTOCOL) == Route.PROTOCOL));
        }
        return found;
    }

    /// Removes every route and proxy neighbour that carries the mark of this program: what a crash
    /// left behind. Addresses on the device of a dead process went away with it.
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

    private static NetlinkMessage linkMessage(
            int type, int flags, int index, int linkFlags, int mask) {
        return new NetlinkMessage(type, flags).put32(0).put32(index).put32(linkFlags).put32(mask);
    }

    private static NetlinkMessage addressMessage(int type, int flags, int index, Prefix address) {
        byte[] octets = address.address().getAddress();
        return new NetlinkMessage(type, flags | NetlinkMessage.ACK)
                .put8(family(octets))
                .put8(address.length())
                .put8(address.isIpv4() ? 0 : ADDRESS_NO_DAD)
                .put8(0)
                .put32(index)
                .attribute(IFA_LOCAL, octets)
                .attribute(IFA_ADDRESS, octets);
    }

    private static NetlinkMessage neighbourMessage(
            int type, int flags, int index, InetAddress address) {
        byte[] octets = address.getAddress();
        return new NetlinkMessage(type, flags | NetlinkMessage.ACK)
                .put32(family(octets))
                .put32(index)
                .put16(NEIGHBOUR_PERMANENT)
                .put8(NEIGHBOUR_PROXY)
                .put8(0)
                .attribute(NDA_DST, octets);
    }

    static int family(byte[] address) {
        return address.length == 4 ? Linux.AF_INET : Linux.AF_INET6;
    }

    static InetAddress toAddress(byte[] octets) throws UnknownHostException {
        return InetAddress.getByAddress(octets);
    }

    private static Link toLink(Received answer) {
        ByteBuffer fixed = answer.fixed();
        return new Link(
                fixed.getInt(4),
                answer.text(IFLA_IFNAME),
                answer.number(IFLA_MTU, 0),
                (fixed.getInt(8) & LINK_UP) != 0,
                Link.COLONS.formatHex(answer.octets(IFLA_ADDRESS)));
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
