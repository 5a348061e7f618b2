package dev.postern.gateway.dhcp;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.Consumer;

/// The socket of one DHCP server: from our own address and the port that servers answer relays at
/// (RFC 2131 section 4.1). It is connected, so datagrams of others do not come in.
public final class DhcpSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpSocket.class);
    private static final int PORT = 67;
    private static final int LONGEST = 1_500;

    private final DatagramSocket socket;
    private final Thread receiver;

    private DhcpSocket(DatagramSocket socket, Consumer<byte[]> sink) {
        this.socket = socket;
        this.receiver =
                Thread.ofPlatform().daemon().name("dhcp").unstarted(() -> receiveInto(sink));
    }

    /// @param relay our address on the network of the clients' addresses
    /// @param sink takes each datagram, on a thread of the socket's own
    /// @throws IOException with what to do where the port is taken or a privilege is missing
    public static DhcpSocket open(InetAddress relay, InetAddress server, Consumer<byte[]> sink)
            throws IOException {
        try {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(relay, PORT));
            socket.connect(new InetSocketAddress(server, PORT));
            DhcpSocket opened = new DhcpSocket(socket, sink);
            opened.receiver.start();
            return opened;
        } catch (SocketException e) {
            throw new IOException(
                    "cannot ask DHCP server "
                            + server.getHostAddress()
                            + " from "
                            + relay.getHostAddress()
                            + " port 67: "
                            + e.getMessage()
                            + "; the address must be this host's, the port free, and ports below"
                            + " 1024 need CAP_NET_BIND_SERVICE",
                    e);
        }
    }

    /// Sends a message; one that cannot be sent is lost, and will be sent again.
    public void send(byte[] message) {
        try {
            socket.send(new DatagramPacket(message, message.length));
        } catch (IOException e) {
            LOG.debug("a message to the DHCP server was not sent: {}", e.getMessage());
        }
    }

    private void receiveInto(Consumer<byte[]> sink) {
        byte[] octets = new byte[LONGEST];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(octets, octets.length);
            try {
                socket.receive(packet);
                sink.accept(Arrays.copyOf(octets, packet.getLength()));
            } catch (IOException e) {
                // ICMP says that nobody listens there, or we are closed; retransmissions go on.
                LOG.debug("the DHCP server is not there: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
