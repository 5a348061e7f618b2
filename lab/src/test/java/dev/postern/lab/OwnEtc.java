package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A copy of this machine's /etc that a process sees in its place, so that it has a resolv.conf of
/// its own to change. A mount over that file alone would be lost when somebody replaces the
/// machine's.
record OwnEtc(Path directory) {
    static OwnEtc in(Lab lab, String resolvConf) {
        Path directory = lab.file("etc");
        Command.of("cp", "-a", "/etc", directory.toString()).runSuccessfully();
        Path resolver = directory.resolve("resolv.conf");
        try {
            Files.deleteIfExists(resolver);
            Files.writeString(resolver, resolvConf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OwnEtc(directory);
    }

    Path resolver() {
        return directory.resolve("resolv.conf");
    }

    /// Whether names are asked of this server.
    boolean asks(String server) {
        try {
            return Files.readString(resolver()).contains(server);
        } catch (IOException replacedMeanwhile) {
            return false;
        }
    }

    /// The same command in a mount namespace where this is /etc: to be run in one of its own.
    List<String> around(List<String> command) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "mount --bind \"$0\" /etc && exec \"$@\"",
                                directory.toString()));
        words.addAll(command);
        return words;
    }
}
