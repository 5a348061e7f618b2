package dev.postern.host;

import dev.postern.net.Errno;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;
import dev.postern.net.RoutingRule.SourcePort;
import dev.postern.net.SystemCallException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Routes into the tunnel, and the ports whose packets stay out of it ([TunnelRules]). Any thread
/// may call.
public final class HostRoutes {
    private final Netlink netlink;
    private final String device;
    private final Journal journal;
    private final Set<Out> out = new HashSet<>();
    private @Nullable TunnelRules rules;
    private List<Prefix> tunnelled = List.of();
    private List<Prefix> barred = List.of();

    private record Out(boolean ipv4, SourcePort port) {}

    /// How prefixes of one length are found.
    private record Stage(boolean ipv4, int length) {
        static Stage of(Prefix prefix) {
            return new Stage(prefix.isIpv4(), prefix.length());
        }
    }

    public HostRoutes(Netlink netlink, String device, Journal journal) {
        this.netlink = netlink;
        this.device = device;
        this.journal = journal;
    }

    /// Routes these into the tunnel, and no longer what was before.
    ///
    /// @param sources our inner addresses, of which packets to a subnet come from one of its family
    public synchronized void tunnel(List<Prefix> subnets, List<InetAddress> sources)
            throws IOException {
        if (rules == null && subnets.isEmpty()) {
            return;
        }
        TunnelRules standing = opened();
        IOException refused = null;
        for (boolean ipv4 : new boolean[] {true, false}) {
            List<Prefix> ofFamily = subnets.stream().filter(each -> each.isIpv4() == ipv4).toList();
            try {
                if (!ofFamily.isEmpty()) {
                    letOut(standing, ipv4);
                }
                add(standing, ofFamily, sources);
                standing.openFamily(ipv4);
            } catch (IOException e) {
                // A host without one IP version still sends the other one into the tunnel.
                refused = e;
            }
        }
        leave(standing, subnets);
        tunnelled = List.copyOf(subnets);
        if (refused != null) {
            throw refused;
        }
    }

    /// Refuses what these subnets are sent and the tunnel does not take: from now on, after the end
    /// of this process too, until [#restore], or [Restoration] from the journal. What leaves from
    /// the ports that are let out still does.
    ///
    /// @throws IOException where it is not as high as it was to be
    public synchronized void bar(List<Prefix> subnets) throws IOException {
        TunnelRules standing = opened();
        journal.add(new Change.BarrierRaised(standing.first(), subnets));
        barred = List.copyOf(subnets);
        for (boolean ipv4 : new boolean[] {true, false}) {
            List<Prefix> ofFamily = subnets.stream().filter(each -> each.isIpv4() == ipv4).toList();
            try {
                for (Prefix subnet : ofFamily) {
                    netlink.addRoute(standing.barrier(subnet));
                }
                if (!ofFamily.isEmpty()) {
                    letOut(standing, ipv4);
                }
                for (Prefix subnet : ofFamily) {
                    standing.ask(ipv4, subnet.length());
                }
            } catch (SystemCallException e) {
                requireNoneOfItsVersion(e);
            }
        }
        tunnelled = List.copyOf(subnets);
    }

    /// A kernel without an IP version sends nothing of it.
    static void requireNoneOfItsVersion(SystemCallException refused) throws SystemCallException {
        if (refused.errno() != Errno.EAFNOSUPPORT && refused.errno() != Errno.EOPNOTSUPP) {
            throw refused;
        }
    }

    private void add(TunnelRules standing, List<Prefix> subnets, List<InetAddress> sources)
            throws IOException {
        IOException refused = null;
        for (Prefix subnet : subnets) {
            Route route = route(standing, subnet);
            InetAddress source =
                    sources.stream()
                            .filter(each -> Prefix.host(each).isIpv4() == subnet.isIpv4())
                            .findFirst()
                            .orElse(null);
            try {
                netlink.replaceRoute(source == null ? route : route.from(source));
            } catch (IOException e) {
                refused = e;
                if (subnet.length() == 0) {
                    standing.closeFamily(subnet.isIpv4());
                }
            }
        }
        // The ones that stand are used, whichever were refused.
        for (Prefix subnet : subnets) {
            standing.ask(subnet.isIpv4(), subnet.length());
        }
        if (refused != null) {
            throw refused;
        }
    }

