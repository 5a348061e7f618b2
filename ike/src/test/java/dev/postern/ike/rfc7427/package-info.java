/// Authentication by certificates and signatures: RFC 7427, RFC 7296 section 2.15, RFC 4945.
@NullMarked
package dev.postern.ike.rfc7427;

import org.jspecify.annotations.NullMarked;
