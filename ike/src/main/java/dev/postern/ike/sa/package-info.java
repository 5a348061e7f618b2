/// What an IKE SA is made of: keys, protection of messages, windows, timers, the session hash.
@NullMarked
package dev.postern.ike.sa;

import org.jspecify.annotations.NullMarked;
