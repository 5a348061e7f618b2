/// Repeated authentication, RFC 4478: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc4478;

import org.jspecify.annotations.NullMarked;
