/// Claims about EAP-only authentication, by section of RFC 5998.
@NullMarked
package dev.postern.ike.rfc5998;

import org.jspecify.annotations.NullMarked;
