/// Dynamic authorization, as far as the control plane carries it out.
@NullMarked
package dev.postern.ike.rfc5176;

import org.jspecify.annotations.NullMarked;
