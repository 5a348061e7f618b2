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

    private static final String CLIENT = "client-";

    private Restoration() {}

    /// The journal of a device in this process's network namespace: devices of the same name in
    /// others are other devices.
    public static Path journalOf(Path directory, String device) {
        return directory.resolve(CLIENT + device + "-" + namespace() + ".state");
    }

    /// The same of a gateway. It undoes by itself what one before it has left: its journal is none
    /// of [#journals].
    public static Path journalOfGateway(Path directory, String device) {
        return directory.resolve("gateway-" + device + "-" + namespace() + ".state");
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

    /// Every client's journal of this network namespace.
    public static List<Path> journals(Path directory) throws IOException {
        return journals(directory, CLIENT);
    }

    /// The gateways' too.
    static List<Path> allJournals(Path directory) throws IOException {
        return journals(directory, "");
    }

    private static List<Path> journals(Path directory, String beginning) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException("it is no directory");
        }
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(
                            directory, beginning + "*-" + namespace() + ".state")) {
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
        Optional<Journal> found = left(file);
        return found.isEmpty()
                ? List.of()
                : undo(found.orElseThrow(), found.orElseThrow().changes(), tools);
    }

    /// The same, but a barrier stays until its heir has one of its own ([#undo]).
    ///
    /// @param undone where to say what was undone
    /// @return a journal of this process, with the barrier that still stands
    public static Journal inherit(Path file, HostTools tools, List<Change> undone)
            throws IOException {
        Optional<Journal> found = left(file);
        if (found.isEmpty()) {
            return Journal.begin(file);
        }
        Journal journal = found.orElseThrow();
        List<Change> barriers =
                journal.changes().stream()
                        .filter(change -> isOfABarrier(change, journal.changes()))
                        .toList();
        undone.addAll(
                undo(
                        journal,
                        journal.changes().stream()
                                .filter(change -> !barriers.contains(change))
                                .toList(),
                        tools));
        return Journal.of(file, barriers);
    }

    private static boolean isOfABarrier(Change change, List<Change> all) {
        return switch (change) {
            case Change.BarrierRaised _ -> true;
            case Change.RulesAdded(int first) ->
                    all.stream()
                            .anyMatch(each ->
                                    each instanceof Change.BarrierRaised barrier
                                            && barrier.first() == first);
            case Change.TransportRulesAdded _,
                    Change.ReversePathStrict _,
                    Change.ResolverFile _,
                    Change.ResolverLink _ ->
                    false;
        };
    }

    /// Empty where nobody has left anything to undo.
    private static Optional<Journal> left(Path file) throws IOException {
        Optional<Journal> found = Journal.read(file);
        if (found.isEmpty()) {
            return Optional.empty();
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
            return Optional.empty();
        }
        return found;
    }

    /// Undoes some of a journal's changes, the newest first.
    ///
    /// @return what was undone
    /// @throws IOException with what could not be undone, which stays in the journal
    public static List<Change> undo(Journal journal, List<Change> changes, HostTools tools)
            throws IOException {
        List<Change> undone = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Change change : changes.reversed()) {
            try {
                switch (change) {
                    case Change.RulesAdded _,
                            Change.BarrierRaised _,
                            Change.TransportRulesAdded _ -> {
                        try (Netlink netlink = Netlink.open()) {
                            HostRoutes.undo(change, netlink);
                        }
                    }
                    case Change.ReversePathStrict strict -> ReversePath.undo(strict, journal);
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
