package dev.postern.ike;

/// Whether IKE_AUTH may go without a Child SA, which CREATE_CHILD_SA makes afterwards, with a key
/// exchange of its own if need be (RFC 6023).
public enum Childless {
    /// A gateway does not offer it and refuses it; a client does not ask for it.
    NEVER,
    /// A gateway offers it; a client does not ask for it.
    ALLOW,
    /// A client asks for it where the gateway offers it.
    PREFER,
    /// A client leaves a gateway that does not offer it.
    REQUIRE
}
