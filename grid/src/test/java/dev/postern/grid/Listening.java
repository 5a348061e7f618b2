package dev.postern.grid;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The sockets of this process that anybody can send to.
final class Listening {
    private static final String LISTEN = "0A";

    private Listening() {}

    /// As `tcp PORT` or `udp PORT`.
    static List<String> here() throws IOException {
        Set<String> ours = inodes();
        List<String> found = new ArrayList<>();
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net/" + protocol))) {
                String[] words = line.strip().split("\\s+", -1);
                if (!words[0].endsWith(":") || !ours.contains(words[9])) {
                    continue;
                }
                boolean open = protocol.startsWith("udp") || words[3].equals(LISTEN);
                if (open) {
                    String port = words[1].substring(words[1].indexOf(':') + 1);
                    found.add(protocol.substring(0, 3) + " " + Integer.parseInt(port, 16));
                }
            }
        }
        return found;
    }

    static String name(InetSocketAddress address) {
        return "tcp " + address.getPort();
    }

    private static Set<String> inodes() throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (IOException closedMeanwhile) {
                    // No socket of ours any more.
                }
            }
        }
        return inodes;
    }
}
