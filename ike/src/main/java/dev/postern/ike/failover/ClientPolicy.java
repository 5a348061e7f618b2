package dev.postern.ike.failover;

import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.RetransmissionSchedule;

import java.util.List;

/// How a client keeps its session alive.
///
/// @param gateways known by address, in order of preference; without names at least one
/// @param redirects to which gateways it lets itself be sent
/// @param discovery how it finds gateways that it knows by name
/// @param switches to which gateways vouchers may send it
/// @param auxiliary sessions that it holds ready at other gateways
/// @param suspicion schedule of the check that follows a suspicion
public record ClientPolicy(
        InitiatorProfile profile,
        List<GatewayCandidate> gateways,
        RetransmissionSchedule suspicion,
        RetryPolicy retry,
        RedirectAllowance redirects,
        CalmPolicy calm,
        DiscoveryPolicy discovery,
        SwitchAllowance switches,
        AuxiliaryPolicy auxiliary) {
    /// Without auxiliary sessions.
    public ClientPolicy(
            InitiatorProfile profile,
            List<GatewayCandidate> gateways,
            RetransmissionSchedule suspicion,
            RetryPolicy retry,
            RedirectAllowance redirects,
            CalmPolicy calm,
            DiscoveryPolicy discovery,
            SwitchAllowance switches) {
        this(
                profile,
                gateways,
                suspicion,
                retry,
                redirects,
                calm,
                discovery,
                switches,
                AuxiliaryPolicy.NONE);
    }

    /// With [RedirectAllowance#DEFAULT] and [CalmPolicy#DEFAULT].
    public ClientPolicy(
            InitiatorProfile profile,
            List<GatewayCandidate> gateways,
            RetransmissionSchedule suspicion,
            RetryPolicy retry) {
        this(profile, gateways, suspicion, retry, RedirectAllowance.DEFAULT, CalmPolicy.DEFAULT);
    }

    /// Of gateways by address alone.
    public ClientPolicy(
            InitiatorProfile profile,
            List<GatewayCandidate> gateways,
            RetransmissionSchedule suspicion,
            RetryPolicy retry,
            RedirectAllowance redirects,
            CalmPolicy calm) {
        this(
                profile,
                gateways,
                suspicion,
                retry,
                redirects,
                calm,
                DiscoveryPolicy.NONE,
                SwitchAllowance.CONFIGURED);
    }

    public ClientPolicy {
        gateways = List.copyOf(gateways);
        if (gateways.isEmpty() && discovery.names().isEmpty()) {
            throw new IllegalArgumentException("a client needs at least one gateway");
        }
    }
}
