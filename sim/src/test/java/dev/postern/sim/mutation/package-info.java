/// Mutated builds: production classes with one method changed as they are loaded, so that each
/// checker is seen to fail. Production code has no switches for this.
@NullMarked
package dev.postern.sim.mutation;

import org.jspecify.annotations.NullMarked;
