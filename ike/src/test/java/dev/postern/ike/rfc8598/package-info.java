/// Split DNS by configuration payload.
@NullMarked
package dev.postern.ike.rfc8598;

import org.jspecify.annotations.NullMarked;
