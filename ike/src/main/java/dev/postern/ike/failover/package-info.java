/// The client's decision to move: which gateway, by which exchange, and when.
@NullMarked
package dev.postern.ike.failover;

import org.jspecify.annotations.NullMarked;
