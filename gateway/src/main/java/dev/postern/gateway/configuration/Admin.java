package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// How an operator talks to the running gateway, and what it must remember of that.
///
/// @param socket a Unix domain socket that only the owner can open; null for none
/// @param revocations the file in which revocations outlive a restart; null where they are kept in
///   memory alone
public record Admin(@Nullable Path socket, @Nullable Path revocations) {
    public static final Admin NONE = new Admin(null, null);
}
