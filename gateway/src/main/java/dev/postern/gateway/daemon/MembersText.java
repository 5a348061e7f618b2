package dev.postern.gateway.daemon;

import dev.postern.cluster.View;
import dev.postern.grid.Grid;
import dev.postern.grid.Holdings;
import dev.postern.grid.NodeState;
import dev.postern.grid.SiteState;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What `postern ctl members` shows.
///
/// @param copied whether what the cluster holds has all its copies
/// @param active the node that has the shared addresses, as far as is known here; empty for none
/// @param end of our certificate
/// @param now what the clock says
record MembersText(
        View view,
        boolean primary,
        boolean uniting,
        boolean copied,
        List<NodeState> nodes,
        String active,
        Holdings holdings,
        List<SiteState> sites,
        MembershipEnd end,
        Instant now) {
    static MembersText of(Grid grid, String active, MembershipEnd end, Instant now) {
        return new MembersText(
                grid.view(),
                grid.isPrimary(),
                grid.isUniting(),
                grid.isCopied(),
                grid.nodes(),
                active,
                grid.holdings(),
                grid.sites().states(),
                end,
                now);
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "view "
                        + view.number()
                        + " of "
                        + view.members().size()
                        + (primary
                                ? ", primary"
                                : ", not primary: sessions by reference and takeovers wait until"
                                        + " the other members are back or known to be down")
                        + (uniting
                                ? ", uniting what two sides knew: nothing changes hands until then"
                                : copied ? "" : ", copies on their way: stop no other member yet"));
        lines.add(row("NODE", "SITE", "NUMBER", "ADDRESS", "STATE", "ROLE"));
        for (NodeState node : nodes) {
            lines.add(
                    row(
                            node.node(),
                            node.site(),
                            node.number() < 0 ? "-" : String.valueOf(node.number()),
                            address(node.address()),
                            word(node),
                            role(node)));
        }
        lines.add(
                "here are "
                        + holdings.sessions()
                        + " sessions by reference, "
                        + holdings.notes()
                        + " notes of who owns what, "
                        + holdings.standby()
                        + " records of hot standby");
        sites.forEach(site -> lines.add("site " + site.site() + ": " + words(site)));
        lines.add(end.text(now));
        return lines;
    }

    private static String words(SiteState site) {
        if (site.self()) {
            return "ours";
        }
        return (site.seen() ? "in sight" : site.fenced() ? "fenced" : "out of sight")
                + (site.caughtUp() ? ", has sent us all that it had" : "");
    }

    private static String siteJson(SiteState site) {
        return "{\"site\":\""
                + site.site()
                + "\",\"self\":"
                + site.self()
                + ",\"seen\":"
                + site.seen()
                + ",\"caughtUp\":"
                + site.caughtUp()
                + ",\"fenced\":"
                + site.fenced()
                + "}";
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-24s %-12s %-7s %-24s %-6s %s", (Object[]) cells)
                .stripTrailing();
    }

    private String role(NodeState node) {
        List<String> roles = new ArrayList<>();
        if (node.node().equals(active)) {
            roles.add("active");
        }
        if (node.coordinator()) {
            roles.add("coordinator");
        }
        if (node.self()) {
            roles.add("this gateway");
        }
        return String.join(", ", roles);
    }

    String json() {
        return nodes.stream()
                .map(this::json)
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"view\":"
                                        + view.number()
                                        + ",\"primary\":"
                                        + primary
                                        + ",\"uniting\":"
                                        + uniting
                                        + ",\"copied\":"
                                        + copied
                                        + ",\"members\":[",
                                "],\"sessions\":"
                                        + holdings.sessions()
                                        + ",\"notes\":"
                                        + holdings.notes()
                                        + ",\"standby\":"
                                        + holdings.standby()
                                        + ",\"sites\":["
                                        + sites.stream()
                                                .map(MembersText::siteJson)
                                                .collect(Collectors.joining(","))
                                        + "],\"certificateEnd\":\""
                                        + end.end()
                                        + "\"}"));
    }

    /// Names and addresses are of the configuration's alphabet: nothing in them is to be escaped.
    private String json(NodeState node) {
        return "{\"node\":\""
                + node.node()
                + "\",\"site\":\""
                + node.site()
                + "\",\"number\":"
                + (node.number() < 0 ? "null" : String.valueOf(node.number()))
                + ",\"address\":\""
                + address(node.address())
                + "\",\"state\":\""
                + word(node)
                + "\",\"coordinator\":"
                + node.coordinator()
                + ",\"active\":"
                + node.node().equals(active)
                + ",\"self\":"
                + node.self()
                + "}";
    }

    private static String word(NodeState node) {
        return node.presence().name().toLowerCase(Locale.ROOT);
    }

    private static String address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
