/// Post-quantum pre-shared keys, RFC 8784: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc8784;

import org.jspecify.annotations.NullMarked;
