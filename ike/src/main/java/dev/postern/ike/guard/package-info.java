/// What keeps strangers cheap: cookies and limits on half-open state.
@NullMarked
package dev.postern.ike.guard;

import org.jspecify.annotations.NullMarked;
