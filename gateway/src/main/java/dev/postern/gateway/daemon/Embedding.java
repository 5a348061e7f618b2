package dev.postern.gateway.daemon;

import dev.postern.ike.Event;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// What an application gets that holds a daemon in its own process.
///
/// @param events every event, on the control plane's thread: returns at once
/// @param packets from inside the tunnels, on a network thread, in place of what the configuration
///   says of the inner side; null where that holds
public record Embedding(Consumer<Event> events, @Nullable Consumer<byte[]> packets) {
    /// A daemon on its own.
    static final Embedding NONE = new Embedding(_ -> {}, null);
}
