/// Childless initiation, RFC 6023: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc6023;

import org.jspecify.annotations.NullMarked;
