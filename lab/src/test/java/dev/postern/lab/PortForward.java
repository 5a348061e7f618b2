package dev.postern.lab;

import dev.postern.net.TunDevice;
import dev.postern.net.TunOptions;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/// What stands before a gateway in somebody's private network, as a process: packets for a public
/// address get the private one as their destination, and what comes back gets the public one as its
/// source. Unlike behind a [UdpNat] the gateway sees where its clients really are.
///
/// The kernel sends it both directions through a TUN device, for it has no NAT of its own here.
final class PortForward {
    private static final int LARGEST = 65_535;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int HEADER_CHECKSUM = 10;
    private static final int UDP_CHECKSUM = 6;
    private static final int UDP = 17;

    private final byte[] outside;
    private final byte[] inside;

    private PortForward(String outside, String inside) {
        this.outside = InetAddress.ofLiteral(outside).getAddress();
        this.inside = InetAddress.ofLiteral(inside).getAddress();
    }

    private void run(TunDevice tun) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LARGEST);
            System.out.println("forward-ready");
            while (true) {
                int length = tun.read(buffer, 0, LARGEST, -1);
                byte[] packet = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                if (length >= 28 && packet[0] >> 4 == 4 && rewrite(packet)) {
                    MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
                    tun.write(buffer, 0, length);
                }
            }
        }
    }

    private boolean rewrite(byte[] packet) {
        if (isAt(packet, DESTINATION, outside)) {
            System.arraycopy(inside, 0, packet, DESTINATION, inside.length);
        } else if (isAt(packet, SOURCE, inside)) {
            System.arraycopy(outside, 0, packet, SOURCE, outside.length);
        } else {
            return false;
        }
        int header = (packet[0] & 0xf) * 4;
        ByteBuffer octets = ByteBuffer.wrap(packet);
        if (packet[9] == UDP) {
            // None (RFC 768).
            octets.putShort(header + UDP_CHECKSUM, (short) 0);
        }
        octets.putShort(HEADER_CHECKSUM, (short) 0);
        int sum = 0;
        for (int i = 0; i < header; i += 2) {
            sum += octets.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        octets.putShort(HEADER_CHECKSUM, (short) ~sum);
        return true;
    }

    private static boolean isAt(byte[] packet, int offset, byte[] address) {
        return Arrays.equals(packet, offset, offset + address.length, address, 0, address.length);
    }

    /// Starts it on a router between the gateway's private network and the outside.
    ///
    /// @param outside the router's interface where `publicly` is asked for
    /// @param inside the router's interface behind which `privately` is
    static LabProcess start(
            NetworkNamespace router,
            String outside,
            String publicly,
            String inside,
            String privately) {
        LabProcess process =
                router.forwarding()
                        .start(
                                "forward",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PortForward.class.getName(),
                                publicly,
                                privately);
        process.awaitLine("forward-ready", SecureDomain.SOON);
        router.ip("link", "set", "forward", "up");
        router.ip("route", "add", publicly + "/32", "dev", "forward");
        router.ip("neigh", "add", "proxy", publicly, "dev", outside);
        router.ip("route", "add", "default", "dev", "forward", "table", "100");
        router.ip("rule", "add", "iif", inside, "lookup", "100");
        return process;
    }

    /// `PortForward PUBLIC PRIVATE`.
    public static void main(String[] arguments) throws IOException {
        try (TunDevice tun = TunDevice.open(TunOptions.plain("forward"))) {
            new PortForward(arguments[0], arguments[1]).run(tun);
        }
    }
}
