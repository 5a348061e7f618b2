package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.radius.Nas;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The RADIUS servers of a gateway and how it speaks to them.
///
/// @param authentication servers in their order, at their port for authentication
/// @param accounting the same at their port for accounting; empty where there is none
/// @param source where requests are sent from; null leaves it to the kernel
/// @param orders null where no Disconnect- and CoA-Requests are received
public record Radius(
        Nas nas,
        @Nullable InetAddress source,
        RetryPolicy retry,
        List<Server> authentication,
        List<Server> accounting,
        Books books,
        @Nullable Orders orders) {
    /// How accounting is done.
    ///
    /// @param interimSeconds between interim records where the server does not say; 0 for never
    /// @param journal null where records die with the gateway
    /// @param limit records that wait at most
    public record Books(long interimSeconds, @Nullable Path journal, int limit) {}

    /// Who may disconnect sessions and change them.
    ///
    /// @param peers by address, with the secret shared with each
    public record Orders(
            InetSocketAddress listen, Map<InetAddress, SecretBytes> peers, long windowSeconds) {
        public Orders {
            peers = Map.copyOf(peers);
        }

        /// Never prints a secret.
        @Override
        public String toString() {
            return "Orders[" + listen + ", " + peers.keySet() + "]";
        }
    }

    public Radius {
        authentication = List.copyOf(authentication);
        accounting = List.copyOf(accounting);
    }
}
