/// Tests of the session store.
@NullMarked
package dev.postern.gateway.store;

import org.jspecify.annotations.NullMarked;
