/// Vouchers as tokens: JWTs of the type `postern-gateway-voucher+jwt` (RFC 7519, RFC 8725), on the
/// library nimbus-jose-jwt.
///
///     {"typ": "postern-gateway-voucher+jwt", "alg": "ES256", "x5c": [...]}     or "jwk" in place of "x5c"
///     {"iss": "fqdn:gw-a.example", "sub": "fqdn:gw-b.example", "aud": "vpn.example", "gw": "AQTAAAIC",
///      "cnf": {"jkt": "...", "x5t#S256": "..."}, "iat": 1767225600, "nbf": 1767225300, "exp": 1767312000, "jti": "..."}
///
/// A token carries the key that it verifies under; [dev.postern.voucher.VoucherReader] says which that is, and whoever asked
/// whether it is to be trusted ([dev.postern.ike.voucher.VoucherChain]). The algorithm follows from the key and from nothing else.
/// Pure: instants and randomness come in as values.
@NullMarked
package dev.postern.voucher;

import org.jspecify.annotations.NullMarked;
