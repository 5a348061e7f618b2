package dev.postern.ike;

/// How a gateway is emptied: clients that support redirection are sent to other gateways at a pace,
/// so that those are not run over.
///
/// @param ratePerSecond clients that are told per second, above 0
/// @param deadlineNanos after this long whoever is left is parked, or deleted where it cannot
///   resume; 0 for never
/// @param targets where they go; none for those of the gateway's [RedirectPolicy], as they stand
///   when it is a client's turn
public record DrainOrder(double ratePerSecond, long deadlineNanos, AlternativeGateways targets) {
    public DrainOrder {
        if (!(ratePerSecond > 0) || Double.isInfinite(ratePerSecond) || deadlineNanos < 0) {
            throw new IllegalArgumentException(
                    "nobody drains " + ratePerSecond + " clients a second");
        }
    }
}
