package dev.postern.gateway.daemon;

import dev.postern.net.ArpResponder;
import dev.postern.net.AssignedAddress;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;
import dev.postern.net.RoutingRule;
import dev.postern.net.Sysctl;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Leads packets for peers in transport mode into the TUN device, although they are for the very
/// address that the encapsulated packets go to. The routes to the peers stand in a table of their
/// own; only what leaves from our UDP ports passes it by:
///
///     priority 5080 ipproto udp sport 4500 lookup main
///     priority 5081 lookup 5081:  192.0.2.10 dev postern0 src 192.0.2.1
///
/// The same rules judge where a packet may come from: with the strict reverse path filter, which is
/// set on the device that has our address, a packet from the peer in clear text is dropped (RFC 4301
/// section 5.2). That filter also keeps the kernel from answering the peer's ARP requests, where it
/// is a neighbour, so they are answered here. For IPv6 the kernel has no such filter. On one thread.
final class TransportRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransportRoutes.class);
    private static final int PASSING_BY = 5080;
    private static final int TABLE = 5081;

    private final Netlink netlink;
    private final String tun;
    private final List<RoutingRule> rules = new ArrayList<>();
    private final Map<InetAddress, Set<Integer>> childSas = new ConcurrentHashMap<>();
    private final Set<InetAddress> filtered = ConcurrentHashMap.newKeySet();
    private final Map<String, ArpResponder> responders = new HashMap<>();

    private TransportRoutes(Netlink netlink, String tun) {
        this.netlink = netlink;
        this.tun = tun;
    }

    /// @param ports our UDP ports
    /// @throws IOException where privileges are missing
    static TransportRoutes open(String tun, Collection<Integer> ports) throws IOException {
        Netlink netlink = Netlink.open();
        TransportRoutes routes = new TransportRoutes(netlink, tun);
        try {
            // A killed process leaves its rules behind; with no route in the table they are inert,
            // but ours must come first.
            for (RoutingRule leftover : netlink.ownRules()) {
                if (leftover.priority() == PASSING_BY || leftover.priority() == TABLE) {
                    netlink.deleteRule(leftover);
                }
            }
            for (boolean ipv4 : new boolean[] {true, false}) {
                for (int port : ports) {
                    routes.add(
                            new RoutingRule(
                                    ipv4,
                                    PASSING_BY,
                                    RoutingRule.SourcePort.udp(port),
                                    new RoutingRule.Action.LookUp(Route.MAIN_TABLE)));
                }
                routes.add(RoutingRule.lookUp(ipv4, TABLE, TABLE));
            }
            return routes;
        } catch (IOException | RuntimeException e) {
            routes.close();
            throw e;
        }
    }

    private void add(RoutingRule rule) throws IOException {
        netlink.addRule(rule);
        rules.add(rule);
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
        return Route.through(tun, Prefix.host(peer)).inTable(TABLE);
    }

    private void filter(InetAddress local) throws IOException {
        if (!(local instanceof Inet4Address) || !filtered.add(local)) {
            return;
        }
        for (AssignedAddress assigned : netlink.addresses()) {
            if (assigned.address().address().equals(local)) {
                Sysctl.setStrictReversePath(assigned.device());
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

    /// Withdraws everything; the routes go with the device too.
    @Override
    public void close() {
        for (InetAddress peer : Set.copyOf(childSas.keySet())) {
            Set.copyOf(childSas.getOrDefault(peer, Set.of())).forEach(spi -> remove(spi, peer));
        }
        responders.values().forEach(ArpResponder::close);
        for (RoutingRule rule : rules) {
            try {
                netlink.deleteRule(rule);
            } catch (IOException e) {
                LOG.error("the rule {} could not be removed: {}", rule, e.getMessage());
            }
        }
        netlink.close();
    }
}
