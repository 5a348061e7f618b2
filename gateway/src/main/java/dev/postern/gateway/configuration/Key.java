package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;

import java.nio.file.Path;

/// One key of a configuration file, declared once: the reader, the messages and the reference take
/// everything from here.
///
/// @param text in TOML: the default of a key that has one, else an example
/// @param meaning a sentence for the reference
/// @param <T> what its value becomes
record Key<T>(String name, KeyType<T> type, Presence presence, String text, String meaning) {
    /// What happens where a key is missing.
    enum Presence {
        REQUIRED,
        /// It counts as if its default stood there.
        DEFAULTED,
        /// It means something that it is missing; `meaning` says what.
        OPTIONAL
    }

    static <T> Key<T> required(String name, KeyType<T> type, String example, String meaning) {
        return new Key<>(name, type, Presence.REQUIRED, example, meaning);
    }

    static <T> Key<T> defaulted(String name, KeyType<T> type, String text, String meaning) {
        return new Key<>(name, type, Presence.DEFAULTED, text, meaning);
    }

    static <T> Key<T> optional(String name, KeyType<T> type, String example, String meaning) {
        return new Key<>(name, type, Presence.OPTIONAL, example, meaning);
    }

    /// The value of [#text]: the default, or what stands in for a value that was refused, so that
    /// reading goes on and finds the other problems too.
    T standIn() {
        Report report = new Report();
        @Nullable Object toml = Toml.parse("v = " + text).get("v");
        if (toml != null) {
            Place place = Place.of(report, Path.of("default"), 1, name, type, toml);
            @Nullable T value = type.read(toml, place);
            if (value != null && report.problems().isEmpty()) {
                return value;
            }
        }
        throw new IllegalStateException("the text of key " + name + " is not a value of it");
    }
}
