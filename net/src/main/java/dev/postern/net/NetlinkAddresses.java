package dev.postern.net;

import dev.postern.net.NetlinkMessage.Received;

import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/// Addresses on interfaces as rtnetlink messages:
///
///     ifaddrmsg (8): family, prefix length, flags, scope (1 each), index (4)
final class NetlinkAddresses {
    static final int FIXED = 8;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_PROTO = 11;
    private static final int NO_DAD = 0x02;

    private NetlinkAddresses() {}

    static NetlinkMessage add(int index, Prefix address) {
        return message(
                        NetlinkMessage.NEW_ADDRESS,
                        NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE,
                        index,
                        address)
                .attribute8(IFA_PROTO, Route.PROTOCOL);
    }

    /// `ifa_cacheinfo` (16): preferred, valid (4 each, seconds), created, updated (4 each, the
    /// kernel's).
    static NetlinkMessage lend(int index, Prefix address, int seconds) {
        ByteBuffer lifetimes = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        lifetimes.putInt(0, seconds).putInt(4, seconds);
        return message(
                        NetlinkMessage.NEW_ADDRESS,
                        NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
                        index,
                        address)
                .attribute(IFA_CACHEINFO, lifetimes.array())
                .attribute8(IFA_PROTO, Route.PROTOCOL);
    }

    static NetlinkMessage delete(int index, Prefix address) {
        return message(NetlinkMessage.DELETE_ADDRESS, 0, index, address);
    }

    static NetlinkMessage list() {
        return new NetlinkMessage(NetlinkMessage.GET_ADDRESS, NetlinkMessage.DUMP)
                .put32(0)
                .put32(0);
    }

    static AssignedAddress read(Received answer, Map<Integer, String> names)
            throws UnknownHostException {
        byte[] local = answer.octets(IFA_LOCAL);
        byte[] octets = local.length == 0 ? answer.octets(IFA_ADDRESS) : local;
        return new AssignedAddress(
                new Prefix(Netlink.toAddress(octets), answer.fixed().get(1) & 0xff),
                Netlink.nameOf(names, answer.fixed().getInt(4)),
                answer.number8(IFA_PROTO) == Route.PROTOCOL);
    }

    private static NetlinkMessage message(int type, int flags, int index, Prefix address) {
        byte[] octets = address.address().getAddress();
        return new NetlinkMessage(type, flags | NetlinkMessage.ACK)
                .put8(Netlink.family(octets))
                .put8(address.length())
                .put8(address.isIpv4() ? 0 : NO_DAD)
                .put8(0)
                .put32(index)
                .attribute(IFA_LOCAL, octets)
                .attribute(IFA_ADDRESS, octets);
    }
}
