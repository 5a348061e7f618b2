package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.defaulted;

import dev.postern.ike.ChildMode;
import dev.postern.ike.failover.AuxiliaryPolicy;

import java.time.Duration;
import java.util.List;

/// What a client's file says of sessions that it holds ready at other gateways.
final class AuxiliaryKeys {
    static final Key<Integer> SESSIONS =
            defaulted(
                    "sessions",
                    BasicTypes.integer(0, AuxiliaryPolicy.MOST_SESSIONS),
                    "0",
                    "How many: each is an IKE SA and a Child SA of its own, with its own inner"
                            + " address, at the next gateways in our order that have another"
                            + " identity than the one that serves us.");
    static final Key<AuxiliaryPolicy.Use> USE =
            defaulted(
                    "use",
                    BasicTypes.choice(AuxiliaryPolicy.Use.values()),
                    "\"at-once\"",
                    "When our gateway is lost, such a session carries on without a round trip and"
                            + " with another inner address; or the session is resumed at another"
                            + " gateway first, which may keep its address, and the other one"
                            + " carries on where that is not possible.");
    static final Key<Duration> AFTER =
            defaulted(
                    "after",
                    Durations.between("1s", "1h"),
                    "\"30s\"",
                    "How long we rest at a gateway before one is set up, and up to twice as long by"
                            + " chance; each failure in a row doubles it, up to sixteen times.");
    static final Shape CLIENT =
            Shape.single(
                    "auxiliary",
                    "Sessions that stand by at other gateways, kept open with NAT keepalives,"
                        + " before one is lost. Another gateway may call us to it over one of them,"
                        + " also through a NAT.",
                    List.of(SESSIONS, USE, AFTER));

    private AuxiliaryKeys() {}

    static AuxiliaryPolicy read(Section top) {
        Section section = top.single(CLIENT);
        int sessions = section.get(SESSIONS);
        boolean sharesSubnets =
                top.get(SharedKeys.MODE) == ChildMode.TUNNEL
                        && !top.get(ClientKeys.REQUEST_ADDRESS);
        if (sessions > 0 && sharesSubnets) {
            section.place(SESSIONS)
                    .contradicts(
                            "needs request-address = true: two gateways would lead the traffic for"
                                    + " local-subnets to us at the same time");
        }
        return new AuxiliaryPolicy(sessions, section.get(USE), section.get(AFTER).toNanos());
    }
}
