package dev.postern.ike;

/// What an ESP packet of a Child SA holds (RFC 4301 section 4.1, RFC 7296 section 1.3.1).
public enum ChildMode {
    /// A whole IP packet, between any hosts that the selectors name.
    TUNNEL,
    /// The payload of an IP packet between the two peers themselves.
    TRANSPORT
}
