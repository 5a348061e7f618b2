package dev.postern.host;

import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;
import dev.postern.net.RoutingRule;
import dev.postern.net.RoutingRule.Action;
import dev.postern.net.RoutingRule.SourcePort;
import dev.postern.net.UnreachableRoute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules by which packets find a tunnel's routes. Those stand in tables of their own, one for
/// each length of a prefix, and the rules ask them so that the longest prefix wins, as in one
/// table; at the same length the tunnel does:
///
///     5100 not iif lo goto 5102                     of what this host itself sends:
///     5101 ipproto udp sport 40500 goto 5399        what the tunnel sends is not for it
///     5102 nop
///     5311 lookup main suppress_prefixlength 24     what the host reaches by a longer prefix
///     5312 lookup 1305624                           10.1.0.0/24 dev postern0
///     5359 lookup main suppress_prefixlength 1      but for the host's default route
///     5360 lookup 1305600                           default dev postern0
///     5399 nop
///
/// Two routes to one half of all addresses each are a default route by another name: they do not
/// win over the tunnel's either. A tunnel for all addresses of a family whose route the kernel has
/// refused lets nothing of that family out (`5361 unreachable`).
///
/// Where a barrier is raised ([HostRoutes#bar]) each table has a second route to its prefix, of a
/// worse metric: when the device has gone, and its routes with it, packets end there.
///
///     unreachable default metric 2147483647         in table 1305600
///
/// A route of the host's own is never touched, and nothing leaves outside by its destination: a
/// gateway's address is as much inside the tunnel as any other, for everybody but the tunnel's
/// socket. Whoever can name a gateway, or forge its name's address, cannot have anything else sent
/// there in clear text.
///
/// Each client has a range of priorities, whose first one names it. Any thread may call.
final class TunnelRules {
    private static final int LOWEST = 5_100;
    private static final int HIGHEST = 32_000;
    private static final int SIZE = 300;
    private static final int LONGEST = 128;
    private static final int FORWARDED = 0;
    private static final int OUT = 1;
    private static final int OTHERS = 2;
    private static final int STAGES = 3;
    private static final int CLOSED = STAGES + 2 * (LONGEST + 1);
    private static final int END = SIZE - 1;

    /// A route of the host's to half of all addresses is no longer than its default route.
    private static final int HALF = 1;

    private final Netlink netlink;
    private final int first;
    private final boolean alone;
    private final List<RoutingRule> standing = new ArrayList<>();

    private TunnelRules(Netlink netlink, int first, boolean alone) {
        this.netlink = netlink;
        this.first = first;
        this.alone = alone;
    }

    /// Takes the first range that nobody has.
    static TunnelRules open(Netlink netlink, Journal journal) throws IOException {
        // An earlier client's rules of this device, which are about to go.
        Set<Integer> inherited =
                journal.changes().stream()
                        .flatMap(change ->
                                change instanceof Change.RulesAdded added
                                        ? Stream.of(added.first())
                                        : Stream.empty())
                        .collect(Collectors.toSet());
        Set<Integer> taken =
                netlink.ownRules().stream()
                        .map(RoutingRule::priority)
                        .filter(priority -> priority >= LOWEST && priority < HIGHEST)
                        .map(TunnelRules::rangeOf)
                        .collect(Collectors.toSet());
        for (int first = LOWEST; first + SIZE <= HIGHEST; first += SIZE) {
            if (taken.contains(first)) {
                continue;
            }
            Change.RulesAdded added = new Change.RulesAdded(first);
            journal.add(added);
            TunnelRules rules = new TunnelRules(netlink, first, inherited.containsAll(taken));
            // Another client may have come first: of two the kernel adds but one.
            if (netlink.addRule(rules.end(true))) {
                rules.standing.add(rules.end(true));
                return rules;
            }
            journal.remove(added);
        }
        throw new IOException(
                "all priorities of routing rules from "
                        + LOWEST
                        + " to "
                        + HIGHEST
                        + " are taken: see `ip rule`");
    }

    /// Whether nobody else's tunnel had rules when these were opened.
    boolean areAlone() {
        return alone;
    }

    private static int rangeOf(int priority) {
        return LOWEST + Math.floorDiv(priority - LOWEST, SIZE) * SIZE;
    }

    private RoutingRule end(boolean ipv4) {
        return new RoutingRule(ipv4, first + END, null, new Action.Nothing());
    }

