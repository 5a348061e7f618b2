/// One file per exchange and role. An exchange judges a message first and changes state once, when
/// it has a proof.
@NullMarked
package dev.postern.ike.exchange;

import org.jspecify.annotations.NullMarked;
