/// Protection against denial of service, RFC 8019: a class per section, a method per claim.
@NullMarked
package dev.postern.ike.rfc8019;

import org.jspecify.annotations.NullMarked;
