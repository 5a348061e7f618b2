/// Multiple key exchanges, RFC 9370 and RFC 9242, with ML-KEM: a class per section, a method per
/// claim.
@NullMarked
package dev.postern.ike.rfc9370;

import org.jspecify.annotations.NullMarked;
