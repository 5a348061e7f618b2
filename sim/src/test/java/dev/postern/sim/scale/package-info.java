/// The scale model against the simulator, and its page.
@NullMarked
package dev.postern.sim.scale;

import org.jspecify.annotations.NullMarked;
