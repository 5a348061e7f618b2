package dev.postern.gateway.revocation;

import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.discovery.WayOut;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A connection to the server of a URL, by a [Reach] of it. A thread that is interrupted while it
/// waits here closes it.
final class Connection implements AutoCloseable {
    private static final int MOST_ADDRESSES = 4;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final SocketChannel channel;
    private final WayOut.Open way;
    private final Socket socket;

    private Connection(SocketChannel channel, WayOut.Open way, Socket socket) {
        this.channel = channel;
        this.way = way;
        this.socket = socket;
    }

    /// Connects to the first of the server's addresses that answers.
    ///
    /// @param limit for all of them; who calls bounds the time of names and of TLS
    static Connection open(URI address, Reach reach, SSLSocketFactory tls, Duration limit)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String host = hostOf(address);
        List<InetAddress> addresses =
                reach.hosts().addressesOf(host).stream().limit(MOST_ADDRESSES).toList();
        IOException trouble = new IOException(host + " has no address");
        for (int i = 0; i < addresses.size(); i++) {
            long share = (deadline - System.nanoTime()) / (addresses.size() - i);
            InetSocketAddress server = new InetSocketAddress(addresses.get(i), portOf(address));
            try {
                return connect(server, reach, isSecure(address) ? tls : null, host, share);
            } catch (IOException e) {
                trouble = e;
            }
        }
        throw trouble;
    }

    private static Connection connect(
            InetSocketAddress server,
            Reach reach,
            @Nullable SSLSocketFactory tls,
            String host,
            long limit)
            throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(limit);
        if (millis <= 0) {
            throw new SocketTimeoutException("no connection in time");
        }
        SocketChannel channel = SocketChannel.open(WayOut.familyOf(server));
        WayOut.@Nullable Open way = null;
        try {
            way = reach.wayOut().of(channel, server);
            channel.socket().connect(server, (int) Math.min(millis, Integer.MAX_VALUE));
            Socket socket = tls == null ? channel.socket() : secured(channel, tls, host);
            return new Connection(channel, way, socket);
        } catch (IOException e) {
            if (way != null) {
                way.close();
            }
            channel.close();
            throw e;
        }
    }

    private static SSLSocket secured(SocketChannel channel, SSLSocketFactory tls, String host)
            throws IOException {
        if (!(tls.createSocket(channel.socket(), host, channel.socket().getPort(), true)
                instanceof SSLSocket socket)) {
            throw new IOException("no TLS");
        }
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /// What a URL may name and no server has refuses the URL.
    private static String hostOf(URI address) throws IOException {
        String host = address.getHost();
        if (host == null || host.isEmpty()) {
            throw new IOException("the address names no server");
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int portOf(URI address) {
        return address.getPort() >= 0
                ? address.getPort()
                : isSecure(address) ? HTTPS_PORT : HTTP_PORT;
    }

    private static boolean isSecure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    InputStream in() throws IOException {
        return new BufferedInputStream(socket.getInputStream());
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /// What says that we have gone leaves while the way is open.
    @Override
    public void close() throws IOException {
        try (channel;
                way) {
            if (channel.isOpen()) {
                channel.shutdownOutput();
            }
        }
    }
}
