/// Vouchers: what a gateway has signed beforehand about those that may stand in for it (failover
/// profile, "Hot standby"; draft-zhang-ipsecme-distributed-redundancy-00 section 5).
///
///     gateway A   signs: "gw-b.example at 192.0.2.2 may serve my clients until noon"  --> the cluster
///     A is lost   gateway B --> client: SK{ N(GATEWAY_SWITCH), N(FAILOVER_COUNT), N(GATEWAY_VOUCHER)+ }
///     client      Ask.VerifyVouchers --> Answer.VouchersRead --> VoucherChain.judge --> Trusted, or why not
///
/// Tokens and signatures are for whoever answers the question; a
/// [dev.postern.ike.voucher.SignedVoucher] says who signed what. Whether that signer is one that the
/// client knows, and what follows, is decided here, by values.
@NullMarked
package dev.postern.ike.voucher;

import org.jspecify.annotations.NullMarked;
