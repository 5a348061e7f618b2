/// Octets and orders that no peer should send.
@NullMarked
package dev.postern.ike.robustness;

import org.jspecify.annotations.NullMarked;
