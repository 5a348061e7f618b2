package dev.postern.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A NAT between a client and its gateway, on port 4500 of both its sides, in which requests of
/// CREATE_CHILD_SA always cross: one is held back until there is one from the other side as well.
/// What goes to the client is marked as if the network had been congested (ECN). `CrossingRelay
/// TOWARDS-CLIENT TOWARDS-GATEWAY GATEWAY`.
final class CrossingRelay {
    private static final int PORT = 4500;
    private static final int MARKER = 4;
    private static final int CREATE_CHILD_SA = 36;
    private static final int RESPONSE = 0x20;
    private static final int CONGESTION_EXPERIENCED = 3;

    /// What is held back, going one way.
    private static final class Side {
        final DatagramChannel channel;
        final String name;
        final List<byte[]> held = new ArrayList<>();
        SocketAddress peer;

        Side(String name, String address, SocketAddress peer) throws IOException {
            this.name = name;
            this.peer = peer;
            channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
            channel.configureBlocking(false);
        }

        void send(byte[] octets) throws IOException {
            channel.send(ByteBuffer.wrap(octets), peer);
        }
    }

    private final Side client;
    private final Side gateway;
    private final Set<ByteBuffer> seen = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);

    private CrossingRelay(String towardsClient, String towardsGateway, String gatewayAddress)
            throws IOException {
        InetAddress nobody = InetAddress.ofLiteral("0.0.0.0");
        client = new Side("client", towardsClient, new InetSocketAddress(nobody, 0));
        InetAddress there = InetAddress.ofLiteral(gatewayAddress);
        gateway = new Side("gateway", towardsGateway, new InetSocketAddress(there, PORT));
    }

    public static void main(String[] arguments) throws IOException {
        new CrossingRelay(arguments[0], arguments[1], arguments[2]).run();
    }

    private void run() throws IOException {
        try (Selector selector = Selector.open()) {
            client.channel.register(selector, SelectionKey.OP_READ);
            gateway.channel.register(selector, SelectionKey.OP_READ);
            System.out.println("relays");
            while (true) {
                selector.select();
                selector.selectedKeys().clear();
                pump(client, gateway);
                pump(gateway, client);
            }
        }
    }

    private void pump(Side from, Side to) throws IOException {
        buffer.clear();
        for (SocketAddress source = from.channel.receive(buffer);
                source != null;
                source = from.channel.receive(buffer.clear())) {
            if (from == client) {
                from.peer = source;
            }
            byte[] octets = new byte[buffer.flip().remaining()];
            buffer.get(octets);
            if (isFresh(octets)) {
                from.held.add(octets);
                System.out.println("holds a request from the " + from.name);
            } else if (!isHeld(from, octets)) {
                to.send(octets);
            }
            if (!client.held.isEmpty() && !gateway.held.isEmpty()) {
                client.channel.setOption(StandardSocketOptions.IP_TOS, CONGESTION_EXPERIENCED);
                System.out.println("lets requests cross");
                release(client, gateway);
                release(gateway, client);
            }
        }
    }

    private static void release(Side from, Side to) throws IOException {
        for (byte[] octets : from.held) {
            to.send(octets);
        }
        from.held.clear();
    }

    private static boolean isHeld(Side from, byte[] octets) {
        return from.held.stream()
                .anyMatch(each -> ByteBuffer.wrap(each).equals(ByteBuffer.wrap(octets)));
    }

    /// Whether it is a request of CREATE_CHILD_SA that has not come before.
    private boolean isFresh(byte[] octets) {
        return octets.length >= MARKER + 28
                && ByteBuffer.wrap(octets).getInt() == 0
                && octets[MARKER + 18] == CREATE_CHILD_SA
                && (octets[MARKER + 19] & RESPONSE) == 0
                && seen.add(ByteBuffer.wrap(octets));
    }
}
