package dev.postern.host;

import dev.postern.net.Netlink;
import dev.postern.net.Route;
import dev.postern.net.RoutingRule;
import dev.postern.net.RoutingRule.Action;
import dev.postern.net.RoutingRule.SourcePort;
import dev.postern.net.SystemCallException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The rules by which packets for peers in transport mode find the table with the routes to these,
/// although the encapsulated packets go to the very same addresses:
///
///     4800 ipproto udp sport 40500 lookup main      of a first process
///     4801 ipproto udp sport 4500 lookup main       of a second one
///     4900 lookup 4900                              192.0.2.10 dev postern0
///     4901 lookup 4901                              192.0.2.20 dev postern1
///
/// Each process on a host has a number of its own in both ranges. What any of them has encapsulated
/// passes the routes of all of them by: two may have the same peer. They come before those of
/// tunnels ([TunnelRules]): a peer's one address is the longest prefix there is. Any thread may
/// call.
public final class TransportRules {
    private static final int PASSING_BY = 4_800;
    private static final int LOOKING_UP = 4_900;
    private static final int PROCESSES = 100;

    private final Netlink netlink;
    private final Journal journal;
    private final Change.TransportRulesAdded added;
    private final List<RoutingRule> standing = new ArrayList<>();

    private TransportRules(Netlink netlink, Journal journal, Change.TransportRulesAdded added) {
        this.netlink = netlink;
        this.journal = journal;
        this.added = added;
    }

    /// Takes the first number that nobody has.
    ///
    /// @param ports our UDP ports, which are bound by then
    /// @throws IOException where privileges are missing or no number is left; then nothing is added
    public static TransportRules open(Netlink netlink, Journal journal, Collection<Integer> ports)
            throws IOException {
        TransportRules rules = claim(netlink, journal);
        try {
            for (boolean ipv4 : new boolean[] {true, false}) {
                rules.add(ipv4, ports);
            }
            return rules;
        } catch (IOException | RuntimeException e) {
            rules.restore();
            throw e;
        }
    }

    private static TransportRules claim(Netlink netlink, Journal journal) throws IOException {
        Set<Integer> taken =
                netlink.ownRules().stream().map(RoutingRule::priority).collect(Collectors.toSet());
        for (int number = 0; number < PROCESSES; number++) {
            Change.TransportRulesAdded added = new Change.TransportRulesAdded(number);
            if (taken.contains(PASSING_BY + number) || taken.contains(LOOKING_UP + number)) {
                continue;
            }
            journal.add(added);
            TransportRules rules = new TransportRules(netlink, journal, added);
            // Another process may have come first: of two the kernel adds but one.
            if (netlink.addRule(rules.lookUp(true))) {
                rules.standing.add(rules.lookUp(true));
                return rules;
            }
            journal.remove(added);
        }
        throw new IOException(
                "all priorities of routing rules from "
                        + LOOKING_UP
                        + " to "
                        + (LOOKING_UP + PROCESSES)
                        + " are taken: see `ip rule`");
    }

    private void add(boolean ipv4, Collection<Integer> ports) throws IOException {
        try {
            for (int port : ports) {
                add(
                        new RoutingRule(
                                ipv4,
                                PASSING_BY + added.number(),
                                SourcePort.udp(port),
                                new Action.LookUp(Route.MAIN_TABLE)));
            }
            add(lookUp(ipv4));
        } catch (SystemCallException e) {
            HostRoutes.requireNoneOfItsVersion(e);
        }
    }

    private void add(RoutingRule rule) throws IOException {
        if (!standing.contains(rule)) {
            netlink.addRule(rule);
            standing.add(rule);
        }
    }

    private RoutingRule lookUp(boolean ipv4) {
        return RoutingRule.lookUp(ipv4, LOOKING_UP + added.number(), table());
    }

    /// Where the routes to our peers stand.
    public int table() {
        return LOOKING_UP + added.number();
    }

    /// Puts back what somebody else has deleted, those that lead past the routes first.
    ///
    /// @return how many were missing
    public synchronized int keep() throws IOException {
        if (standing.isEmpty()) {
            return 0;
        }
        List<RoutingRule> there = netlink.ownRules();
        int missing = 0;
        for (RoutingRule rule :
                standing.stream().sorted(Comparator.comparingInt(RoutingRule::priority)).toList()) {
            if (!there.contains(rule) && netlink.addRule(rule)) {
                missing++;
            }
        }
        return missing;
    }

    /// Takes them away.
    public synchronized void restore() throws IOException {
        standing.clear();
        undo(added, netlink);
        journal.remove(added);
    }

    /// Takes a process's rules away, whoever has added them: that which leads to the routes before
    /// those that lead past them.
    static void undo(Change.TransportRulesAdded added, Netlink netlink) throws IOException {
        Predicate<RoutingRule> ofItsNumber =
                rule ->
                        rule.priority() == PASSING_BY + added.number()
                                || rule.priority() == LOOKING_UP + added.number();
        for (RoutingRule rule :
                netlink.ownRules().stream()
                        .filter(ofItsNumber)
                        .sorted(Comparator.comparingInt(RoutingRule::priority).reversed())
                        .toList()) {
            netlink.deleteRule(rule);
        }
    }

    /// Whether a process can have this number.
    static boolean isNumber(int number) {
        return number >= 0 && number < PROCESSES;
    }
}