    /// Where a route to a prefix of this length stands.
    int tableOf(int length) {
        return tableOf(first, length);
    }

    private static int tableOf(int first, int length) {
        return (first << 8) + length;
    }

    int first() {
        return first;
    }

    /// Where packets to a prefix end that its route does not take.
    UnreachableRoute barrier(Prefix subnet) {
        return barrier(first, subnet);
    }

    static UnreachableRoute barrier(int first, Prefix subnet) {
        return new UnreachableRoute(subnet, tableOf(first, subnet.length()));
    }

    /// Has packets of a family look for prefixes of this length, from now on.
    synchronized void ask(boolean ipv4, int length) throws IOException {
        add(end(ipv4));
        for (RoutingRule rule : stage(ipv4, length)) {
            add(rule);
        }
    }

    /// Lets nothing of a family out that none of its routes has taken.
    synchronized void closeFamily(boolean ipv4) throws IOException {
        add(closed(ipv4));
    }

    /// Its routes stand.
    synchronized void openFamily(boolean ipv4) throws IOException {
        remove(closed(ipv4));
    }

    private RoutingRule closed(boolean ipv4) {
        return new RoutingRule(ipv4, first + CLOSED, null, new Action.Unreachable());
    }

    /// Puts back what somebody else has deleted, those that lead past the tunnel first: a program
    /// that keeps the host's network may take every rule away that is not its own.
    ///
    /// @return how many were missing
    synchronized int keep() throws IOException {
        List<RoutingRule> there = netlink.ownRules();
        int missing = 0;
        for (RoutingRule rule :
                standing.stream()
                        .sorted(Comparator.comparingInt(TunnelRules::turn).reversed())
                        .toList()) {
            if (!there.contains(rule) && netlink.addRule(rule)) {
                missing++;
            }
        }
        return missing;
    }

    /// Nobody looks for them any more.
    synchronized void leave(boolean ipv4, int length) throws IOException {
        for (RoutingRule rule : stage(ipv4, length).reversed()) {
            remove(rule);
        }
    }

    private List<RoutingRule> stage(boolean ipv4, int length) {
        int priority = first + STAGES + 2 * (LONGEST - length);
        return List.of(
                new RoutingRule(
                        ipv4,
                        priority,
                        null,
                        new Action.LookUpLonger(Route.MAIN_TABLE, Math.max(length, HALF))),
                RoutingRule.lookUp(ipv4, priority + 1, tableOf(length)));
    }

    /// What this host sends from this port finds its way as if there were no tunnel.
    synchronized void letOut(boolean ipv4, SourcePort port) throws IOException {
        add(end(ipv4));
        add(new RoutingRule(ipv4, first + OTHERS, null, new Action.Nothing()));
        add(
                new RoutingRule(
                        ipv4, first + FORWARDED, null, new Action.SkipForwarded(first + OTHERS)));
        add(out(ipv4, port));
    }

    synchronized void letOutNoMore(boolean ipv4, SourcePort port) throws IOException {
        remove(out(ipv4, port));
    }

    private RoutingRule out(boolean ipv4, SourcePort port) {
        return new RoutingRule(ipv4, first + OUT, port, new Action.GoTo(first + END));
    }

    private void add(RoutingRule rule) throws IOException {
        if (!standing.contains(rule)) {
            netlink.addRule(rule);
            standing.add(rule);
        }
    }

    private void remove(RoutingRule rule) throws IOException {
        if (standing.remove(rule)) {
            netlink.deleteRule(rule);
        }
    }

    /// Takes a range's rules away, whoever has added them: those that lead into the tunnel before
    /// those that lead past it.
    static void undo(Change.RulesAdded added, Netlink netlink) throws IOException {
        List<RoutingRule> rules =
                netlink.ownRules().stream()
                        .filter(rule -> rangeOf(rule.priority()) == added.first())
                        .sorted(Comparator.comparingInt(TunnelRules::turn))
                        .toList();
        for (RoutingRule rule : rules) {
            netlink.deleteRule(rule);
        }
    }

    private static int turn(RoutingRule rule) {
        return switch (rule.action()) {
            case Action.LookUp _, Action.Unreachable _ -> 0;
            case Action.LookUpLonger _ -> 1;
            case Action.GoTo _ -> 2;
            case Action.SkipForwarded _ -> 3;
            case Action.Nothing _ -> 4;
        };
    }
}
