package dev.postern.ike.exchange;

import java.util.Arrays;

/// The SA that the peer's request has made while ours for the same old SA was under way, RFC 7296
/// sections 2.8.1 and 2.8.2: of the two new SAs the one that was made with the lowest of the four
/// nonces is redundant, and whoever created it closes it.
///
/// @param sa what was created
/// @param lowestNonce the lower nonce of the exchange that created it
record Rival<S>(S sa, byte[] lowestNonce) {
    static <S> Rival<S> of(S sa, byte[] ni, byte[] nr) {
        return new Rival<>(sa, lower(ni, nr));
    }

    /// Whether this SA survives, and the one that we made with these nonces is redundant.
    boolean survives(byte[] ni, byte[] nr) {
        return Arrays.compareUnsigned(lower(ni, nr), lowestNonce) < 0;
    }

    /// Octet by octet; of two that are equal as far as the shorter reaches, the shorter is lower.
    private static byte[] lower(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
    }
}
