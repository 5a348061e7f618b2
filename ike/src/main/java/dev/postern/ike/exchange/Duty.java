package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.FurtherChildSa;
import dev.postern.wire.GatewayList;
import dev.postern.wire.TrafficSelector;

import java.util.List;

/// An exchange that an IKE SA has to begin as soon as its window is free.
sealed interface Duty {
    /// CREATE_CHILD_SA for a further Child SA.
    record CreateChildSa(List<TrafficSelector> own, List<TrafficSelector> peer) implements Duty {}

    /// CREATE_CHILD_SA for what the last Child SA was, from a client that is still without one.
    record RestoreChildSa(List<TrafficSelector> own, List<TrafficSelector> peer) implements Duty {}

    /// CREATE_CHILD_SA for one that a client is configured to have beside its first one.
    record SetUpChildSa(FurtherChildSa wanted) implements Duty {}

    /// CREATE_CHILD_SA with N(REKEY_SA).
    record RekeyChildSa(int inboundSpi) implements Duty {}

    /// CREATE_CHILD_SA for a new IKE SA.
    record RekeyIkeSa() implements Duty {}

    /// INFORMATIONAL with D.
    record DeleteChildSa(int inboundSpi) implements Duty {}

    /// INFORMATIONAL with D, for a pair that is gone here already.
    record DisownChildSa(int inboundSpi) implements Duty {}

    /// INFORMATIONAL with N(INVALID_SPI) and D, for a pair that the peer has and we do not.
    record TellInvalidSpi(int spi) implements Duty {}

    /// INFORMATIONAL with D, for the IKE SA itself.
    record CloseIkeSa(CloseReason reason) implements Duty {}

    /// INFORMATIONAL with N(UPDATE_SA_ADDRESSES), from a client (RFC 4555).
    record UpdateAddresses() implements Duty {}

    /// INFORMATIONAL with N(ADDITIONAL_*_ADDRESS) or N(NO_ADDITIONAL_ADDRESSES) (RFC 4555).
    record AdvertiseAddresses() implements Duty {}

    /// INFORMATIONAL with N(COOKIE2), from a gateway (RFC 4555).
    record CheckPath() implements Duty {}

    /// INFORMATIONAL with N(REDIRECT), from a gateway (RFC 5685).
    record Redirect(GatewayList.Entry gateway) implements Duty {}

    /// INFORMATIONAL with N(GATEWAY_SWITCH), for a client whose IKE SA with a lost member had these
    /// SPIs and that has one with us.
    record CallClient(long spiI, long spiR, GatewayList.Address gateway) implements Duty {}

    /// INFORMATIONAL with N(QCD_TOKEN) (RFC 6290).
    record SendCrashToken() implements Duty {}

    /// INFORMATIONAL with N(AUTH_LIFETIME), from a gateway (RFC 4478).
    record SendAuthenticationLifetime() implements Duty {}

    /// INFORMATIONAL with a fresh ticket, from a gateway.
    record SendTicket() implements Duty {}

    /// INFORMATIONAL with N(IPSEC_REPLAY_COUNTER_SYNC), from a member that took over (RFC 6311).
    record SyncReplayCounters() implements Duty {}

    /// INFORMATIONAL that asks for a ticket, from a client.
    record AskForTicket() implements Duty {}
}
