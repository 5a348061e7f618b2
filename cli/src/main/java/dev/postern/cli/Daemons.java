package dev.postern.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/// Lets a daemon run until the process is told to end.
final class Daemons {
    private Daemons() {}

    /// Waits for SIGTERM or SIGINT and closes the daemon while the JVM shuts down.
    static int runUntilTerminated(AutoCloseable daemon) throws InterruptedException {
        return runUntilTerminated(daemon, new CompletableFuture<>());
    }

    /// The same of one that may find that it must not go on.
    ///
    /// @param refused completes then, with the reason in words
    static int runUntilTerminated(AutoCloseable daemon, CompletionStage<String> refused)
            throws InterruptedException {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
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
                                        exit.complete(ExitCode.DONE);
                                    }
                                }));
        refused.thenAccept(reason -> {
            System.err.println("postern: it cannot go on: " + reason);
            exit.complete(ExitCode.FAILED);
        });
        try {
            return exit.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
