/// IKE fragmentation, RFC 7383: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc7383;

import org.jspecify.annotations.NullMarked;
