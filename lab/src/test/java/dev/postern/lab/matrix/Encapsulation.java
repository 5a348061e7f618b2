package dev.postern.lab.matrix;

import java.util.Locale;

/// The mode of ESP (RFC 4301 section 3.2).
enum Encapsulation {
    /// A host behind the gateways is reached through them, from an address of theirs.
    TUNNEL,
    /// The gateways' own addresses are reached, from the client's own.
    TRANSPORT;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
