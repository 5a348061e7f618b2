@NullMarked
package dev.postern.esp;

import org.jspecify.annotations.NullMarked;
