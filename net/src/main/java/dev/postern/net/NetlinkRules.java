package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;
import dev.postern.net.RoutingRule.Action;
import dev.postern.net.RoutingRule.SourcePort;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Rules of the routing policy as rtnetlink messages:
///
///     fib_rule_hdr (12): family, dst_len, src_len, tos, table, 2 reserved, action (1 each), flags (4)
final class NetlinkRules {
    static final int FIXED = 12;

    private static final int FRA_IIFNAME = 3;
    private static final int FRA_GOTO = 4;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_SUPPRESS_PREFIXLEN = 14;
    private static final int FRA_TABLE = 15;
    private static final int FRA_PROTOCOL = 21;
    private static final int FRA_IP_PROTO = 22;
    private static final int FRA_SPORT_RANGE = 23;
    private static final int TO_TABLE = 1;
    private static final int GO_TO = 2;
    private static final int NOTHING = 3;
    private static final int UNREACHABLE = 7;

    /// The flag of a rule for all that its conditions do not hold for.
    private static final int INVERTED = 2;

    /// The interface that the kernel calls incoming for what this host itself sends.
    private static final String OURSELVES = "lo";

    private static final int NONE = -1;

    private NetlinkRules() {}

    static NetlinkMessage add(RoutingRule rule) {
        return message(
                NetlinkMessage.NEW_RULE,
                NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE,
                rule);
    }

    static NetlinkMessage delete(RoutingRule rule) {
        return message(NetlinkMessage.DELETE_RULE, NetlinkMessage.ACK, rule);
    }

    static NetlinkMessage list() {
        return new NetlinkMessage(NetlinkMessage.GET_RULE, NetlinkMessage.DUMP)
                .put32(0)
                .put32(0)
                .put32(0);
    }

    private static NetlinkMessage message(int type, int flags, RoutingRule rule) {
        int table = tableOf(rule.action());
        NetlinkMessage message =
                new NetlinkMessage(type, flags)
                        .put8(rule.ipv4() ? Linux.AF_INET : Linux.AF_INET6)
                        .put8(0)
                        .put8(0)
                        .put8(0)
                        .put8(table < 256 ? table : 0)
                        .put8(0)
                        .put8(0)
                        .put8(numberOf(rule.action()))
                        .put32(rule.action() instanceof Action.SkipForwarded ? INVERTED : 0)
                        .attribute(FRA_PRIORITY, rule.priority())
                        .attribute8(FRA_PROTOCOL, Route.PROTOCOL);
        switch (rule.action()) {
            case Action.LookUp _ -> message.attribute(FRA_TABLE, table);
            case Action.LookUpLonger(_, int length) ->
                    message.attribute(FRA_TABLE, table).attribute(FRA_SUPPRESS_PREFIXLEN, length);
            case Action.GoTo(int priority) -> message.attribute(FRA_GOTO, priority);
            case Action.SkipForwarded(int priority) ->
                    message.attribute(FRA_GOTO, priority).attribute(FRA_IIFNAME, OURSELVES);
            case Action.Nothing _, Action.Unreachable _ -> {}
        }
        SourcePort source = rule.source();
        if (source != null) {
            byte[] range =
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.nativeOrder())
                            .putShort((short) source.port())
                            .putShort((short) source.port())
                            .array();
            message.attribute8(FRA_IP_PROTO, source.protocol()).attribute(FRA_SPORT_RANGE, range);
        }
        return message;
    }

    private static int tableOf(Action action) {
        return switch (action) {
            case Action.LookUp(int table) -> table;
            case Action.LookUpLonger(int table, _) -> table;
            case Action.GoTo _, Action.SkipForwarded _, Action.Nothing _, Action.Unreachable _ -> 0;
        };
    }

    private static int numberOf(Action action) {
        return switch (action) {
            case Action.LookUp _, Action.LookUpLonger _ -> TO_TABLE;
            case Action.GoTo _, Action.SkipForwarded _ -> GO_TO;
            case Action.Nothing _ -> NOTHING;
            case Action.Unreachable _ -> UNREACHABLE;
        };
    }

    /// The rule of an answer, where it carries the mark of this program.
    static Optional<RoutingRule> read(Received answer) {
        int family = answer.fixed().get(0);
        if (answer.number8(FRA_PROTOCOL) != Route.PROTOCOL
                || (family != Linux.AF_INET && family != Linux.AF_INET6)) {
            return Optional.empty();
        }
        int port = answer.number(FRA_SPORT_RANGE, 0) & 0xffff;
        return action(answer)
                .map(action ->
                        new RoutingRule(
                                family == Linux.AF_INET,
                                answer.number(FRA_PRIORITY, 0),
                                port == 0
                                        ? null
                                        : new SourcePort(answer.number8(FRA_IP_PROTO), port),
                                action));
    }

    private static Optional<Action> action(Received answer) {
        int table = answer.number(FRA_TABLE, answer.fixed().get(4) & 0xff);
        int length = answer.number(FRA_SUPPRESS_PREFIXLEN, NONE);
        return switch (answer.fixed().get(7)) {
            case TO_TABLE ->
                    Optional.of(
                            length == NONE
                                    ? new Action.LookUp(table)
                                    : new Action.LookUpLonger(table, length));
            case GO_TO -> Optional.of(jump(answer));
            case NOTHING -> Optional.of(new Action.Nothing());
            case UNREACHABLE -> Optional.of(new Action.Unreachable());
            default -> Optional.empty();
        };
    }

    private static Action jump(Received answer) {
        int priority = answer.number(FRA_GOTO, 0);
        boolean forwarded =
                (answer.fixed().getInt(8) & INVERTED) != 0
                        && answer.text(FRA_IIFNAME).equals(OURSELVES);
        return forwarded ? new Action.SkipForwarded(priority) : new Action.GoTo(priority);
    }
}
