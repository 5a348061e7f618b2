package dev.postern.gateway.daemon;

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
    private AdminClient() {}

    /// Gives one command to the gateway behind the socket; the lines that it answers.
    ///
    /// @param words each may have blanks
    /// @throws AdminException where the gateway refuses, or the command is none that it could read
    /// @throws IOException where nobody answers
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
            ByteBuffer line = ByteBuffer.allocate(command.length + 1).put(command);
            line.put((byte) '\n').flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
            List<String> lines =
                    new String(
                                    Channels.newInputStream(channel).readAllBytes(),
                                    StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            String last = lines.isEmpty() ? "" : lines.getLast();
            if (!last.equals("ok")) {
                throw new AdminException(
                        last.startsWith("error: ")
                                ? last.substring("error: ".length())
                                : "the gateway hung up without an answer");
            }
            return lines.subList(0, lines.size() - 1);
        }
    }
}
