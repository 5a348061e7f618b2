package dev.postern.ike.voucher;

import dev.postern.wire.Octets;

/// A voucher whose signature verifies under the key that its token carries. Nothing says yet that
/// this key is anybody's whom we trust: [VoucherChain] does.
///
/// @param signerKey SHA-256 thumbprint (RFC 7638) of that key
/// @param signerCertificate SHA-256 of the certificate that the token carries for it; empty for
///   none
public record SignedVoucher(Octets signerKey, Octets signerCertificate, Voucher voucher) {}
