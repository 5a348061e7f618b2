package dev.postern.gateway.daemon;

import dev.postern.host.Journal;
import dev.postern.host.ReversePath;
import dev.postern.host.TransportRules;
import dev.postern.net.ArpResponder;
import dev.postern.net.AssignedAddress;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Leads packets for peers in transport mode into the TUN device, although they are for the very
/// address that the encapsulated packets go to. The routes to the peers stand in a table of their
/// own; only what leaves from our UDP ports passes it by ([TransportRules]).
///
/// The same rules judge where a packet may come from: with the strict reverse path filter, which is
/// set on the device that has our address, a packet from the peer in clear text is dropped (RFC
/// 4301 section 5.2). That filter also keeps the kernel from answering the peer's ARP requests,
/// where it is a neighbour, so they are answered here. For IPv6 the kernel has no such filter. What
/// would outlive the process is in its journal before it is done. On one thread, but for [#keep].
final class TransportRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransportRoutes.class);

    private final Netlink netlink;
    private final String tun;
    private final TransportRules rules;
    private final ReversePath reversePath;
    private final Map<InetAddress, Set<Integer>> childSas = new ConcurrentHashMap<>();
    private final Set<InetAddress> filtered = ConcurrentHashMap.newKeySet();
    private final Map<String, ArpResponder> responders = new HashMap<>();

    private boolean keepingFailed;

    private TransportRoutes(
            Netlink netlink, String tun, TransportRules rules, ReversePath reversePath) {
        this.netlink = netlink;
        this.tun = tun;
        this.rules = rules;
        this.reversePath = reversePath;
    }

    /// @param ports our UDP ports
    /// @param journal where what changes on the host is noted
    /// @throws IOException where privileges are missing, or it cannot be noted
    static TransportRoutes open(String tun, Collection<Integer> ports, Journal journal)
            throws IOException {
        Netlink netlink = Netlink.open();
        try {
            return new TransportRoutes(
                    netlink,
                    tun,
                    TransportRules.open(netlink, journal, ports),
                    new ReversePath(journal));
        } catch (IOException | RuntimeException e) {
            netlink.close();
            throw e;
        }
    }

    /// A Child SA leads to this peer.
    ///
    /// @param local what our packets to it come from
    void add(int inboundSpi, InetAddress peer, InetAddress local) {
        childSas.computeIfAbsent(peer, _ -> new HashSet<>(2)).add(inboundSpi);
        try {
            filter(local);
            netlink.replaceRoute(route(peer).from(local));
        } catch (IOException e) {
            LOG.error("packets for {} do not reach its Child SA: {}", peer, e.getMessage());
        }
    }

    /// A Child SA is gone.
    void remove(int inboundSpi, InetAddress peer) {
        Set<Integer> leading = childSas.get(peer);
        if (leading == null || !leading.remove(inboundSpi) || !leading.isEmpty()) {
            return;
        }
        childSas.remove(peer);
        try {
            netlink.deleteRoute(route(peer));
        } catch (IOException e) {
            LOG.error("the route to {} could not be withdrawn: {}", peer, e.getMessage());
        }
    }

    private Route route(InetAddress peer) {
        return Route.through(tun, Prefix.host(peer)).inTable(rules.table());
    }

    private void filter(InetAddress local) throws IOException {
        if (!(local instanceof Inet4Address) || !filtered.add(local)) {
            return;
        }
        for (AssignedAddress assigned : netlink.addresses()) {
            if (assigned.address().address().equals(local)) {
                reversePath.makeStrict(assigned.device());
                answerNeighbours(assigned.device());
            }
        }
    }

    private void answerNeighbours(String device) {
        if (responders.containsKey(device)) {
            return;
        }
        try {
            responders.put(
                    device,
                    ArpResponder.open(
                            device,
                            (asked, asking) ->
                                    filtered.contains(asked) && childSas.containsKey(asking),
                            trouble ->
                                    LOG.warn(
                                            "a neighbour on {} is not answered: {}",
                                            device,
                                            trouble.getMessage())));
        } catch (IOException e) {
            LOG.error(
                    "peers that are neighbours on {} lose this host within seconds: {}",
                    device,
                    e.getMessage());
        }
    }

    /// Puts back what somebody else has deleted or set of what leads packets to us and keeps clear
    /// text out. On one thread, which may be another.
    ///
    /// @return how much was missing
    int keep() {
        try {
            int missing = rules.keep() + reversePath.keep();
            keepingFailed = false;
            return missing;
        } catch (IOException e) {
            if (!keepingFailed) {
                LOG.error(
                        "packets to peers in transport mode may leave as they are: {}",
                        e.getMessage());
            }
            keepingFailed = true;
            return 0;
        }
    }

    /// Withdraws everything, and puts the host back; the routes go with the device too.
    @Override
    public void close() {
        for (InetAddress peer : Set.copyOf(childSas.keySet())) {
            Set.copyOf(childSas.getOrDefault(peer, Set.of())).forEach(spi -> remove(spi, peer));
        }
        responders.values().forEach(ArpResponder::close);
        try {
            reversePath.restore();
        } catch (IOException e) {
            LOG.error("the reverse path filter is not what it was: {}", e.getMessage());
        }
        try {
            rules.restore();
        } catch (IOException e) {
            LOG.error("rules of transport mode could not be removed: {}", e.getMessage());
        }
        netlink.close();
    }
}
