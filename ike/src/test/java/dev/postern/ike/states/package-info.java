/// The table of IKE SA states against inputs, docs/states.md, made by running an endpoint in each
/// state against each input.
@NullMarked
package dev.postern.ike.states;

import org.jspecify.annotations.NullMarked;
