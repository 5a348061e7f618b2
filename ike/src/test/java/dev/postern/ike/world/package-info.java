/// Endpoints on a virtual wire, under a virtual clock that jumps to the next deadline: the fixture
/// of the tests.
@NullMarked
package dev.postern.ike.world;

import org.jspecify.annotations.NullMarked;
