/// The failover profile, the 1-RTT resume, claim by claim.
@NullMarked
package dev.postern.ike.profile;

import org.jspecify.annotations.NullMarked;
