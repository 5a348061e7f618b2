package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.nio.channels.ClosedChannelException;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Answers ARP requests (RFC 826) where the kernel keeps silent: with the strict reverse path
/// filter it answers nobody whom a route leads to by another interface, and a neighbour that is not
/// answered gives this host up within seconds.
///
/// A thread of its own reads what arrives on one interface. Needs CAP_NET_RAW.
public final class ArpResponder implements AutoCloseable {
    private final PacketSocket socket;
    private final WakeUp wakeUp;
    private final BiPredicate<Inet4Address, Inet4Address> answers;
    private final Consumer<IOException> trouble;
    private volatile boolean closed;

    private ArpResponder(
            PacketSocket socket,
            WakeUp wakeUp,
            BiPredicate<Inet4Address, Inet4Address> answers,
            Consumer<IOException> trouble) {
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.answers = answers;
        this.trouble = trouble;
    }

    /// Begins to answer on an interface.
    ///
    /// @param answers whether to answer for the first address where the second one asks; called on
    ///   the responder's thread, with whatever a stranger sends
    /// @param trouble takes what kept a neighbour without an answer, on the same thread
    public static ArpResponder open(
            String device,
            BiPredicate<Inet4Address, Inet4Address> answers,
            Consumer<IOException> trouble)
            throws IOException {
        PacketSocket socket = PacketSocket.openForArp(device);
        try {
            ArpResponder responder = new ArpResponder(socket, WakeUp.open(), answers, trouble);
            Thread.ofPlatform().daemon().name("arp-" + device).start(responder::run);
            return responder;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void run() {
        try (socket;
                Arena arena = Arena.ofConfined()) {
            PollSet pollSet = new PollSet(arena, 2);
            MemorySegment buffer = arena.allocate(ArpRequest.LENGTH);
            while (!closed) {
                if (socket.awaitReadable(wakeUp, pollSet)) {
                    answer(buffer.asSlice(0, socket.receive(buffer)).toArray(JAVA_BYTE));
                }
            }
        } catch (ClosedChannelException _) {
            // closed while it waited
        } catch (IOException e) {
            trouble.accept(e);
        } finally {
            wakeUp.close();
        }
    }

    private void answer(byte[] octets) throws ClosedChannelException {
        ArpRequest request = ArpRequest.parse(octets);
        if (request == null || !answers.test(request.asked(), request.asking())) {
            return;
        }
        try {
            socket.answer(request);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // The neighbour asks again.
            trouble.accept(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
