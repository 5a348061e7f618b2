@NullMarked
package dev.postern.ike;

import org.jspecify.annotations.NullMarked;
