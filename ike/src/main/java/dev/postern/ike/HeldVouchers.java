package dev.postern.ike;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.util.List;
import java.util.Map;

/// What a gateway has signed about the others of its domain, and what it is known by.
///
/// @param tokens by where a successor is reached: one voucher of ours that names it
/// @param key the public key that we sign with, a JWK in the canonical form of RFC 7638; empty
///   where nothing is signed here
public record HeldVouchers(Map<GatewayList.Entry, List<Octets>> tokens, Octets key) {
    public static final HeldVouchers NONE = new HeldVouchers(Map.of(), Octets.EMPTY);

    public HeldVouchers {
        tokens = Map.copyOf(tokens);
    }

    /// The vouchers that go with a switch to this gateway; empty where there are none.
    public List<Octets> about(GatewayList.Entry gateway) {
        return tokens.getOrDefault(gateway, List.of());
    }
}
