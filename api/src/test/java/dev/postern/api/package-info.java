/// The interface for applications: its events, its refusals, and the worked example with real
/// processes.
@NullMarked
package dev.postern.api;

import org.jspecify.annotations.NullMarked;
