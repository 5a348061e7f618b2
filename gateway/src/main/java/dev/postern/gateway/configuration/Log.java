package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// What is written down, and how.
///
/// @param keyDirectory where keys are written for a protocol analyser; null, as it should be, for
///   nowhere
public record Log(Level level, Format format, @Nullable Path keyDirectory) {
    /// From the quietest on.
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /// How a line looks.
    public enum Format {
        /// For people.
        TEXT,
        /// One JSON object a line.
        JSON
    }
}
