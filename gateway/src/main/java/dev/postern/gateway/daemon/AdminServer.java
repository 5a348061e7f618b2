package dev.postern.gateway.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The operator's way into a running gateway: a Unix domain socket that only the gateway's owner
/// can open. A connection carries one line ([AdminLine]) and gets lines back, the last of which is
/// `ok` or begins with `error`.
final class AdminServer implements AutoCloseable {
    /// Carries one command out.
    @FunctionalInterface
    interface Commands {
        /// @throws AdminException with the reason in words
        List<String> run(List<String> words) throws AdminException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    static final int LONGEST_LINE = 4096;

    private final Path file;
    private final ServerSocketChannel server;
    private final Commands commands;

    private AdminServer(Path file, ServerSocketChannel server, Commands commands) {
        this.file = file;
        this.server = server;
        this.commands = commands;
    }

    /// @throws IOException where the socket cannot be made; another running gateway's is not taken
    static AdminServer start(Path file, Commands commands) throws IOException {
        Path target = file.toAbsolutePath();
        if (isServed(target)) {
            throw new IOException(
                    "another process serves the admin socket " + target + "; end it first");
        }
        AdminServer admin = new AdminServer(target, bind(target), commands);
        Thread.ofPlatform().daemon().name("admin").start(admin::serve);
        return admin;
    }

    private static boolean isServed(Path target) {
        if (Files.notExists(target)) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(target))) {
            return probe.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    /// Bound in a directory that nobody else can enter, and moved to its name when its mode is
    /// right: at no instant can somebody else connect.
    private static ServerSocketChannel bind(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException("the admin socket " + target + " has no directory to stand in");
        }
        Path closed =
                Files.createTempDirectory(
                        parent,
                        ".admin",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path first = closed.resolve("s");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(first));
            Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rw-------"));
            Files.move(first, target, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException e) {
            server.close();
            Files.deleteIfExists(first);
            throw new IOException(
                    "the admin socket " + target + " cannot be made: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(closed);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (ClosedChannelException ended) {
                return;
            } catch (IOException e) {
                LOG.warn("the admin socket {}: {}", file, e.getMessage());
            }
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            String line = lineOf(Channels.newInputStream(connection));
            StringBuilder answer = new StringBuilder();
            try {
                commands.run(AdminLine.words(line))
                        .forEach(each -> answer.append(each).append('\n'));
                answer.append("ok\n");
            } catch (AdminException refused) {
                answer.append("error: ").append(refused.getMessage()).append('\n');
            }
            ByteBuffer octets = ByteBuffer.wrap(answer.toString().getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                connection.write(octets);
            }
        } catch (IOException gone) {
            LOG.debug("an operator hung up: {}", gone.getMessage());
        }
    }

    private static String lineOf(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (line.size() == LONGEST_LINE) {
                throw new IOException("a command of more than " + LONGEST_LINE + " octets");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the admin socket {} stays behind: {}", file, e.getMessage());
        }
    }
}
