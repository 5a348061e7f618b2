package dev.postern.gateway.discovery;

import java.io.IOException;
import java.net.InetSocketAddress;

/// How a question of ours leaves this host although its packets go into a tunnel, which leads
/// nowhere for as long as no gateway is found.
@FunctionalInterface
public interface WayOut {
    /// There is no tunnel that takes this host's packets.
    WayOut NONE_NEEDED = (_, _) -> () -> {};

    /// By its number in the IP header.
    enum Transport {
        TCP(6),
        UDP(17);

        private final int number;

        Transport(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /// Until it is closed, at most as long as the port is bound.
    interface Open extends AutoCloseable {
        @Override
        void close();
    }

    /// @param local what the socket is bound to
    Open forSocket(Transport transport, InetSocketAddress local) throws IOException;
}
