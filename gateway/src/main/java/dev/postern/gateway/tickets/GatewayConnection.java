package dev.postern.gateway.tickets;

import dev.postern.gateway.tickets.TicketServiceServer.Desk;
import dev.postern.gateway.tickets.TicketServiceServer.Doorman;

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
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

/// One connection at the service's end: a stranger's, until it has shown a certificate of one of
/// the domain's gateways, then that gateway's. It holds one question and what the kernel buffers:
/// who does not read its answers is not read from, and is cut off after a while.
final class GatewayConnection {
    /// For a handshake, and for one answer to be taken.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// A gateway says HELLO every second when it has nothing to ask.
    private static final int SILENCE_MILLIS = 30_000;

    private static final int BUFFER = 1 << 16;
    private static final long IDLE = 0;

    private final Socket raw;
    private final Doorman doorman;
    private volatile boolean admitted;

    /// Nanoseconds since which the other end is waited for; [#IDLE] where it need not do anything.
    private volatile long waitingSince = System.nanoTime();

    GatewayConnection(Socket raw, Doorman doorman) {
        this.raw = raw;
        this.doorman = doorman;
    }

    boolean isAdmitted() {
        return admitted;
    }

    /// Shakes hands, and answers questions until either end is done.
    ///
    /// @param gateways names of which the other end's certificate must hold one
    void serve(MutualTls tls, List<String> gateways, Desk desk) {
        try (Socket open = raw) {
            open.setTcpNoDelay(true);
            open.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
            SSLSocket secured = tls.server(open);
            String gateway = MutualTls.admitted(secured, gateways);
            if (gateway == null) {
                doorman.refused(
                        open,
                        "its certificate names "
                                + MutualTls.names(secured)
                                + ", none of them among the gateways");
                return;
            }
            waitingSince = IDLE;
            admitted = true;
            open.setSoTimeout(SILENCE_MILLIS);
            doorman.admitted(gateway, open);
            converse(secured, gateway, desk);
        } catch (IOException e) {
            doorman.refused(raw, String.valueOf(e.getMessage()));
        }
    }

    private void converse(SSLSocket secured, String gateway, Desk desk) {
        long questions = 0;
        String reason;
        try {
            BufferedInputStream buffered =
                    new BufferedInputStream(secured.getInputStream(), BUFFER);
            DataInputStream in = new DataInputStream(buffered);
            DataOutputStream out =
                    new DataOutputStream(
                            new BufferedOutputStream(secured.getOutputStream(), BUFFER));
            while (true) {
                TicketFrame question = TicketFrame.read(in);
                questions++;
                TicketFrame answer = desk.answer(gateway, question);
                Arrays.fill(question.body(), (byte) 0);
                write(answer, out, buffered.available() == 0);
                Arrays.fill(answer.body(), (byte) 0);
            }
        } catch (EOFException e) {
            reason = "it has closed the connection";
        } catch (SocketTimeoutException e) {
            reason = "it was silent for " + SILENCE_MILLIS + " ms";
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        doorman.left(gateway, questions, reason);
    }

    /// @param last whether nothing else is to be answered at present
    private void write(TicketFrame answer, DataOutputStream out, boolean last) throws IOException {
        waitingSince = System.nanoTime();
        answer.write(out);
        if (last) {
            out.flush();
        }
        waitingSince = IDLE;
    }

    /// Ends it where the other end is too slow.
    void cutOffIfSlow() {
        long since = waitingSince;
        if (since != IDLE && System.nanoTime() - since > PATIENCE_NANOS) {
            close();
        }
    }

    /// From any thread; the socket below is closed, which wakes whoever reads or writes.
    void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
