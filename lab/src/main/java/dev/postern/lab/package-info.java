@NullMarked
package dev.postern.lab;

import org.jspecify.annotations.NullMarked;
