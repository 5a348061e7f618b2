package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// Routes as rtnetlink messages:
///
///     rtmsg (12): family, dst_len, src_len, tos, table, protocol, scope, type (1 each), flags (4)
final class NetlinkRoutes {
    static final int FIXED = 12;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_TABLE = 15;
    private static final int RTA_IP_PROTO = 27;
    private static final int RTA_SPORT = 28;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_NOWHERE = 255;
    private static final int UNICAST = 1;
    private static final int LOCAL = 2;
    private static final int UNREACHABLE = 7;

    private NetlinkRoutes() {}

    static NetlinkMessage add(Route route, int index, int mode) {
        boolean isOnLink = route.gateway() == null && route.destination().isIpv4();
        NetlinkMessage message =
                message(
                        NetlinkMessage.NEW_ROUTE,
                        NetlinkMessage.ACK | NetlinkMessage.CREATE | mode,
                        route,
                        index,
                        isOnLink ? SCOPE_LINK : SCOPE_UNIVERSE);
        InetAddress source = route.source();
        if (source != null) {
            message.attribute(RTA_PREFSRC, source.getAddress());
        }
        return message;
    }

    static NetlinkMessage delete(Route route, int index) {
        return message(
                NetlinkMessage.DELETE_ROUTE, NetlinkMessage.ACK, route, index, SCOPE_NOWHERE);
    }

    static NetlinkMessage add(UnreachableRoute route) {
        return message(
                NetlinkMessage.NEW_ROUTE,
                NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE,
                route,
                SCOPE_UNIVERSE);
    }

    static NetlinkMessage delete(UnreachableRoute route) {
        return message(NetlinkMessage.DELETE_ROUTE, NetlinkMessage.ACK, route, SCOPE_NOWHERE);
    }

    static NetlinkMessage list() {
        return new NetlinkMessage(NetlinkMessage.GET_ROUTE, NetlinkMessage.DUMP)
                .put32(0)
                .put32(0)
                .put32(0);
    }

    /// Which way a packet from this port would take.
    static NetlinkMessage way(InetAddress destination, RoutingRule.SourcePort source) {
        byte[] octets = destination.getAddress();
        byte[] port = {(byte) (source.port() >> 8), (byte) source.port()};
        return new NetlinkMessage(NetlinkMessage.GET_ROUTE, NetlinkMessage.ACK)
                .put8(Netlink.family(octets))
                .put8(octets.length * Byte.SIZE)
                .put8(0)
                .put8(0)
                .put32(0)
                .put32(0)
                .attribute(RTA_DST, octets)
                .attribute8(RTA_IP_PROTO, source.protocol())
                .attribute(RTA_SPORT, port);
    }

    /// The address that a packet would come from, by the answer to [#way]; empty where it would be
    /// dropped.
    static Optional<InetAddress> source(Received answer) {
        int type = answer.fixed().get(7);
        byte[] octets = answer.octets(RTA_PREFSRC);
        if ((type != UNICAST && type != LOCAL) || octets.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Netlink.toAddress(octets));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static NetlinkMessage message(int type, int flags, Route route, int index, int scope) {
        NetlinkMessage message =
                begun(type, flags, route.destination(), route.table())
                        .put8(route.protocol())
                        .put8(scope)
                        .put8(UNICAST)
                        .put32(0)
                        .attribute(RTA_DST, route.destination().address().getAddress())
                        .attribute(RTA_OIF, index)
                        .attribute(RTA_TABLE, route.table());
        InetAddress gateway = route.gateway();
        if (gateway != null) {
            message.attribute(RTA_GATEWAY, gateway.getAddress());
        }
        if (route.metric() != 0) {
            message.attribute(RTA_PRIORITY, route.metric());
        }
        return message;
    }

    private static NetlinkMessage message(int type, int flags, UnreachableRoute route, int scope) {
        return begun(type, flags, route.destination(), route.table())
                .put8(Route.PROTOCOL)
                .put8(scope)
                .put8(UNREACHABLE)
                .put32(0)
                .attribute(RTA_DST, route.destination().address().getAddress())
                .attribute(RTA_TABLE, route.table())
                .attribute(RTA_PRIORITY, UnreachableRoute.METRIC);
    }

    private static NetlinkMessage begun(int type, int flags, Prefix destination, int table) {
        return new NetlinkMessage(type, flags)
                .put8(Netlink.family(destination.address().getAddress()))
                .put8(destination.length())
                .put8(0)
                .put8(0)
                .put8(table < 256 ? table : 0);
    }

    /// The route of an answer; empty for what is not unicast, not IP or has several next hops.
    static Optional<Route> read(Received answer, Map<Integer, String> names) {
        ByteBuffer fixed = answer.fixed();
        int family = fixed.get(0);
        int index = answer.number(RTA_OIF, 0);
        if (fixed.get(7) != UNICAST
                || (family != Linux.AF_INET && family != Linux.AF_INET6)
                || index == 0) {
            return Optional.empty();
        }
        byte[] octets = answer.octets(RTA_DST);
        byte[] unspecified = new byte[family == Linux.AF_INET ? 4 : 16];
        try {
            return Optional.of(
                    new Route(
                            new Prefix(
                                    Netlink.toAddress(octets.length == 0 ? unspecified : octets),
                                    fixed.get(1) & 0xff),
                            Netlink.nameOf(names, index),
                            optionalAddress(answer.octets(RTA_GATEWAY)),
                            optionalAddress(answer.octets(RTA_PREFSRC)),
                            answer.number(RTA_PRIORITY, 0),
                            answer.number(RTA_TABLE, fixed.get(4) & 0xff),
                            fixed.get(5) & 0xff));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static @Nullable InetAddress optionalAddress(byte[] octets)
            throws UnknownHostException {
        return octets.length == 0 ? null : Netlink.toAddress(octets);
    }
}
