package dev.postern.grid;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Finds out whether a member that is out of sight has ended. A machine that is up refuses a
/// connection to a port on which nobody listens: then the process is gone, not only the way to it.
/// Silence proves nothing, and neither does an open port.
final class Knock {
    private static final int PATIENCE_MILLIS = 1_000;

    private Knock() {}

    /// Whether the address refuses; waits a second at most.
    static boolean isRefused(InetAddress from, InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(address, PATIENCE_MILLIS);
            return false;
        } catch (ConnectException e) {
            // The JDK tells a refusal from a way that is cut by the words alone.
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException e) {
            return false;
        }
    }
}
