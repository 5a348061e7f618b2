package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;

/// A key that names a file which the daemon itself writes.
final class WrittenFile {
    private WrittenFile() {}

    /// The file's absolute path, or null where the key is not there.
    static @Nullable Path read(Section section, Key<Path> key) {
        Path file = section.optional(key);
        if (file == null) {
            return null;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (section.sound(key)
                && (Files.isDirectory(file)
                        || directory == null
                        || !Files.isDirectory(directory)
                        || !Files.isWritable(directory))) {
            section.place(key)
                    .contradicts(
                            "cannot be written; legal is a file in an existing directory that the"
                                    + " daemon may write to");
        }
        return file.toAbsolutePath();
    }
}
