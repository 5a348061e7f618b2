package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// What a neighbour on the link sees: answers by proxy and announcements.
///
///     host eth0 10.9.0.2 --------- 10.9.0.1 eth0 gateway tun0 --- 10.9.0.77 (a client)
@Tag("privileged")
class NeighbourPrivilegedTest {
    private static final Inet4Address CLIENT = (Inet4Address) InetAddress.ofLiteral("10.9.0.77");
    private static final Inet6Address CLIENT6 =
            (Inet6Address) InetAddress.ofLiteral("2001:db8:9::77");
    private static final Inet6Address GATEWAY6 =
            (Inet6Address) InetAddress.ofLiteral("2001:db8:9::1");
    private static final String OLD_HARDWARE = "02:00:00:00:00:99";

    private final NetworkNamespace gateway = NetworkNamespace.create();
    private final NetworkNamespace host = NetworkNamespace.create();

    @BeforeEach
    void connect() throws Exception {
        NetworkNamespace.join(gateway, host);
        host.ip("address", "add", "10.9.0.2/24", "dev", "eth0");
        host.ip("address", "add", "2001:db8:9::2/64", "dev", "eth0", "nodad");
        gateway.call(() -> {
            try (Netlink netlink = Netlink.open()) {
                netlink.addAddress("eth0", Prefix.parse("10.9.0.1/24"));
                return netlink.addAddress("eth0", Prefix.parse("2001:db8:9::1/64"));
            }
        });
    }

    @AfterEach
    void end() {
        gateway.close();
        host.close();
    }

    @Test
    void aPacketForAProxiedAddressComesOutOfTheTunDevice() throws Exception {
        packetIsDrawn(CLIENT, "10.9.0.2", 4);
    }

    @Test
    void aPacketForAProxiedIpv6AddressComesOutOfTheTunDevice() throws Exception {
        packetIsDrawn(CLIENT6, "2001:db8:9::2", 6);
    }

    private void packetIsDrawn(InetAddress client, String from, int version) throws Exception {
        try (TunDevice tun = gateway.call(() -> TunDevice.open(TunOptions.plain("tun0")))) {
            gateway.call(() -> {
                Sysctl.setIpv4Forwarding("eth0", true);
                Sysctl.setIpv6Forwarding("eth0", true);
                Sysctl.setProxyNdp("eth0", true);
                Sysctl.setProxyDelay("eth0", 0);
                try (Netlink netlink = Netlink.open()) {
                    netlink.setUp("tun0");
                    netlink.addRoute(Route.through("tun0", Prefix.host(client)));
                    netlink.addProxyNeighbour("eth0", client);
                }
                return true;
            });
            UdpSocketOptions options =
                    UdpSocketOptions.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            MemorySegment buffer = Arena.ofAuto().allocate(2_048);
            try (UdpSocket socket = host.call(() -> UdpSocket.open(options))) {
                SendBatch out = SendBatch.allocate(Arena.ofAuto(), 1);
                out.add(Endpoint.of(client, 9_999), null, buffer, 0, 100);
                assertThat(socket.send(out, 0)).isZero();

                assertThat(readFrom(tun, buffer, client)).isEqualTo(version);
            }
        }
    }

    /// Reads up to the packet for an address; the kernel multicasts on the device as well.
    private static int readFrom(TunDevice tun, MemorySegment buffer, InetAddress destination)
            throws Exception {
        byte[] wanted = destination.getAddress();
        int at = wanted.length == 4 ? 16 : 24;
        while (tun.read(buffer, 0, 2_048, UdpFixture.PATIENCE_MILLIS) > 0) {
            if (buffer.asSlice(at, wanted.length).mismatch(MemorySegment.ofArray(wanted)) == -1) {
                return buffer.get(ValueLayout.JAVA_BYTE, 0) >> 4;
            }
        }
        return 0;
    }

    @Test
    void aGratuitousArpRequestMovesTheNeighboursEntry() throws Exception {
        entryMoves(CLIENT, socket -> socket.announceByArpRequest(CLIENT));
    }

    @Test
    void aGratuitousArpReplyMovesTheNeighboursEntry() throws Exception {
        entryMoves(CLIENT, socket -> socket.announceByArpReply(CLIENT));
    }

    @Test
    void anUnsolicitedAdvertisementMovesTheNeighboursEntry() throws Exception {
        entryMoves(CLIENT6, socket -> socket.announceNeighbour(CLIENT6, CLIENT6, false));
    }

    @Test
    void anAdvertisementFromTheProxysOwnAddressMovesTheNeighboursEntry() throws Exception {
        entryMoves(CLIENT6, socket -> socket.announceNeighbour(CLIENT6, GATEWAY6, true));
    }

    private interface Announcing {
        void by(PacketSocket socket) throws Exception;
    }

    private void entryMoves(InetAddress address, Announcing announcing) throws Exception {
        String entry = address.getHostAddress();
        host.ip("neigh", "replace", entry, "lladdr", OLD_HARDWARE, "dev", "eth0", "nud", "stale");
        assertThat(host.ip("neigh", "show", "to", entry)).contains(OLD_HARDWARE);
        String hardware;
        try (Netlink netlink = gateway.call(Netlink::open)) {
            hardware = netlink.existing("eth0").hardwareAddress();
        }

        try (PacketSocket socket = gateway.call(() -> PacketSocket.open("eth0"))) {
            announcing.by(socket);
        }

        assertThat(
                        NetworkNamespace.becomes(
                                () -> host.ip("neigh", "show", "to", entry).contains(hardware)))
                .isTrue();
    }
}
