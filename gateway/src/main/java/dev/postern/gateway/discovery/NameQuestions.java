package dev.postern.gateway.discovery;

import org.xbill.DNS.Message;
import org.xbill.DNS.io.IoClientFactory;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// Questions to name servers, each from a port of its own that the kernel chooses (RFC 5452 section
/// 9.2) and that has its [WayOut] before the first packet leaves.
final class NameQuestions implements IoClientFactory {
    private static final int LARGEST = 65_535;
    private static final int IDENTIFIER = 2;

    private final WayOut wayOut;

    NameQuestions(WayOut wayOut) {
        this.wayOut = wayOut;
    }

    @Override
    public UdpIoClient createOrGetUdpClient() {
        return (_, server, _, question, _, patience) ->
                answer(() -> overUdp(server, question, patience));
    }

    @Override
    public TcpIoClient createOrGetTcpClient() {
        return (InetSocketAddress _,
                InetSocketAddress server,
                Message _,
                byte[] question,
                Duration patience) -> answer(() -> overTcp(server, question, patience));
    }

    private static CompletableFuture<byte[]> answer(Callable<byte[]> question) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("gateway-name")
                .start(() -> {
                    try {
                        answer.complete(question.call());
                    } catch (Exception e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    private byte[] overUdp(InetSocketAddress server, byte[] question, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (DatagramChannel channel = DatagramChannel.open(WayOut.familyOf(server));
                WayOut.Open _ = wayOut.of(channel, server)) {
            // What others send is not heard, and what ICMP says of the server is.
            channel.connect(server);
            channel.write(ByteBuffer.wrap(question));
            byte[] buffer = new byte[LARGEST];
            while (true) {
                channel.socket().setSoTimeout(left(deadline));
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                channel.socket().receive(packet);
                byte[] octets = Arrays.copyOf(buffer, packet.getLength());
                if (isTo(question, octets)) {
                    return octets;
                }
            }
        }
    }

    private static boolean isTo(byte[] question, byte[] answer) {
        return answer.length >= IDENTIFIER
                && Arrays.equals(question, 0, IDENTIFIER, answer, 0, IDENTIFIER);
    }

    /// RFC 1035 section 4.2.2: the length goes before the message.
    private byte[] overTcp(InetSocketAddress server, byte[] question, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (SocketChannel channel = SocketChannel.open(WayOut.familyOf(server));
                WayOut.Open _ = wayOut.of(channel, server)) {
            channel.socket().connect(server, left(deadline));
            ByteBuffer out = ByteBuffer.allocate(2 + question.length);
            out.putShort((short) question.length).put(question).flip();
            Channels.newOutputStream(channel).write(out.array());
            byte[] length = read(channel, 2, deadline);
            return read(channel, Short.toUnsignedInt(ByteBuffer.wrap(length).getShort()), deadline);
        }
    }

    private static byte[] read(SocketChannel channel, int octets, long deadline)
            throws IOException {
        byte[] read = new byte[octets];
        int at = 0;
        while (at < octets) {
            channel.socket().setSoTimeout(left(deadline));
            int more = channel.socket().getInputStream().read(read, at, octets - at);
            if (more < 0) {
                throw new EOFException("the name server has hung up");
            }
            at += more;
        }
        return read;
    }

    private static int left(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("in time");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
