package dev.postern.gateway.tickets;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import javax.net.ssl.SSLSocket;

/// One connection to a ticket service that has proven itself and has said that it serves the
/// domain. One thread writes; the connection's own reads.
final class ServiceConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int HANDSHAKE_MILLIS = 3_000;

    /// After this much silence it is gone: every second something is asked, if only whether the
    /// service lives.
    private static final int SILENCE_MILLIS = 3_000;

    private static final int BUFFER = 1 << 16;

    private final Socket raw;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Consumer<TicketFrame> answers;
    private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();
    private volatile long lastHeard = System.nanoTime();
    private long lastWritten = System.nanoTime();

    private ServiceConnection(Socket raw, SSLSocket tls, Consumer<TicketFrame> answers)
            throws IOException {
        this.raw = raw;
        this.in = new DataInputStream(new BufferedInputStream(tls.getInputStream(), BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(tls.getOutputStream(), BUFFER));
        this.answers = answers;
    }

    /// Connects; nothing is asked of a service before it has shown a certificate with one of its
    /// names.
    static ServiceConnection open(
            TicketServicePlaces.Place place,
            MutualTls mutual,
            byte[] domain,
            Consumer<TicketFrame> answers)
            throws IOException {
        Socket raw = new Socket();
        try {
            raw.connect(place.address(), CONNECT_MILLIS);
            raw.setTcpNoDelay(true);
            raw.setSoTimeout(HANDSHAKE_MILLIS);
            SSLSocket tls = mutual.client(raw);
            if (MutualTls.admitted(tls, place.names()) == null) {
                throw new IOException(
                        "its certificate names "
                                + MutualTls.names(tls)
                                + ", wanted is one of "
                                + place.names());
            }
            ServiceConnection made = new ServiceConnection(raw, tls, answers);
            made.hello(domain);
            raw.setSoTimeout(SILENCE_MILLIS);
            Thread.ofVirtual().name("ticket-service-answers").start(made::read);
            return made;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /// In TLS 1.3 only an answer shows that the service has accepted our certificate.
    private void hello(byte[] domain) throws IOException {
        write(List.of(TicketFrame.of(TicketFrame.Op.HELLO, 0, 0, domain)));
        if (TicketFrame.read(in).code() != TicketFrame.Status.WELCOME.code()) {
            throw new IOException("it serves another secure domain");
        }
    }

    private void read() {
        try {
            while (true) {
                TicketFrame frame = TicketFrame.read(in);
                lastHeard = System.nanoTime();
                answers.accept(frame);
                Arrays.fill(frame.body(), (byte) 0);
            }
        } catch (EOFException e) {
            breakOff(new IOException("it has closed the connection", e));
        } catch (SocketTimeoutException e) {
            breakOff(new IOException("it was silent for " + SILENCE_MILLIS + " ms", e));
        } catch (IOException e) {
            breakOff(e);
        }
    }

    /// Writes all of them.
    ///
    /// @throws IOException why it is gone, where it is
    void write(List<TicketFrame> frames) throws IOException {
        try {
            for (TicketFrame frame : frames) {
                frame.write(out);
            }
            if (!frames.isEmpty()) {
                out.flush();
                lastWritten = System.nanoTime();
            }
        } catch (IOException e) {
            breakOff(e);
        }
        IOException reason = broken.get();
        if (reason != null) {
            throw reason;
        }
    }

    /// Ends it, from any thread; the socket below is closed, so that no writer can hold this up.
    void breakOff(IOException reason) {
        broken.compareAndSet(null, reason);
        close();
    }

    long lastWritten() {
        return lastWritten;
    }

    /// Nanoseconds for which the service has said nothing.
    long silentFor() {
        return System.nanoTime() - lastHeard;
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
