/// RFC 5723, session resumption in two round trips, claim by claim.
@NullMarked
package dev.postern.ike.rfc5723;

import org.jspecify.annotations.NullMarked;
