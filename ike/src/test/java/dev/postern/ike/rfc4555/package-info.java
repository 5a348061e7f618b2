/// MOBIKE, RFC 4555: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc4555;

import org.jspecify.annotations.NullMarked;
