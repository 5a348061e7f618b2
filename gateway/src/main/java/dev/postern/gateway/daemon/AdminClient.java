package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The other end of [AdminServer], for commands.
public final class AdminClient {
    private static final String REFUSAL = "error: ";

    private AdminClient() {}

    /// Gives one command to the daemon behind the socket; the lines that it answers.
    ///
    /// @param words each may have blanks
    /// @throws AdminException where the daemon refuses, or the command is none that it could read
    /// @throws HungUpException where it does not answer to the end
    /// @throws IOException where nobody is there, or it is not ours to ask
    public static List<String> run(Path socket, List<String> words)
            throws AdminException, IOException {
        byte[] command = AdminLine.of(words).getBytes(StandardCharsets.UTF_8);
        if (command.length > AdminServer.LONGEST_LINE) {
            throw new AdminException(
                    "the command has "
                            + command.length
                            + " octets; legal are "
                            + AdminServer.LONGEST_LINE);
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return answer(channel, socket, command);
        }
    }

    private static List<String> answer(SocketChannel channel, Path socket, byte[] command)
            throws AdminException, HungUpException {
        List<String> lines;
        try {
            ByteBuffer line = ByteBuffer.allocate(command.length + 1).put(command);
            line.put((byte) '\n').flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
            byte[] octets = Channels.newInputStream(channel).readAllBytes();
            lines = new String(octets, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new HungUpException(socket, e);
        }
        String last = lines.isEmpty() ? "" : lines.getLast();
        if (last.startsWith(REFUSAL)) {
            throw new AdminException(last.substring(REFUSAL.length()));
        }
        if (!last.equals("ok")) {
            throw new HungUpException(socket, null);
        }
        return lines.subList(0, lines.size() - 1);
    }

    /// Somebody is there, and has not answered to the end.
    public static final class HungUpException extends IOException {
        private static final long serialVersionUID = 1;

        private HungUpException(Path socket, @Nullable IOException cause) {
            super(
                    "whoever serves "
                            + socket
                            + " hung up in the middle of an answer; it may be about to end",
                    cause);
        }
    }
}
