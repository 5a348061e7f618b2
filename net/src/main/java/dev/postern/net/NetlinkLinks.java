package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.nio.ByteBuffer;

/// Interfaces as rtnetlink messages:
///
///     ifinfomsg (16): family, pad (1 each), type (2), index (4), flags (4), change (4)
final class NetlinkLinks {
    static final int FIXED = 16;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int UP = 0x1;

    private NetlinkLinks() {}

    static NetlinkMessage list() {
        return message(NetlinkMessage.GET_LINK, NetlinkMessage.DUMP, 0, 0, 0);
    }

    static NetlinkMessage find(String name) {
        return message(NetlinkMessage.GET_LINK, NetlinkMessage.ACK, 0, 0, 0)
                .attribute(IFLA_IFNAME, name);
    }

    static NetlinkMessage changeState(int index, boolean up) {
        return message(NetlinkMessage.NEW_LINK, NetlinkMessage.ACK, index, up ? UP : 0, UP);
    }

    static NetlinkMessage changeMtu(int index, int mtu) {
        return message(NetlinkMessage.NEW_LINK, NetlinkMessage.ACK, index, 0, 0)
                .attribute(IFLA_MTU, mtu);
    }

    static Link read(Received answer) {
        ByteBuffer fixed = answer.fixed();
        return new Link(
                fixed.getInt(4),
                answer.text(IFLA_IFNAME),
                answer.number(IFLA_MTU, 0),
                (fixed.getInt(8) & UP) != 0,
                Link.COLONS.formatHex(answer.octets(IFLA_ADDRESS)));
    }

    private static NetlinkMessage message(int type, int flags, int index, int state, int mask) {
        return new NetlinkMessage(type, flags).put32(0).put32(index).put32(state).put32(mask);
    }
}
