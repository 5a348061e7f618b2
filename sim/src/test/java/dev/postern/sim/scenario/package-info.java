/// The drafts' own stories, told with [dev.postern.sim.Scenario].
@NullMarked
package dev.postern.sim.scenario;

import org.jspecify.annotations.NullMarked;
