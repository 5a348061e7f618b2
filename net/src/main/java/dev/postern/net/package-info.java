@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
