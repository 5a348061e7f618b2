/// Claims about EAP by section of its documents, and the named threats:
///
/// | threat | where |
/// |---|---|
/// | T-EAP-1, EAP-SIM and EAP-AKA length fields | does not apply: neither method is spoken; a server that proposes one gets Nak ([dev.postern.eap.Section_5_3_1_Nak]) |
/// | T-EAP-3, AVP lengths of EAP-TTLS | does not apply: the method is not spoken |
/// | T-EAP-4, MSCHAPv2 length fields | [dev.postern.eap.TEap4_MsChapV2LengthFieldsTest] |
/// | T-EAP-5, endless TLS extension, bad ECDH point | TLS is the platform's; a failure of it, with or without an alert, ends the method ([dev.postern.eap.Rfc5216Test]), and its messages are bounded ([dev.postern.eap.Section_2_1_5_Fragmentation]); real handshakes with both in `gateway` |
/// | T-EAP-6, TLS without a proven peer | [dev.postern.eap.Rfc5216Test] here, real handshakes in `gateway` |
/// | T-EAP-7, early Success | [dev.postern.eap.Section_4_2_SuccessAndFailure], and `ike`'s `Section_2_16_Eap` |
/// | T-EAP-8, MSCHAPv2 success without state | [dev.postern.eap.TEap8_MsChapV2OutOfTurnTest] |
///
/// T-EAP-2, length fields of RADIUS, is a matter of the module that speaks RADIUS.
@NullMarked
package dev.postern.eap;

import org.jspecify.annotations.NullMarked;
