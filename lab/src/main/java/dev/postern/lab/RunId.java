package dev.postern.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which JVM a network namespace belongs to: its process id and start time in clock ticks since
/// boot, so that a later process with the same id is not taken for it.
record RunId(long pid, long startTicks) {
    private static final Pattern NAME = Pattern.compile("posternlab-(\\d+)-(\\d+)-.*");
    private static final int START_TIME_FIELD = 22;

    static RunId ofThisJvm() {
        long pid = ProcessHandle.current().pid();
        return new RunId(pid, startTicksOf(pid).orElseThrow());
    }

    /// The run that made the namespace of this name; empty for names that are not ours.
    static Optional<RunId> ofNamespace(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(
                        new RunId(
                                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    String namespaceName(int lab, String host) {
        return "posternlab-%d-%d-%d-%s".formatted(pid, startTicks, lab, host);
    }

    boolean isAlive() {
        return startTicksOf(pid).filter(ticks -> ticks == startTicks).isPresent();
    }

    private static Optional<Long> startTicksOf(long pid) {
        try {
            String[] fields =
                    ProcStat.fieldsOf(Files.readString(Path.of("/proc/" + pid + "/stat")));
            return Optional.of(Long.parseLong(fields[START_TIME_FIELD - 1]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
