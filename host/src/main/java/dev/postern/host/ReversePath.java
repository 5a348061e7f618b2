package dev.postern.host;

import dev.postern.net.Sysctl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The strict reverse path filter of devices (RFC 3704 section 2.2) while somebody needs it: what
/// is set beforehand comes back when the last process goes that has its journal in the same
/// directory. Any thread may call.
public final class ReversePath {
    static final String STRICT = "1";
    private static final String LOCK = "reverse-path.lock";

    private final Journal journal;
    private final Set<String> devices = new HashSet<>();

    public ReversePath(Journal journal) {
        this.journal = journal;
    }

    /// Makes a device's filter strict, until [#restore].
    public synchronized void makeStrict(String device) throws IOException {
        locked(journal, () -> set(device));
        devices.add(device);
    }

    private void set(String device) throws IOException {
        String now = Sysctl.reversePath(device);
        boolean noted = of(journal, device).findAny().isPresent();
        String before =
                now.equals(STRICT)
                        ? others(journal, _ -> true).stream()
                                .flatMap(other -> of(other, device))
                                .map(Change.ReversePathStrict::before)
                                .findFirst()
                                .orElse(STRICT)
                        : now;
        if (!noted && !before.equals(STRICT)) {
            journal.add(new Change.ReversePathStrict(device, before));
        }
        Sysctl.setReversePath(device, STRICT);
    }

    /// Makes those strict again that somebody else has changed.
    ///
    /// @return how many there were
    public synchronized int keep() throws IOException {
        int changed = 0;
        for (String device : devices) {
            if (Sysctl.hasReversePath(device) && !Sysctl.reversePath(device).equals(STRICT)) {
                makeStrict(device);
                changed++;
            }
        }
        return changed;
    }

    /// Puts back what was set before.
    public synchronized void restore() throws IOException {
        devices.clear();
        for (Change change : journal.changes().reversed()) {
            if (change instanceof Change.ReversePathStrict strict) {
                undo(strict, journal);
            }
        }
    }

    /// Puts back what was set before on a device that is still there, unless another process that
    /// still runs needs the filter, or somebody has set something else since.
    ///
    /// @param journal the change's, which it leaves
    static void undo(Change.ReversePathStrict change, Journal journal) throws IOException {
        locked(
                journal,
                () -> {
                    String device = change.device();
                    boolean needed =
                            others(journal, Journal::isInUse).stream()
                                    .anyMatch(other -> of(other, device).findAny().isPresent());
                    if (!needed
                            && Sysctl.hasReversePath(device)
                            && Sysctl.reversePath(device).equals(STRICT)) {
                        Sysctl.setReversePath(device, change.before());
                    }
                    journal.remove(change);
                });
    }

    private static Stream<Change.ReversePathStrict> of(Journal journal, String device) {
        return journal.changes().stream()
                .flatMap(change ->
                        change instanceof Change.ReversePathStrict strict
                                        && strict.device().equals(device)
                                ? Stream.of(strict)
                                : Stream.empty());
    }

    /// The other processes' in the same directory and network namespace.
    private static List<Journal> others(Journal own, Predicate<Journal> which) throws IOException {
        List<Journal> found = new ArrayList<>();
        for (Path file : Restoration.allJournals(directory(own))) {
            if (!file.equals(own.file().toAbsolutePath())) {
                Optional<Journal> other = Journal.read(file).filter(which);
                other.ifPresent(found::add);
            }
        }
        return found;
    }

    private static Path directory(Journal journal) throws IOException {
        Path directory = journal.file().toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(journal.file() + " is in no directory");
        }
        return directory;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /// One process at a time looks who else needs a filter. Within one process a file's lock tells
    /// nobody apart, which this method's own does.
    private static void locked(Journal journal, Step step) throws IOException {
        Path file = directory(journal).resolve(LOCK);
        Journal.makeDirectory(file);
        synchronized (ReversePath.class) {
            try (FileChannel channel =
                            FileChannel.open(
                                    file,
                                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                    PosixFilePermissions.asFileAttribute(
                                            PosixFilePermissions.fromString("rw-------")));
                    FileLock _ = channel.lock()) {
                step.run();
            }
        }
    }
}
