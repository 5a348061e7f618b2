@NullMarked
package dev.postern.gateway.aaa;

import org.jspecify.annotations.NullMarked;
