package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Rules of the routing policy as rtnetlink messages:
///
///     fib_rule_hdr (12): family, dst_len, src_len, tos, table, 2 reserved, action (1 each), flags (4)
final class NetlinkRules {
    static final int FIXED = 12;

    private static final int FRA_PRIORITY = 6;
    private static final int FRA_TABLE = 15;
    private static final int FRA_PROTOCOL = 21;
    private static final int FRA_IP_PROTO = 22;
    private static final int FRA_SPORT_RANGE = 23;
    private static final int TO_TABLE = 1;
    private static final int UDP = 17;

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
        NetlinkMessage message =
                new NetlinkMessage(type, flags)
                        .put8(rule.ipv4() ? Linux.AF_INET : Linux.AF_INET6)
                        .put8(0)
                        .put8(0)
                        .put8(0)
                        .put8(rule.table() < 256 ? rule.table() : 0)
                        .put8(0)
                        .put8(0)
                        .put8(TO_TABLE)
                        .put32(0)
                        .attribute(FRA_PRIORITY, rule.priority())
                        .attribute(FRA_TABLE, rule.table())
                        .attribute8(FRA_PROTOCOL, Route.PROTOCOL);
        if (rule.udpSourcePort() != 0) {
            byte[] range =
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.nativeOrder())
                            .putShort((short) rule.udpSourcePort())
                            .putShort((short) rule.udpSourcePort())
                            .array();
            message.attribute8(FRA_IP_PROTO, UDP).attribute(FRA_SPORT_RANGE, range);
        }
        return message;
    }

    /// The rule of an answer, where it carries the mark of this program.
    static Optional<RoutingRule> read(Received answer) {
        int family = answer.fixed().get(0);
        if (answer.number8(FRA_PROTOCOL) != Route.PROTOCOL
                || (family != Linux.AF_INET && family != Linux.AF_INET6)) {
            return Optional.empty();
        }
        return Optional.of(
                new RoutingRule(
                        family == Linux.AF_INET,
                        answer.number(FRA_PRIORITY, 0),
                        answer.number(FRA_SPORT_RANGE, 0) & 0xffff,
                        answer.number(FRA_TABLE, answer.fixed().get(4) & 0xff)));
    }
}
