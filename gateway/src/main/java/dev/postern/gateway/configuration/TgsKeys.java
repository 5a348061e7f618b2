package dev.postern.gateway.configuration;

import dev.postern.ticket.TgsKeyRing;

import java.nio.file.Path;

/// The TGS keys that the gateways of a domain share.
///
/// @param file where they were read from; read once, at the start
public record TgsKeys(Path file, TgsKeyRing ring) {}
