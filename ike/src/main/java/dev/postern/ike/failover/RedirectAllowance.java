package dev.postern.ike.failover;

import dev.postern.ike.Now;

/// Which redirections (RFC 5685) a client follows. Whoever answers at the target has to show an
/// identity that the client accepts, whatever this says.
///
/// @param domain for [Targets#DOMAIN]: names in it are followed
/// @param maximum redirections that are followed within the period (section 7, MAX_REDIRECTS)
/// @param periodNanos REDIRECT_LOOP_DETECT_PERIOD
public record RedirectAllowance(Targets targets, String domain, int maximum, long periodNanos) {
    /// Section 7: five within five minutes.
    public static final RedirectAllowance DEFAULT =
            new RedirectAllowance(Targets.PROVEN, "", 5, 300 * Now.NANOS_PER_SECOND);

    /// Where a client lets itself be sent.
    public enum Targets {
        /// Nowhere; the gateway is told so.
        NONE,
        /// To gateways of its configuration and of lists that its gateway gave it.
        CONFIGURED,
        /// To these, and to names in its domain.
        DOMAIN,
        /// Anywhere.
        PROVEN
    }
}
