package dev.postern.cli;

import java.util.concurrent.CountDownLatch;

/// Lets a daemon run until the process is told to end.
final class Daemons {
    private Daemons() {}

    /// Waits for SIGTERM or SIGINT and closes the daemon while the JVM shuts down.
    static int runUntilTerminated(AutoCloseable daemon) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(() -> {
                                    try {
                                        daemon.close();
                                    } catch (Exception e) {
                                        System.err.println("postern: it did not end cleanly: " + e);
                                    } finally {
                                        closed.countDown();
                                    }
                                }));
        closed.await();
        return ExitCode.DONE;
    }
}
