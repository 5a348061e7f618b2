package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;

/// Tells the neighbours on an Ethernet link that an address is now reached by this host: gratuitous
/// ARP (RFC 5227 section 2.3 and RFC 826) and unsolicited neighbour advertisements (RFC 4861
/// section 7.2.6). Neighbours that hold an old entry take the new hardware address at once.
///
/// Any thread may call. Needs CAP_NET_RAW.
public final class PacketSocket implements AutoCloseable {
    private static final int ETH_P_ARP = 0x0806;
    private static final int ETH_P_IPV6 = 0x86dd;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final byte[] ALL_HOSTS = {-1, -1, -1, -1, -1, -1};

    /// ff02::1 as an Ethernet address (RFC 2464 section 7).
    private static final byte[] ALL_NODES = {0x33, 0x33, 0, 0, 0, 1};

    private final Descriptor descriptor;
    private final Link link;
    private final byte[] hardwareAddress;

    private PacketSocket(int fd, Link link, byte[] hardwareAddress) {
        this.descriptor = new Descriptor(fd);
        this.link = link;
        this.hardwareAddress = hardwareAddress;
    }

    /// Opens a socket that sends on one interface with that interface's hardware address.
    public static PacketSocket open(String device) throws IOException {
        // Protocol 0: nothing is delivered to it.
        return open(device, 0);
    }

    /// Opens one that hears the ARP packets of the interface too.
    static PacketSocket openForArp(String device) throws IOException {
        PacketSocket socket = open(device, ETH_P_ARP);
        try (Arena arena = Arena.ofConfined()) {
            int fd = socket.descriptor.acquire();
            try {
                int result =
                        Libc.bind(
                                Libc.newCallState(arena),
                                fd,
                                socket.address(arena, ETH_P_ARP, new byte[0]),
                                SOCKADDR_LL_BYTES);
                if (result < 0) {
                    throw new SystemCallException("cannot hear ARP on " + device, -result);
                }
            } finally {
                socket.descriptor.release();
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static PacketSocket open(String device, int protocol) throws IOException {
        Link link;
        try (Netlink netlink = Netlink.open()) {
            link = netlink.existing(device);
        }
        byte[] hardwareAddress = Link.COLONS.parseHex(link.hardwareAddress());
        if (hardwareAddress.length != ALL_HOSTS.length) {
            throw new SystemCallException(
                    "cannot announce addresses on " + device,
                    Errno.EOPNOTSUPP,
                    "the interface has no Ethernet address");
        }
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    Libc.socket(
                            Libc.newCallState(arena),
                            Linux.AF_PACKET,
                            Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC,
                            Short.toUnsignedInt(Short.reverseBytes((short) protocol)));
            if (fd < 0) {
                throw new SystemCallException(
                        "cannot open a packet socket on " + device,
                        -fd,
                        fd == -Errno.EPERM
                                ? "this needs CAP_NET_RAW"
                                : "a unit with RestrictAddressFamilies must list AF_PACKET");
            }
            return new PacketSocket(fd, link, hardwareAddress);
        }
    }

    /// Broadcasts a gratuitous ARP request: what RFC 5227 calls an announcement.
    public void announceByArpRequest(Inet4Address address) throws IOException {
        send(
                "an ARP request for " + address.getHostAddress(),
                ETH_P_ARP,
                ALL_HOSTS,
                Announcement.arpRequest(address, hardwareAddress));
    }

    /// Broadcasts a gratuitous ARP reply, for neighbours that listen to this form only.
    public void announceByArpReply(Inet4Address address) throws IOException {
        send(
                "an ARP reply for " + address.getHostAddress(),
                ETH_P_ARP,
                ALL_HOSTS,
                Announcement.arpReply(address, hardwareAddress));
    }

    /// Multicasts an unsolicited neighbour advertisement with the override flag, to ff02::1.
    ///
    /// @param target the address that moved
    /// @param source an address of this interface: the target itself, or where this host is a proxy
    ///   for it, the link-local address
    /// @param isRouter what the neighbours are to believe of the target
    public void announceNeighbour(Inet6Address target, Inet6Address source, boolean isRouter)
            throws IOException {
        send(
                "a neighbour advertisement for " + target.getHostAddress(),
                ETH_P_IPV6,
                ALL_NODES,
                Announcement.neighbourAdvertisement(target, source, hardwareAddress, isRouter));
    }

    /// Answers one neighbour.
    void answer(ArpRequest request) throws IOException {
        send(
                "an ARP reply for " + request.asked().getHostAddress(),
                ETH_P_ARP,
                request.hardwareAddress(),
                request.answer(hardwareAddress));
    }

    /// Waits until something is there or `wakeUp` is signalled.
    boolean awaitReadable(WakeUp wakeUp, PollSet pollSet) throws IOException {
        int fd = descriptor.acquire();
        try {
            return wakeUp.awaitReadable(pollSet, fd, -1);
        } finally {
            descriptor.release();
        }
    }

    /// Takes one packet, from its network header on.
    ///
    /// @return its octets; 0 where there is none
    int receive(MemorySegment packet) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int fd = descriptor.acquire();
            try {
                return Math.max(
                        0,
                        Libc.recv(
                                Libc.newCallState(arena),
                                fd,
                                packet,
                                packet.byteSize(),
                                Linux.MSG_DONTWAIT));
            } finally {
                descriptor.release();
            }
        }
    }

    private void send(String what, int protocol, byte[] destination, byte[] octets)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(octets.length);
            MemorySegment.copy(octets, 0, packet, JAVA_BYTE, 0, octets.length);
            int fd = descriptor.acquire();
            try {
                int result =
                        Libc.sendto(
                                Libc.newCallState(arena),
                                fd,
                                packet,
                                octets.length,
                                0,
                                address(arena, protocol, destination),
                                SOCKADDR_LL_BYTES);
                if (result < 0) {
                    throw new SystemCallException(
                            "cannot send " + what + " on " + link.name(),
                            -result,
                            result == -Errno.ENETDOWN ? "the interface is down" : "");
                }
            } finally {
                descriptor.release();
            }
        }
    }

    /// `sockaddr_ll`: 0 family (2), 2 protocol (2, big endian), 4 interface (4), 8 type (2), 10
    /// kind (1), 11 address length (1), 12 address (8).
    private MemorySegment address(Arena arena, int protocol, byte[] destination) {
        MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 4);
        address.set(JAVA_SHORT, 0, (short) Linux.AF_PACKET);
        address.set(JAVA_SHORT.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 2, (short) protocol);
        address.set(JAVA_INT, 4, link.index());
        address.set(JAVA_BYTE, 11, (byte) destination.length);
        MemorySegment.copy(destination, 0, address, JAVA_BYTE, 12, destination.length);
        return address;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
