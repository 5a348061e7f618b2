package dev.postern.gateway.daemon;

import dev.postern.ike.failover.GatewayOverview;
import dev.postern.ike.failover.GatewayOverview.Candidate;
import dev.postern.ike.failover.GatewayOverview.Name;
import dev.postern.ike.failover.Rank;
import dev.postern.wire.AddressText;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// What `postern client gateways` and `postern ctl gateways` show.
final class GatewaysText {
    private GatewaysText() {}

    static List<String> table(GatewayOverview overview) {
        List<String> lines = new ArrayList<>();
        lines.add(row("ORDER", "GATEWAY", "ADDRESS", "SOURCE", "RANK", "LAST RESULT"));
        int order = 0;
        for (Candidate each : overview.candidates()) {
            lines.add(row(String.valueOf(++order), each));
        }
        for (Candidate each : overview.waiting()) {
            lines.add(row("-", each));
        }
        for (Name each : overview.names()) {
            lines.add(
                    each.name()
                            + " ("
                            + each.source()
                            + "): "
                            + each.state()
                            + (each.againNanos() == 0
                                    ? ""
                                    : "; asked again in " + seconds(each.againNanos()) + " s"));
            each.passedOver().forEach(why -> lines.add("  passed over: " + why));
        }
        return lines;
    }

    private static String row(String order, Candidate each) {
        String source = each.source() + (each.origin().isEmpty() ? "" : " " + each.origin());
        return row(
                order,
                each.name(),
                AddressText.of(each.address()),
                source,
                rank(each),
                result(each));
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-5s  %-28s  %-24s  %-28s  %-9s  %s", (Object[]) cells)
                .stripTrailing();
    }

    private static String rank(Candidate each) {
        Rank rank = each.rank();
        return rank == null ? "-" : rank.priority() + "/" + rank.weight();
    }

    private static String result(Candidate each) {
        String result = each.lastResult();
        if (each.sinceNanos() > 0) {
            result += ", " + seconds(each.sinceNanos()) + " s ago";
        }
        if (each.avoidedForNanos() > 0) {
            result += "; avoided for " + (seconds(each.avoidedForNanos()) + 1) + " s";
        }
        return result;
    }

    static String json(GatewayOverview overview) {
        List<String> candidates = new ArrayList<>();
        int order = 0;
        for (Candidate each : overview.candidates()) {
            candidates.add(json(String.valueOf(++order), each));
        }
        overview.waiting().forEach(each -> candidates.add(json("null", each)));
        return "{\"gateways\":["
                + String.join(",", candidates)
                + "],\"names\":["
                + overview.names().stream().map(GatewaysText::json).collect(Collectors.joining(","))
                + "]}";
    }

    private static String json(String order, Candidate each) {
        Rank rank = each.rank();
        return "{\"order\":"
                + order
                + text("gateway", each.name())
                + text("address", AddressText.of(each.address()))
                + text("source", each.source().toString())
                + text("origin", each.origin())
                + (each.identity() == null
                        ? ",\"identity\":null"
                        : text("identity", each.identity().toString()))
                + ",\"priority\":"
                + (rank == null ? "null" : String.valueOf(rank.priority()))
                + ",\"weight\":"
                + (rank == null ? "null" : String.valueOf(rank.weight()))
                + ",\"serving\":"
                + each.serving()
                + text("lastResult", each.lastResult())
                + ",\"secondsAgo\":"
                + (each.sinceNanos() == 0 ? "null" : String.valueOf(seconds(each.sinceNanos())))
                + ",\"avoidedForMillis\":"
                + TimeUnit.NANOSECONDS.toMillis(each.avoidedForNanos())
                + "}";
    }

    private static String json(Name each) {
        return "{\"name\":"
                + EventLog.quote(each.name())
                + text("source", each.source().toString())
                + text("state", each.state())
                + ",\"passedOver\":["
                + each.passedOver().stream().map(EventLog::quote).collect(Collectors.joining(","))
                + "],\"againInMillis\":"
                + TimeUnit.NANOSECONDS.toMillis(each.againNanos())
                + "}";
    }

    private static String text(String name, String value) {
        return ",\"" + name + "\":" + EventLog.quote(value);
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
