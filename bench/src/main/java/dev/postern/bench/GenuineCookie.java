package dev.postern.bench;

import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;

/// How somebody gets a COOKIE of a gateway that is idle: by asking for so many sessions that are
/// not there that it wants one from everybody.
final class GenuineCookie {
    private static final int QUESTIONS = 20_000;
    private static final int MOST_DATAGRAM = 2048;
    private static final int REFERENCE = 16;

    private GenuineCookie() {}

    /// A resume by reference under a cookie that is good for it, from this address.
    static byte[] of(InetAddress from, int port) throws IOException {
        Garbage.Source questions =
                Garbage.RANDOM_REFERENCE.source(new Garbage.Overheard(new byte[0], 0, 0));
        Map<Long, Octets> references = new HashMap<>();
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            channel.configureBlocking(false);
            ByteBuffer buffer = ByteBuffer.allocate(MOST_DATAGRAM);
            for (int i = 0; i < QUESTIONS; i++) {
                byte[] question = questions.next();
                long spiI = ByteBuffer.wrap(question).getLong();
                references.put(spiI, Octets.of(question).slice(36, 36 + REFERENCE));
                channel.write(buffer.clear().putInt(0).put(question).flip());
                buffer.clear();
                byte[] found =
                        channel.read(buffer) > 0 ? answered(buffer.flip(), references) : null;
                if (found != null) {
                    return found;
                }
                Thread.onSpinWait();
            }
        }
        throw new IOException("the gateway asks nobody for a cookie");
    }

    private static byte @Nullable [] answered(ByteBuffer datagram, Map<Long, Octets> references)
            throws IOException {
        byte[] octets = new byte[datagram.remaining() - Integer.BYTES];
        datagram.position(Integer.BYTES).get(octets);
        try {
            Message message = MessageCodec.decode(octets);
            Payload.Notify cookie = Message.findNotify(message.payloads(), NotifyType.COOKIE);
            Octets reference = references.get(message.header().spiI());
            return cookie == null || reference == null
                    ? null
                    : Garbage.byReference(message.header().spiI(), reference, cookie.data());
        } catch (MalformedException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }
}
