package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.failover.SwitchAllowance;

import java.util.List;

/// What a client's file says of gateways that call it away by vouchers.
final class SwitchKeys {
    static final Key<SwitchAllowance> ALLOW =
            defaulted(
                    "allow",
                    BasicTypes.choice(SwitchAllowance.values()),
                    "\"configured\"",
                    "Whom we follow: nobody, gateways of this file and of our gateway's list, or"
                            + " also any other that our gateway has vouched for, whose identity"
                            + " this file then need not name.");
    static final Shape CLIENT =
            Shape.single(
                    "switch",
                    "Where the standby of a lost gateway, or a gateway that is being emptied, may"
                            + " call us by vouchers (N(GATEWAY_SWITCH)).",
                    List.of(ALLOW));

    private SwitchKeys() {}
}
