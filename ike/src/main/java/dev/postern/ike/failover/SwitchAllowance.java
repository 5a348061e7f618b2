package dev.postern.ike.failover;

/// To which gateways a client lets itself be sent by vouchers (failover profile, "Hot standby").
public enum SwitchAllowance {
    /// Nowhere.
    NONE,
    /// To gateways of its configuration and of lists that its gateway gave it.
    CONFIGURED,
    /// To whomever the gateway that it knows has named, in its own secure domain.
    VOUCHED
}
