package dev.postern.gateway.discovery;

import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// A name server that says what no honest one does, over UDP on loopback.
final class ScriptedNameServer implements AutoCloseable {
    private final DatagramSocket socket;

    private ScriptedNameServer(DatagramSocket socket) {
        this.socket = socket;
    }

    /// @param answer the records for a question
    static ScriptedNameServer start(Function<Record, List<Record>> answer) throws IOException {
        return raw(query -> {
            Message reply = new Message(query.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setFlag(Flags.RA);
            reply.addRecord(query.getQuestion(), Section.QUESTION);
            answer.apply(query.getQuestion())
                    .forEach(record -> reply.addRecord(record, Section.ANSWER));
            return reply.toWire(65_000);
        });
    }

    /// @param answer octets, whatever they mean
    static ScriptedNameServer raw(Function<Message, byte[]> answer) throws IOException {
        DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(() -> serve(socket, answer));
        return new ScriptedNameServer(socket);
    }

    private static void serve(DatagramSocket socket, Function<Message, byte[]> answer) {
        byte[] buffer = new byte[4_096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                byte[] reply = answer.apply(query);
                socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    @Override
    public void close() {
        socket.close();
    }
}
