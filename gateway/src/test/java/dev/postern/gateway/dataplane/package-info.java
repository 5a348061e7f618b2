@NullMarked
package dev.postern.gateway.dataplane;

import org.jspecify.annotations.NullMarked;
