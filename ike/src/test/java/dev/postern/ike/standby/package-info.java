/// Snapshots of IKE SAs as octets.
@NullMarked
package dev.postern.ike.standby;

import org.jspecify.annotations.NullMarked;