    private void leave(TunnelRules standing, List<Prefix> subnets) throws IOException {
        List<Stage> wanted = subnets.stream().map(Stage::of).toList();
        for (Prefix old : tunnelled) {
            if (!wanted.contains(Stage.of(old))) {
                standing.leave(old.isIpv4(), old.length());
            }
            if (!subnets.contains(old)) {
                netlink.deleteRoute(route(standing, old));
            }
        }
    }

    private Route route(TunnelRules standing, Prefix subnet) {
        return Route.through(device, subnet).inTable(standing.tableOf(subnet.length()));
    }

    private TunnelRules opened() throws IOException {
        TunnelRules opened = rules;
        if (opened == null) {
            opened = TunnelRules.open(netlink, journal);
            rules = opened;
        }
        return opened;
    }

    private void letOut(TunnelRules standing, boolean ipv4) throws IOException {
        for (Out each : out) {
            if (each.ipv4() == ipv4) {
                standing.letOut(ipv4, each.port());
            }
        }
    }

    /// Whether another tunnel's rules stood before ours: of two tunnels the one whose rules come
    /// first has what both would carry.
    public synchronized boolean isBesideAnother() {
        return rules != null && !rules.areAlone();
    }

    /// Puts back what somebody else has deleted: the barrier's routes, then the rules.
    ///
    /// @return how many were missing
    public synchronized int keep() throws IOException {
        if (rules == null) {
            return 0;
        }
        int missing = 0;
        for (Prefix subnet : barred) {
            try {
                missing += netlink.addRoute(rules.barrier(subnet)) ? 1 : 0;
            } catch (SystemCallException e) {
                requireNoneOfItsVersion(e);
            }
        }
        return missing + rules.keep();
    }

    /// What this host sends from this port goes outside of the tunnel, wherever it goes to. The
    /// port is bound by then, so that no other program sends from it; what the host forwards for
    /// others from a port of the same number goes into the tunnel as the rest does.
    public synchronized void letOut(boolean ipv4, SourcePort port) throws IOException {
        Out added = new Out(ipv4, port);
        // A family of which nothing is tunnelled needs no rules, and the kernel may have none.
        if (!out.add(added) || rules == null || !isTunnelled(ipv4)) {
            return;
        }
        try {
            rules.letOut(ipv4, port);
        } catch (IOException e) {
            out.remove(added);
            throw e;
        }
    }

    private boolean isTunnelled(boolean ipv4) {
        return tunnelled.stream().anyMatch(each -> each.isIpv4() == ipv4);
    }

    /// The port is about to be given back.
    public synchronized void letOutNoMore(boolean ipv4, SourcePort port) throws IOException {
        if (out.remove(new Out(ipv4, port)) && rules != null) {
            rules.letOutNoMore(ipv4, port);
        }
    }

    /// Puts everything back. Routes into the tunnel go with its device.
    public synchronized void restore() throws IOException {
        rules = null;
        tunnelled = List.of();
        barred = List.of();
        for (Change change : journal.changes().reversed()) {
            if (change instanceof Change.RulesAdded || change instanceof Change.BarrierRaised) {
                undo(change, netlink);
                journal.remove(change);
            }
        }
    }

    /// Undoes what concerns packets.
    static void undo(Change change, Netlink netlink) throws IOException {
        switch (change) {
            case Change.RulesAdded added -> TunnelRules.undo(added, netlink);
            case Change.BarrierRaised(int first, List<Prefix> subnets) -> {
                for (Prefix subnet : subnets) {
                    try {
                        netlink.deleteRoute(TunnelRules.barrier(first, subnet));
                    } catch (SystemCallException e) {
                        requireNoneOfItsVersion(e);
                    }
                }
            }
            case Change.TransportRulesAdded added -> TransportRules.undo(added, netlink);
            case Change.ReversePathStrict _, Change.ResolverFile _, Change.ResolverLink _ -> {}
        }
    }
}
