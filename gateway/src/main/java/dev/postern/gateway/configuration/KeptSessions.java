package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Where the gateway keeps the sessions that its clients hold by reference.
///
/// @param file null for memory: they end with the process
/// @param records how many are kept at most
/// @param sync whether every write is forced to the disk before it counts
public record KeptSessions(@Nullable Path file, int records, boolean sync) {}
