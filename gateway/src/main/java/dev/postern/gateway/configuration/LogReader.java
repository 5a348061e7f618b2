package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;

/// Reads what both kinds of files say of logs.
final class LogReader {
    private LogReader() {}

    static Log read(Section top) {
        Section log = top.single(SharedKeys.LOG);
        return new Log(
                log.get(SharedKeys.LOG_LEVEL),
                log.get(SharedKeys.LOG_FORMAT),
                keyDirectory(top.single(SharedKeys.KEY_LOG)));
    }

    private static @Nullable Path keyDirectory(Section section) {
        Path directory = section.optional(SharedKeys.KEY_LOG_DIRECTORY);
        if (directory == null) {
            return null;
        }
        Place place = section.place(SharedKeys.KEY_LOG_DIRECTORY);
        if (!Files.isDirectory(directory)) {
            place.contradicts("is no directory; legal is one that exists");
            return null;
        }
        String exposure = TextFile.exposure(directory);
        if (exposure != null) {
            place.contradicts(exposure);
            return null;
        }
        place.warn("the keys of every SA are written here: whoever reads them reads all traffic");
        return directory.toAbsolutePath();
    }
}
