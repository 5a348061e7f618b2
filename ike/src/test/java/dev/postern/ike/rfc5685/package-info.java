/// Redirection, RFC 5685: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc5685;

import org.jspecify.annotations.NullMarked;
