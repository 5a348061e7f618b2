@NullMarked
package dev.postern.rules;

import org.jspecify.annotations.NullMarked;
