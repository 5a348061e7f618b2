package dev.postern.bench;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.Selector;
import dev.postern.esp.UdpEndpoint;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.gateway.dataplane.DataPlanePort;
import dev.postern.gateway.dataplane.InnerSide;
import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.TunDevice;
import dev.postern.net.TunOptions;
import dev.postern.net.UdpSocket;
import dev.postern.net.UdpSocketOptions;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// One end of a tunnel with fixed keys: the data plane alone, without IKE. For measurements only.
///
/// Arguments: outer address, the peer's outer address, inner address, the peer's inner address. The
/// keys follow from the order of the inner addresses.
public final class EspEnd {
    static final String READY = "the tunnel is ready";

    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.AES_GCM_16_128;
    private static final int PORT = 4500;

    /// What strongSwan's kernel-libipsec gives its own TUN device.
    private static final int MTU = 1400;

    private EspEnd() {}

    /// Runs until it is killed.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress here = new InetSocketAddress(arguments[0], PORT);
        InetSocketAddress there = new InetSocketAddress(arguments[1], PORT);
        InetAddress inside = InetAddress.getByName(arguments[2]);
        InetAddress beyond = InetAddress.getByName(arguments[3]);
        TunDevice device = TunDevice.open(TunOptions.named("postern%d").withMtu(MTU));
        try (Netlink netlink = Netlink.open()) {
            netlink.addAddress(device.name(), Prefix.parse(arguments[2] + "/24"));
            netlink.setUp(device.name());
        }
        UdpSocket socket = UdpSocket.open(UdpSocketOptions.bind(here));
        DataPlane dataPlane =
                DataPlane.start(
                        List.of(new DataPlanePort(socket, true)),
                        new InnerSide.Tun(device),
                        (local, remote, octets, marker) -> false,
                        new Silence());
        boolean first = arguments[2].compareTo(arguments[3]) < 0;
        dataPlane.install(
                new EspSaParameters(
                        first ? 1001 : 1002,
                        first ? 1002 : 1001,
                        ALGORITHM,
                        key(first ? 1 : 2),
                        key(first ? 2 : 1),
                        true,
                        new IvPrefix(first ? 1 : 2, 0),
                        List.of(Selector.host(inside)),
                        List.of(Selector.host(beyond)),
                        here,
                        there,
                        EspSaParameters.DEFAULT_REPLAY_WINDOW,
                        null,
                        EspSaParameters.Standing.CONFIRMED,
                        EspSaParameters.Sequences.NEW));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> OUT.println(dataPlane.metrics()), "metrics"));
        OUT.println(READY + ", offload " + device.offload());
        Thread.currentThread().join();
    }

    private static SecretBytes key(int seed) {
        byte[] octets = new byte[ALGORITHM.keyMaterialLength()];
        Arrays.fill(octets, (byte) seed);
        return SecretBytes.owning(octets);
    }

    private static final class Silence implements InboundEvidence {
        @Override
        public void firstPacket(int inboundSpi) {}

        @Override
        public void peerMoved(int inboundSpi, UdpEndpoint source) {}
    }
}
