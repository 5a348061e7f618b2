/// What keeps strangers cheap, by itself.
@NullMarked
package dev.postern.ike.guard;

import org.jspecify.annotations.NullMarked;
