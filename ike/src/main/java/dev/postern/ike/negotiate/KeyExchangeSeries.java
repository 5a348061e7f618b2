package dev.postern.ike.negotiate;

import dev.postern.crypto.KeyExchangeMethod;

import java.util.List;

/// The key exchanges that one rekeying is made of: the first in CREATE_CHILD_SA, each further one
/// in an IKE_FOLLOWUP_KE exchange of its own (RFC 9370 section 2.2.4).
public record KeyExchangeSeries(KeyExchangeMethod first, List<KeyExchangeMethod> additional) {
    public KeyExchangeSeries {
        additional = List.copyOf(additional);
    }

    static KeyExchangeSeries of(IkeSuite suite) {
        return new KeyExchangeSeries(suite.keyExchange(), suite.additional());
    }
}
