/// OCSP within IKEv2, RFC 4806: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc4806;

import org.jspecify.annotations.NullMarked;
