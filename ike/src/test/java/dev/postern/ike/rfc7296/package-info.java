/// RFC 7296, IKEv2, claim by claim: a class per section.
@NullMarked
package dev.postern.ike.rfc7296;

import org.jspecify.annotations.NullMarked;
