package dev.postern.ike;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// Whether an initiator lets itself be redirected (RFC 5685), and by whom it was.
///
/// @param accepted whether N(REDIRECT) is followed in this attempt and in the session that comes of
///   it
/// @param from address of the gateway that has sent us here; null where nobody has
public record Redirection(boolean accepted, @Nullable InetAddress from) {
    /// The responder must not redirect us (section 3), and what it says to that end is ignored.
    public static final Redirection REFUSED = new Redirection(false, null);

    public static final Redirection ACCEPTED = new Redirection(true, null);
}
