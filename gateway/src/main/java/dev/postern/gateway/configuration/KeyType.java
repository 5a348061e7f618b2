package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

/// How the value of a key is written and what it becomes.
///
/// @param <T> what it becomes
interface KeyType<T> {
    /// One or two words for the reference, for example "duration".
    String word();

    /// What may be written, to follow the words "legal is".
    String legal();

    /// The value, or null after every fault of it was told to `place`.
    @Nullable T read(Object toml, Place place);

    /// Whether the value must never be shown.
    default boolean isSecret() {
        return false;
    }
}
