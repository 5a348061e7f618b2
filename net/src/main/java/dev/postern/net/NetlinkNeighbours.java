package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/// Proxy neighbour entries as rtnetlink messages:
///
///     ndmsg (12): family (1), pad (3), index (4), state (2), flags (1), type (1)
final class NetlinkNeighbours {
    static final int FIXED = 12;

    private static final int NDA_DST = 1;
    private static final int NDA_PROTOCOL = 12;
    private static final int PROXY = 0x08;
    private static final int PERMANENT = 0x80;

    private NetlinkNeighbours() {}

    static NetlinkMessage add(int index, InetAddress address) {
        return message(
                        NetlinkMessage.NEW_NEIGHBOUR,
                        NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
                        index,
                        address)
                .attribute8(NDA_PROTOCOL, Route.PROTOCOL);
    }

    static NetlinkMessage delete(int index, InetAddress address) {
        return message(NetlinkMessage.DELETE_NEIGHBOUR, 0, index, address);
    }

    static NetlinkMessage list() {
        return new NetlinkMessage(NetlinkMessage.GET_NEIGHBOUR, NetlinkMessage.DUMP)
                .put32(0)
                .put32(0)
                .put16(0)
                .put8(PROXY)
                .put8(0);
    }

    static ProxyNeighbour read(Received answer, Map<Integer, String> names)
            throws UnknownHostException {
        return new ProxyNeighbour(
                Netlink.toAddress(answer.octets(NDA_DST)),
                Netlink.nameOf(names, answer.fixed().getInt(4)),
                answer.number8(NDA_PROTOCOL) == Route.PROTOCOL);
    }

    private static NetlinkMessage message(int type, int flags, int index, InetAddress address) {
        byte[] octets = address.getAddress();
        return new NetlinkMessage(type, flags | NetlinkMessage.ACK)
                .put32(Netlink.family(octets))
                .put32(index)
                .put16(PERMANENT)
                .put8(PROXY)
                .put8(0)
                .attribute(NDA_DST, octets);
    }
}
