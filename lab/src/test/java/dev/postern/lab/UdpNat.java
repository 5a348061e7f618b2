package dev.postern.lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A NAT as a process, for one host behind it: what comes to its ports 500 and 4500 goes on to the
/// gateway from ports of its own, and what the gateway sends to these goes back. Once a file is
/// there it forgets them and takes others, as a NAT does that was restarted.
final class UdpNat {
    private static final int LARGEST = 65_535;
    private static final int PATIENCE_MILLIS = 50;

    private final Selector selector;
    private final List<Binding> bindings = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(LARGEST);

    /// One port and whoever sent to it last.
    private final class Binding {
        private final DatagramChannel near;
        private final InetSocketAddress gateway;
        private DatagramChannel far;
        private SocketAddress host;

        Binding(InetSocketAddress gateway) throws IOException {
            this.gateway = gateway;
            this.near = DatagramChannel.open();
            near.bind(new InetSocketAddress(gateway.getPort())).configureBlocking(false);
            near.register(selector, SelectionKey.OP_READ);
            this.host = near.getLocalAddress();
            this.far = open();
        }

        private DatagramChannel open() throws IOException {
            DatagramChannel channel = DatagramChannel.open();
            channel.connect(gateway).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return channel;
        }

        void rebind() throws IOException {
            DatagramChannel before = far;
            far = open();
            before.close();
        }

        void carry() throws IOException {
            for (SocketAddress from = receive(near); from != null; from = receive(near)) {
                host = from;
                far.write(buffer);
            }
            while (receive(far) != null) {
                near.send(buffer, host);
            }
        }

        private @Nullable SocketAddress receive(DatagramChannel channel) throws IOException {
            buffer.clear();
            SocketAddress from = channel.receive(buffer);
            buffer.flip();
            return from;
        }
    }

    private UdpNat(String gateway) throws IOException {
        selector = Selector.open();
        for (int port : new int[] {500, 4500}) {
            bindings.add(new Binding(new InetSocketAddress(gateway, port)));
        }
    }

    private void run(Path sign) throws IOException {
        System.out.println("nat-ready");
        boolean rebound = false;
        while (true) {
            selector.select(PATIENCE_MILLIS);
            selector.selectedKeys().clear();
            if (!rebound && Files.exists(sign)) {
                for (Binding binding : bindings) {
                    binding.rebind();
                }
                rebound = true;
                System.out.println("nat-rebound");
            }
            for (Binding binding : bindings) {
                binding.carry();
            }
        }
    }

    /// Starts it on a host.
    ///
    /// @param sign a file that is not there yet
    static LabProcess start(NetworkNamespace host, String gateway, Path sign) {
        LabProcess process =
                host.start(
                        "nat",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UdpNat.class.getName(),
                        gateway,
                        sign.toString());
        process.awaitLine("nat-ready", SecureDomain.SOON);
        return process;
    }

    /// `UdpNat GATEWAY FILE`.
    public static void main(String[] arguments) throws IOException {
        new UdpNat(arguments[0]).run(Path.of(arguments[1]));
    }
}
