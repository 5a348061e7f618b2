@NullMarked
package dev.postern.crypto;

import org.jspecify.annotations.NullMarked;
