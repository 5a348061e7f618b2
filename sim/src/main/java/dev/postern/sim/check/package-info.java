/// The claims about every run, one file each. Keys are known from the key log, which every
/// simulated endpoint writes; what was sealed is read from the datagrams. Nothing in production
/// code helps.
@NullMarked
package dev.postern.sim.check;

import org.jspecify.annotations.NullMarked;
