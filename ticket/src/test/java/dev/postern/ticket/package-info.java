@NullMarked
package dev.postern.ticket;

import org.jspecify.annotations.NullMarked;
