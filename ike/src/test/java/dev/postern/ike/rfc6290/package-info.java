/// Quick crash detection, RFC 6290: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc6290;

import org.jspecify.annotations.NullMarked;
