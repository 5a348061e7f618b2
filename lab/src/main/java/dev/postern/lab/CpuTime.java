package dev.postern.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The CPU time of a process, all of its threads, also those that have ended.
public final class CpuTime {
    private static final int USER_TIME_FIELD = 14;
    private static final int SYSTEM_TIME_FIELD = 15;

    /// USER_HZ is 100 in the interface of every Linux port that Debian ships, whatever the kernel's
    /// own tick is.
    private static final long MICROS_PER_TICK = 10_000;

    private CpuTime() {}

    /// User and system time so far, in microseconds, in steps of 10 ms: measure over thousands of
    /// operations.
    ///
    /// @throws LabException when there is no such process
    public static long cpuMicrosOf(long pid) {
        try {
            return micros(fieldsOf(Path.of("/proc/" + pid + "/stat")));
        } catch (IOException e) {
            throw new LabException("process %d has no CPU time: it has ended".formatted(pid), e);
        }
    }

    /// The same of those threads of a Java process that compile, as far as they live still; 0 for a
    /// process of another kind. It falls to nothing once everything that runs often is compiled.
    ///
    /// @throws LabException when there is no such process
    public static long compilerMicrosOf(long pid) {
        long sum = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String[] fields = fieldsOf(thread.resolve("stat"));
                if (fields[1].startsWith("C1 Compil") || fields[1].startsWith("C2 Compil")) {
                    sum += micros(fields);
                }
            }
            return sum;
        } catch (IOException e) {
            throw new LabException("process %d has no threads: it has ended".formatted(pid), e);
        }
    }

    private static String[] fieldsOf(Path stat) throws IOException {
        return ProcStat.fieldsOf(Files.readString(stat));
    }

    private static long micros(String[] fields) {
        return MICROS_PER_TICK
                * (Long.parseLong(fields[USER_TIME_FIELD - 1])
                        + Long.parseLong(fields[SYSTEM_TIME_FIELD - 1]));
    }
}
