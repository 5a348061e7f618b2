package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/// A small disk of its own, mounted at a directory of the lab: one that can be made to answer no
/// write, and to be full.
final class LoopDisk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private boolean frozen;

    private LoopDisk(Path directory) {
        this.directory = directory;
    }

    /// Makes and mounts it, until the lab ends.
    static LoopDisk mount(Lab lab, String name) {
        Path image = lab.file(name + ".img");
        Path directory = lab.file(name);
        run("truncate", "-s", "8M", image.toString());
        run(Component.EXT4.require().toString(), "-q", "-F", image.toString());
        run("mkdir", "-p", directory.toString());
        run("mount", "-o", "loop", image.toString(), directory.toString());
        return lab.closing(new LoopDisk(directory));
    }

    private static void run(String... words) {
        Command.of(words).runSuccessfully();
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /// Whoever writes from now on waits, and cannot even be killed.
    void freeze() {
        run(Component.FSFREEZE.require().toString(), "--freeze", directory.toString());
        frozen = true;
    }

    void thaw() {
        frozen = false;
        run(Component.FSFREEZE.require().toString(), "--unfreeze", directory.toString());
    }

    /// Writes until nothing more goes in.
    void fill() {
        Command.Result result =
                Command.of("dd", "if=/dev/zero", "of=" + file("ballast"), "bs=4k").run();
        if (!result.everything().contains("No space left")) {
            throw new LabException("the disk is not full: " + result.everything());
        }
    }

    void makeRoom() {
        run("rm", file("ballast").toString());
    }

    /// Waits until somebody has written to a file since it was `before`.
    void awaitWrite(String name, FileTime before) {
        Await.until(
                "something is written to " + file(name),
                PATIENCE,
                () -> written(name).compareTo(before) > 0);
    }

    FileTime written(String name) {
        try {
            return Files.getLastModifiedTime(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (frozen) {
            thaw();
        }
        run("umount", "--lazy", directory.toString());
    }
}
