package dev.postern.host;

import dev.postern.net.Netlink;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Undoes what a client that has died left behind.
public final class Restoration {
    /// Where journals are, one for each TUN device and network namespace.
    public static final Path DIRECTORY = Path.of("/run/postern");

    private Restoration() {}

    /// The journal of a device in this process's network namespace: devices of the same name in
    /// others are other devices.
    public static Path journalOf(Path directory, String device) {
        return directory.resolve("client-" + device + "-" + namespace() + ".state");
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/net"))
                    .toString()
                    .replaceAll("\\D", "");
        } catch (IOException | UnsupportedOperationException hidden) {
            return "0";
        }
    }

    /// Every journal of this network namespace.
    public static List<Path> journals(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException("it is no directory");
        }
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(directory, "client-*-" + namespace() + ".state")) {
                files.forEach(found::add);
            }
        }
        return found;
    }

    /// Undoes what stands in one file, the newest first.
    ///
    /// @return what was undone; empty where there was nothing to do
    /// @throws IOException where its process still runs, or with what could not be undone, which
    ///   stays in the file
    public static List<Change> restore(Path file, HostTools tools) throws IOException {
        Optional<Journal> found = Journal.read(file);
        if (found.isEmpty()) {
            return List.of();
        }
        Journal journal = found.orElseThrow();
        if (journal.isInUse()) {
            throw new IOException(
                    "the client that wrote "
                            + file
                            + ", process "
                            + journal.owner()
                            + ", still runs; `postern client down` ends it");
        }
        if (journal.changes().isEmpty()) {
            Files.deleteIfExists(file);
            return List.of();
        }
        return undo(journal, tools);
    }

    private static List<Change> undo(Journal journal, HostTools tools) throws IOException {
        List<Change> undone = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Change change : journal.changes().reversed()) {
            try {
                switch (change) {
                    case Change.RulesAdded added -> {
                        try (Netlink netlink = Netlink.open()) {
                            TunnelRules.undo(added, netlink);
                        }
                    }
                    case Change.ResolverFile _, Change.ResolverLink _ ->
                            HostResolver.undo(change, tools);
                }
                journal.remove(change);
                undone.add(change);
            } catch (IOException e) {
                failures.add(e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "could not be undone and stays in "
                            + journal.file()
                            + ": "
                            + String.join("; ", failures));
        }
        return undone;
    }
}
