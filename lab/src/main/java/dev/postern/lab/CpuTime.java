package dev.postern.lab;

import java.io.IOException;
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
            String[] fields =
                    ProcStat.fieldsOf(Files.readString(Path.of("/proc/" + pid + "/stat")));
            return MICROS_PER_TICK
                    * (Long.parseLong(fields[USER_TIME_FIELD - 1])
                            + Long.parseLong(fields[SYSTEM_TIME_FIELD - 1]));
        } catch (IOException e) {
            throw new LabException("process %d has no CPU time: it has ended".formatted(pid), e);
        }
    }
}
