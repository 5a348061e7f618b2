package dev.postern.lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A NAT as a process, for one host behind it: what comes to its ports 500 and 4500 goes on to the
/// gateway from ports of its own, and what the gateway sends to these goes back. It says where the
/// host sends a NAT keepalive. Once a file is there something happens to it: a [Turn].
final class UdpNat {
    private static final int LARGEST = 65_535;
    private static final int PATIENCE_MILLIS = 50;

    /// What the file brings about.
    enum Turn {
        /// It forgets its ports and takes others, as a NAT does that was restarted.
        REBINDS("nat-rebound"),
        /// It is overloaded: from now on whatever it carries, either way, has CE in its IP header
        /// (RFC 3168 section 5).
        MARKS("nat-marks");

        private final String line;

        Turn(String line) {
            this.line = line;
        }

        /// What it then prints.
        String line() {
            return line;
        }
    }

    private static final int CE = 3;

    /// What it prints for each NAT keepalive of the host: one octet of ones (RFC 3948 section 2.3).
    static final String KEEPALIVE = "nat-keepalive";

    private final Selector selector;
    private final Turn turn;
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
            this.near = DatagramChannel.open(StandardProtocolFamily.INET);
            near.bind(new InetSocketAddress(gateway.getPort())).configureBlocking(false);
            near.register(selector, SelectionKey.OP_READ);
            this.host = near.getLocalAddress();
            this.far = open();
        }

        private DatagramChannel open() throws IOException {
            DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.connect(gateway).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return channel;
        }

        void rebind() throws IOException {
            DatagramChannel before = far;
            far = open();
            before.close();
        }

        void mark() throws IOException {
            near.setOption(StandardSocketOptions.IP_TOS, CE);
            far.setOption(StandardSocketOptions.IP_TOS, CE);
        }

        void carry() throws IOException {
            for (SocketAddress from = receive(near); from != null; from = receive(near)) {
                host = from;
                if (buffer.remaining() == 1 && buffer.get(0) == (byte) 0xff) {
                    System.out.println(KEEPALIVE);
                }
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

    private UdpNat(String gateway, Turn turn) throws IOException {
        this.turn = turn;
        selector = Selector.open();
        for (int port : new int[] {500, 4500}) {
            bindings.add(new Binding(new InetSocketAddress(gateway, port)));
        }
    }

    private void run(Path sign) throws IOException {
        System.out.println("nat-ready");
        boolean turned = false;
        while (true) {
            selector.select(PATIENCE_MILLIS);
            selector.selectedKeys().clear();
            if (!turned && Files.exists(sign)) {
                for (Binding binding : bindings) {
                    switch (turn) {
                        case REBINDS -> binding.rebind();
                        case MARKS -> binding.mark();
                    }
                }
                turned = true;
                System.out.println(turn.line());
            }
            for (Binding binding : bindings) {
                binding.carry();
            }
        }
    }

    /// Starts it on a host.
    ///
    /// @param sign a file that is not there yet
    static LabProcess start(NetworkNamespace host, String gateway, Turn turn, Path sign) {
        LabProcess process =
                host.start(
                        "nat",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UdpNat.class.getName(),
                        gateway,
                        turn.name(),
                        sign.toString());
        process.awaitLine("nat-ready", SecureDomain.SOON);
        return process;
    }

    /// `UdpNat GATEWAY TURN FILE`.
    public static void main(String[] arguments) throws IOException {
        new UdpNat(arguments[0], Turn.valueOf(arguments[1])).run(Path.of(arguments[2]));
    }
}
